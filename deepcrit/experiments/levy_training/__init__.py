"""qu2022, Fig. 6: networks of ten layers trained on MNIST from stable weights.

Needs torch in :mod:`loop` alone.
"""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "qu2022_fig6",
        "Training from stable weights",
        ["fig6"],
        {
            "outcomes": "levy_training/levy_outcomes",
            "intervals": "levy_training/levy_intervals",
            "landmarks": "levy_training/trained_landmarks",
        },
        lambda plan: {**plan.config["levy_training"], "protocol": plan.levy_training.label()},
    ),
)
