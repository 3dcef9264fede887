"""liu2025, Fig. 5: critical computational graphs, the few edges by which a network tells one digit from the others."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "liu2025_fig5",
        "Critical computational graphs",
        ["fig5", "sec42"],
        {
            "graphs": "task_subgraphs/task_subgraphs",
            "families": "task_subgraphs/subgraph_families",
            "edges": "task_subgraphs/subgraph_edges",
            "pixels": "task_subgraphs/subgraph_pixels",
            "couplings": "task_subgraphs/coupling_costs",
            "ageings": "task_subgraphs/coupling_ageing",
            "laws": "task_subgraphs/subgraph_laws",
            "summary": "task_subgraphs/subgraph_summary",
            "runs": "sgd_runs/run_outcomes",
        },
        lambda plan: plan.config["task_subgraphs"],
    ),
)
