"""vock2025, Fig. 1: deep networks of uniform weights, with their activity, branching and Lyapunov exponents.

Source: Methods, "Deep neural network models".
"""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "vock2025_fig1",
        "The transition in uniform networks",
        ["fig1"],
        {
            "activity": "uniform_networks/layer_activity",
            "sweep": "uniform_networks/coupling_sweep",
            "couplings": "uniform_networks/critical_couplings",
            "fits": "uniform_networks/coupling_fits",
            "responses": "uniform_networks/responses",
            "ranges": "uniform_networks/dynamic_ranges",
        },
        lambda plan: plan.uniform_networks.spec("input_scale", "lanczos_steps"),
    ),
)
