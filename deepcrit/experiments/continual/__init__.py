"""vock2025, Fig. 5: networks that learn one task after another, by backpropagation, by continual backpropagation, and
with the criticality loss.

Training needs torch: import ``networks``, ``replacement`` and ``loop`` from rules of training alone.
"""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "vock2025_fig5",
        "One task after another",
        ["fig5", "tableS7"],
        {name: f"continual/continual_{name}" for name in ("bins", "tasks", "statistics")},
        lambda plan: plan.continual.figure_parameters(),
        published=True,
    ),
)
