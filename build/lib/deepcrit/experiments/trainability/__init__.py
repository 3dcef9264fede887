"""ghavasieh2025, Fig. 3c and 3f: where in the plane networks train."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_fig3cf",
        "Where networks train",
        ["fig3c", "fig3f"],
        {
            "outcomes": "trainability/outcomes",
            "windows": "trainability/windows",
            "trends": "trainability/rank_correlations",
        },
        lambda plan: plan.config["trainability"],
    ),
)
