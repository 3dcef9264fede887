"""qu2022, not in the paper: do heavy-tailed networks crackle? Avalanches along and across their ordered line."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "qu2022_avalanches",
        "Avalanches in heavy-tailed networks",
        [],
        {
            "exponents": "levy_avalanches/levy_exponents",
            "curves": "levy_avalanches/levy_curves",
        },
        lambda plan: select_keys(
            plan.config["levy_avalanches"], "depth", "input_strength", "fits", "relative_gains", "widths"
        ),
    ),
)
