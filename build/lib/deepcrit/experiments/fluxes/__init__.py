"""liu2025, Fig. 3: how fast losses and weights flow, against iterations, size and mobility."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "liu2025_fig3",
        "Fluxes of losses and weights",
        ["fig3"],
        {
            "fluxes": "fluxes/fluxes",
            "slopes": "fluxes/flux_slopes",
            "followed": "fluxes/flux_trajectories",
            "branches": "fluxes/flux_branches",
        },
        lambda plan: plan.config["fluxes"],
    ),
)
