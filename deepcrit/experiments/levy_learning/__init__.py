"""qu2022: training from stable weights held against four predictors by rank correlations."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "qu2022_trainability",
        "Training from stable weights against what predicts it",
        ["fig6a.superior"],
        {
            "points": "levy_learning/levy_points",
            "correlations": "levy_learning/rank_correlations",
            "regions": "levy_learning/levy_regions",
        },
        lambda plan: {
            **select_keys(plan.config["levy_training"], "width"),
            "protocol": plan.levy_training.label(),
        },
    ),
)
