# In: training runs, their fluxes, and MNIST. Out: tails of weights, trajectories and gradients, connections that are
# critical or redundant, and a model of redistributed connections.


use rule torch as measure_statistics with:
    """Measure the weights, gradients and connections of the networks of one shard of training runs."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots="results/sgd_runs/shards/{shard}.snapshots.parquet",
        mnist=MNIST_FILES,
    output:
        shapes="results/weight_statistics/shards/{shard}.shapes.parquet",
        statistics="results/weight_statistics/shards/{shard}.statistics.parquet",
        curves="results/weight_statistics/shards/{shard}.curves.parquet",
    pathvars:
        job="measure_statistics/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_statistics"),
        runtime=plan.minutes("measure_statistics"),
    params:
        **job("weight_statistics/measure_statistics"),
        settings={
            **select_keys(
                config["weight_statistics"],
                "followed",
                "plane",
                "images",
                "gradient_images",
                "gradient_weights",
                "gradient_iterations",
                "transition",
                "critical",
                "most_values",
                "least_tail",
            ),
            "ends": plan.weight_statistics.ends(),
            "window": plan.weight_statistics.window(),
        },
        seed=config["seed"],


use rule numerics as redistribute_weights with:
    """Simulate the model of redistributed connections at every probability, and fit power laws to its strengths."""
    output:
        weights="results/weight_statistics/redistributed_weights.tsv",
        fits="results/weight_statistics/redistribution_fits.tsv",
        relation="results/weight_statistics/redistribution_relation.tsv",
    pathvars:
        job="redistribute_weights",
    resources:
        mem_mb=plan.megabytes("redistribute_weights"),
        runtime=plan.minutes("redistribute_weights"),
    params:
        **job("weight_statistics/redistribute_weights"),
        settings=config["weight_statistics"]["redistribution"],
        seed=config["seed"],


use rule numerics as summarise_statistics with:
    """Put what was measured of all shards together, and average it over networks."""
    input:
        outcomes="results/sgd_runs/run_outcomes.tsv",
        fluxes="results/fluxes/fluxes.tsv",
        fits="results/weight_statistics/redistribution_fits.tsv",
        shape_parts=plan.weight_statistics.parts("shapes"),
        statistic_parts=plan.weight_statistics.parts("statistics"),
        curve_parts=plan.weight_statistics.parts("curves"),
    output:
        shapes="results/weight_statistics/tail_shapes.tsv",
        statistics="results/weight_statistics/network_statistics.tsv",
        curves="results/weight_statistics/statistic_curves.tsv",
        summary="results/weight_statistics/statistics_summary.tsv",
    pathvars:
        job="summarise_statistics",
    params:
        **job("weight_statistics/summarise_statistics"),
        settings=select_keys(
            config["weight_statistics"], "followed", "plane", "transition", "low_loss", "redistribution"
        ),
        seed=config["seed"],
