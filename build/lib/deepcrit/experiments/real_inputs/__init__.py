"""ghavasieh2025: images and Gaussian inputs."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_real_inputs",
        "Images and Gaussian inputs",
        ["inputs"],
        {
            "survival": "real_inputs/input_survival",
            "independence": "real_inputs/input_independence",
            "offsets": "real_inputs/derived_offsets",
        },
        lambda plan: {
            **select_keys(plan.config["real_inputs"], "width", "input_strength", "networks_sharing_inputs"),
            "levy_alpha": plan.config["real_inputs"]["cases"]["levy"]["levy_alpha"],
        },
    ),
)
