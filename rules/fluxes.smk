# In: training runs, one iteration apart, and MNIST. Out: fluxes of losses and weights, against iterations, size, mobility.


use rule torch as measure_fluxes with:
    """Measure fluxes of losses and weights of the networks of one shard of training runs."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots="results/sgd_runs/shards/{shard}.snapshots.parquet",
        mnist=MNIST_FILES,
    output:
        fluxes="results/fluxes/shards/{shard}.parquet",
    pathvars:
        job="measure_fluxes/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_fluxes"),
        runtime=plan.minutes("measure_fluxes"),
    params:
        **job("fluxes/measure_fluxes"),
        **select_keys(config["fluxes"], "images", "bins"),
        steps=plan.fluxes.steps(),


use rule numerics as relate_fluxes with:
    """Put the fluxes of all shards together, and relate them to iterations, size and mobility."""
    input:
        outcomes="results/sgd_runs/run_outcomes.tsv",
        parts=plan.fluxes.parts(),
    output:
        fluxes="results/fluxes/fluxes.tsv",
        slopes="results/fluxes/flux_slopes.tsv",
        shifts="results/fluxes/flux_shifts.tsv",
        branches="results/fluxes/flux_branches.tsv",
    pathvars:
        job="relate_fluxes",
    localrule: True
    params:
        **job("fluxes/relate_fluxes"),
        early=config["fluxes"]["early"],


use rule torch as follow_losses with:
    """Follow losses of images and weights of one network, one by one."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots=plan.sgd_runs.parts("snapshots"),
        mnist=MNIST_FILES,
    output:
        followed="results/fluxes/flux_trajectories.tsv",
    pathvars:
        job="follow_losses",
    resources:
        mem_mb=plan.megabytes("follow_losses"),
        runtime=plan.minutes("follow_losses"),
    params:
        **job("fluxes/follow_losses"),
        kept=config["sgd_runs"]["samples"]["terminal"]["iterations"],
        trajectories=config["fluxes"]["trajectories"],
        seed=config["seed"],
