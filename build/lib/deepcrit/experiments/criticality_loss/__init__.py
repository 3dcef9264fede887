"""vock2025, Fig. 4: training with a penalty on the distance to criticality, the criticality loss.

Needs torch, except for :mod:`design`, :mod:`outcomes`, :mod:`comparisons` and :mod:`mixed`.
"""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "vock2025_fig4",
        "A loss that keeps networks critical",
        ["fig4", "tableS6"],
        {name: f"criticality_loss/criticality_{name}" for name in ("curves", "means", "tests", "scan", "effects")},
        lambda plan: plan.config["criticality_loss"],
    ),
)
