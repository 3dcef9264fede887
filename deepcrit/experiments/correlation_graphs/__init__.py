"""liu2025, Fig. 1: correlations of neurons as they learn, and the graphs of strong ones."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "liu2025_fig1",
        "Graphs of correlated neurons",
        ["fig1"],
        {
            "correlations": "correlation_graphs/correlation_measures",
            "graphs": "correlation_graphs/graph_measures",
            "histograms": "correlation_graphs/graph_histograms",
            "laws": "correlation_graphs/graph_laws",
            "slopes": "correlation_graphs/size_slopes",
            "activities": "correlation_graphs/ordered_activities",
            "pairs": "correlation_graphs/ordered_correlations",
            "runs": "sgd_runs/run_outcomes",
            "history": "sgd_runs/run_history",
        },
        lambda plan: plan.config["correlation_graphs"],
    ),
    DeclaredFigure(
        "liu2025_transition",
        "A transition of learning? Size, shuffled labels and initialisation",
        [],
        {
            "correlations": "correlation_graphs/correlation_measures",
            "graphs": "correlation_graphs/graph_measures",
            "slopes": "correlation_graphs/size_slopes",
            "runs": "sgd_runs/run_outcomes",
        },
        lambda plan: plan.config["correlation_graphs"],
    ),
    DeclaredFigure(
        "liu2025_choices",
        "Verdicts under what the paper leaves open",
        [],
        {"verdicts": "claims/liu2025/choice_verdicts"},
    ),
)
