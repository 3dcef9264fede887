# In: widths, rates and batches, and MNIST. Out: networks trained on digits, as they were at given iterations.


use rule numerics as list_sgd_runs with:
    """List the networks of all samples, with their seeds."""
    output:
        runs="results/sgd_runs/runs.tsv",
    pathvars:
        job="list_sgd_runs",
    localrule: True
    params:
        **job("sgd_runs/list_sgd_runs"),
        settings=config["sgd_runs"],
        seed=config["seed"],


# no retries of its own, so that --retries says how often a job that exceeds a time limit goes on
use rule torch as train_sgd_runs with:
    """Train the networks of one shard, and keep them as they are at given iterations."""
    input:
        runs="results/sgd_runs/runs.tsv",
        mnist=MNIST_FILES,
    output:
        history="results/sgd_runs/shards/{shard}.history.parquet",
        snapshots="results/sgd_runs/shards/{shard}.snapshots.parquet",
    pathvars:
        job="train_sgd_runs/{shard}",
    resources:
        mem_mb=plan.megabytes("train_sgd_runs"),
        runtime=plan.minutes("train_sgd_runs"),
    params:
        **job("sgd_runs/train_sgd_runs"),
        device=config["execution"]["device"],
        shards=plan.sgd_runs.shards,
        checkpoints="results/sgd_runs/checkpoints",
        kept=plan.sgd_runs.kept(),
        images=config["sgd_runs"]["images"],
        seed=config["seed"],


use rule numerics as merge_sgd_runs with:
    """Put the histories of all shards back in the order of the runs, and keep what every network came to."""
    input:
        runs="results/sgd_runs/runs.tsv",
        shards=plan.sgd_runs.parts("history"),
    output:
        history="results/sgd_runs/run_history.tsv",
        outcomes="results/sgd_runs/run_outcomes.tsv",
    pathvars:
        job="merge_sgd_runs",
    localrule: True
    params:
        **job("sgd_runs/merge_sgd_runs"),
