"""liu2025, Fig. 2: losses of single images, landscapes around networks, and where networks converge."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "liu2025_fig2",
        "Loss landscapes and convergence",
        ["fig2", "sec21", "sec24", "disc"],
        {
            "moments": "loss_landscapes/loss_moments",
            "tails": "loss_landscapes/loss_tails",
            "entropies": "loss_landscapes/tilted_entropies",
            "maps": "loss_landscapes/landscape_maps",
            "boundary": "loss_landscapes/convergence_boundary",
            "summary": "loss_landscapes/landscape_summary",
            "runs": "sgd_runs/run_outcomes",
        },
        lambda plan: plan.config["loss_landscapes"],
    ),
)
