"""ghavasieh2025: accuracy held against dynamics by rank correlations."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_learning",
        "Learning against dynamics",
        ["main"],
        {
            "points": "learning/learning_points",
            "edge": "learning/edge_accuracy",
            "correlations": "learning/rank_correlations",
        },
        lambda plan: select_keys(plan.config["trainability"]["plane"], "width", "depth"),
    ),
)
