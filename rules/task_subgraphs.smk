# In: training runs, and MNIST. Out: critical computational graphs of every digit, what they tell, and their coupling.


use rule torch as find_subgraphs with:
    """Look for the graphs of all digits in the networks of one shard of training runs."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots="results/sgd_runs/shards/{shard}.snapshots.parquet",
        mnist=MNIST_FILES,
    output:
        graphs="results/task_subgraphs/shards/{shard}.graphs.parquet",
        families="results/task_subgraphs/shards/{shard}.families.parquet",
        edges="results/task_subgraphs/shards/{shard}.edges.parquet",
        pixels="results/task_subgraphs/shards/{shard}.pixels.parquet",
        couplings="results/task_subgraphs/shards/{shard}.couplings.parquet",
    pathvars:
        job="find_subgraphs/{shard}",
    resources:
        mem_mb=plan.megabytes("find_subgraphs"),
        runtime=plan.minutes("find_subgraphs"),
    params:
        **job("task_subgraphs/find_subgraphs"),
        searched=plan.task_subgraphs.searched(),
        followed=plan.task_subgraphs.followed(),
        trained_on=config["sgd_runs"]["images"],
        settings=select_keys(
            config["task_subgraphs"],
            "images",
            "growing_images",
            "selectivity",
            "threshold",
            "least_gain",
            "candidates",
            "most_edges",
            "accuracy_losses",
        ),
        seed=config["seed"],


use rule numerics as summarise_subgraphs with:
    """Put the graphs of all shards together, and relate them to sizes, mobilities, digits and iterations."""
    input:
        outcomes="results/sgd_runs/run_outcomes.tsv",
        graph_parts=plan.task_subgraphs.parts("graphs"),
        family_parts=plan.task_subgraphs.parts("families"),
        edge_parts=plan.task_subgraphs.parts("edges"),
        pixel_parts=plan.task_subgraphs.parts("pixels"),
        coupling_parts=plan.task_subgraphs.parts("couplings"),
    output:
        graphs="results/task_subgraphs/task_subgraphs.tsv",
        families="results/task_subgraphs/subgraph_families.tsv",
        edges="results/task_subgraphs/subgraph_edges.tsv",
        pixels="results/task_subgraphs/subgraph_pixels.tsv",
        couplings="results/task_subgraphs/coupling_costs.tsv",
        ageings="results/task_subgraphs/coupling_ageing.tsv",
        laws="results/task_subgraphs/subgraph_laws.tsv",
        summary="results/task_subgraphs/subgraph_summary.tsv",
    pathvars:
        job="summarise_subgraphs",
    resources:
        mem_mb=plan.megabytes("summarise_subgraphs"),
        runtime=plan.minutes("summarise_subgraphs"),
    params:
        **job("task_subgraphs/summarise_subgraphs"),
        accuracy_loss=config["task_subgraphs"]["accuracy_losses"][0],
        bootstrap_replicates=config["task_subgraphs"]["bootstrap_replicates"],
        seed=config["seed"],
