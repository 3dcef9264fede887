"""vock2025, Fig. 5: continual learning by backpropagation, with replaced units, and with the criticality loss.

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
