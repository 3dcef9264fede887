"""ghavasieh2025, Fig. 1: signals along the layers, and avalanches of strong inputs."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_fig1",
        "Signals along the layers",
        ["fig1"],
        {
            "paths": "signals/signal_paths",
            "growth_rates": "signals/growth_rates",
            "example": "signals/example_avalanche",
        },
        lambda plan: {"parameters": plan.signals.figure_parameters()},
    ),
    DeclaredFigure(
        "ghavasieh2025_input_strength",
        "Avalanches of strong inputs",
        ["main.large_inputs_dissolve"],
        {"strengths": "signals/input_strengths", "survival": "signals/input_strength_survival"},
        lambda plan: {
            **plan.signals.spec("input_strengths"),
            **select_keys(plan.config["signals"]["input_strengths"], "weight_variance", "launched"),
        },
    ),
)
