"""ghavasieh2025, Fig. 3d and 3e: mean avalanche size over the plane of variances, and its derivative."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_fig3de",
        "Mean avalanche size and its response",
        ["fig3d", "fig3e"],
        {
            "plane": "susceptibility/size_plane",
            "derivatives": "susceptibility/derivatives",
            "against_field": "susceptibility/size_against_field",
        },
        lambda plan: plan.susceptibility.figure_parameters(),
    ),
)
