"""ghavasieh2025, Fig. 4: avalanches in residual networks, module by module."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_fig4",
        "Avalanches in residual networks",
        ["fig4"],
        {name: f"resnets/layer_{name}" for name in ("fits", "counts", "densities", "sizes")},
        lambda plan: plan.resnets.figure_parameters(),
    ),
)
