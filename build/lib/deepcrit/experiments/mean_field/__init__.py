"""ghavasieh2025, Fig. 3a, 3b and 5: infinitely wide networks, and simulated ones of finite width."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_fig3ab",
        "Signal strength and susceptibility",
        ["fig3b", "mf"],
        {
            "plane": "mean_field/plane",
            "closed_forms": "mean_field/closed_forms",
            "finite": "mean_field/finite_width",
        },
        lambda plan: select_keys(
            plan.config["mean_field"], "activation", "weight_variances", "log_bias_variances", "finite_width"
        ),
    ),
    DeclaredFigure(
        "ghavasieh2025_fig5",
        "Widom-like line and edge of chaos",
        ["fig5"],
        {
            "critical_lines": "mean_field/critical_lines",
            "landmarks": "mean_field/landmarks",
            "finite_lines": "mean_field/finite_width_lines",
            "decay": "mean_field/finite_width_decay",
        },
        lambda plan: select_keys(
            plan.config["mean_field"], "activation", "log_bias_variances", "finite_width", "finite_pairs"
        ),
    ),
)
