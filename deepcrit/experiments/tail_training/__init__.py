"""qu2022, Fig. 1d to 1f: tail index and scale of the weights of a fully connected network, epoch by epoch."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "qu2022_fig1df",
        "Tails of weights while a network is trained",
        ["fig1d", "fig1e", "fig1f", "fig1.fc5"],
        {
            "histogram": "tail_training/tail_histogram",
            "history": "tail_training/tail_history",
            "changes": "tail_training/tail_changes",
            "statistics": "tail_training/tail_statistics",
        },
        lambda plan: plan.config["tail_training"],
    ),
)
