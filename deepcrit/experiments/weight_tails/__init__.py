"""qu2022, Fig. 1a to 1c: how heavy-tailed weights of trained networks are, beside Gaussian ones of their sizes."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "qu2022_fig1ac",
        "Weights of trained networks",
        ["fig1.n_matrices", "fig1a", "fig1b", "fig1.frac_shapiro", "fig1.ks_ratio", "fig1c"],
        {
            "histogram": "weight_tails/weight_histogram",
            "example": "weight_tails/weight_example",
            "tensors": "weight_tails/weight_tensors",
            "networks": "weight_tails/weight_networks",
            "shares": "weight_tails/weight_shares",
            "band": "weight_tails/weight_band",
        },
        lambda plan: plan.weight_tails.figure_parameters(),
        published=True,
    ),
)
