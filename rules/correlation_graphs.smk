# In: training runs, and MNIST. Out: correlations of neurons as they learn, graphs of strong ones, and their laws.


use rule torch as measure_graphs with:
    """Measure correlations and graphs of the networks of one shard of training runs."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots="results/sgd_runs/shards/{shard}.snapshots.parquet",
        mnist=MNIST_FILES,
    output:
        correlations="results/correlation_graphs/shards/{shard}.correlations.parquet",
        graphs="results/correlation_graphs/shards/{shard}.graphs.parquet",
        histograms="results/correlation_graphs/shards/{shard}.histograms.parquet",
    pathvars:
        job="measure_graphs/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_graphs"),
        runtime=plan.minutes("measure_graphs"),
    params:
        **job("correlation_graphs/measure_graphs"),
        kept=plan.correlation_graphs.measured(),
        settings=select_keys(
            config["correlation_graphs"],
            "images",
            "threshold",
            "thresholds",
            "transition",
            "random_batches",
            "most_cliques",
        ),
        seed=config["seed"],


use rule numerics as summarise_graphs with:
    """Put the measures of all shards together, and relate them to iterations, sizes, rates and batches."""
    input:
        outcomes="results/sgd_runs/run_outcomes.tsv",
        run_history="results/sgd_runs/run_history.tsv",
        correlation_parts=plan.correlation_graphs.parts("correlations"),
        graph_parts=plan.correlation_graphs.parts("graphs"),
        histogram_parts=plan.correlation_graphs.parts("histograms"),
    output:
        correlations="results/correlation_graphs/correlation_measures.tsv",
        graphs="results/correlation_graphs/graph_measures.tsv",
        histograms="results/correlation_graphs/graph_histograms.tsv",
        transition_table="results/correlation_graphs/transition.tsv",
        slopes="results/correlation_graphs/size_slopes.tsv",
        laws="results/correlation_graphs/graph_laws.tsv",
        trends="results/correlation_graphs/rank_correlations.tsv",
    pathvars:
        job="summarise_graphs",
    resources:
        mem_mb=plan.megabytes("summarise_graphs"),
        runtime=plan.minutes("summarise_graphs"),
    params:
        **job("correlation_graphs/summarise_graphs"),
        settings=select_keys(config["correlation_graphs"], "threshold", "transition", "bootstrap_replicates"),
        seed=config["seed"],


use rule torch as order_neurons with:
    """Order the neurons of one network by its end, and tell their activities and correlations at some iterations."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots=plan.sgd_runs.parts("snapshots"),
        mnist=MNIST_FILES,
    output:
        activities="results/correlation_graphs/ordered_activities.tsv",
        pairs="results/correlation_graphs/ordered_correlations.tsv",
    pathvars:
        job="order_neurons",
    resources:
        mem_mb=plan.megabytes("order_neurons"),
        runtime=plan.minutes("order_neurons"),
    params:
        **job("correlation_graphs/order_neurons"),
        images=config["correlation_graphs"]["images"],
