"""ghavasieh2025: images and Gaussian inputs."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_real_inputs",
        "Images and Gaussian inputs",
        ["inputs"],
        {name: f"real_inputs/{name}" for name in ("survival", "independence", "offsets")},
        lambda plan: {
            **select_keys(plan.config["real_inputs"], "width", "input_strength", "networks_sharing_inputs"),
            "levy_alpha": plan.config["real_inputs"]["cases"]["levy"]["levy_alpha"],
        },
    ),
)
