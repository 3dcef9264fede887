"""liu2025, Fig. 4: tails of correlations, weights, their trajectories and gradients, and a model of redistribution."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "liu2025_fig4",
        "Heavy tails of weights and gradients",
        ["fig4", "sec25.diffusion", "sec25.flux_barrier"],
        {
            "curves": "weight_statistics/statistic_curves",
            "statistics": "weight_statistics/network_statistics",
            "summary": "weight_statistics/statistics_summary",
            "redistributed": "weight_statistics/redistributed_weights",
            "fits": "weight_statistics/redistribution_fits",
            "relation": "weight_statistics/redistribution_relation",
            "runs": "sgd_runs/run_outcomes",
        },
        lambda plan: plan.config["weight_statistics"],
    ),
)
