# In: MNIST. Out: tail index and scale of the weights of fully connected networks after every epoch, and where they
# change, for Fig. 1d to 1f of qu2022.


use rule numerics as list_tail_runs with:
    """List the networks whose weights are followed, with their seeds."""
    output:
        runs="results/tail_training/tail_runs.tsv",
    pathvars:
        job="list_tail_runs",
    localrule: True
    params:
        **job("tail_training/list_tail_runs"),
        **select_keys(config["tail_training"], "learning_rates", "replicates"),
        seed=config["seed"],


use rule torch as train_tails with:
    """Train the networks of one shard, and fit their weights after every epoch, with a checkpoint after each."""
    input:
        runs="results/tail_training/tail_runs.tsv",
        mnist=MNIST_FILES,
    output:
        history="results/tail_training/shards/{shard}.tail_history.parquet",
        histogram="results/tail_training/shards/{shard}.tail_histogram.parquet",
    pathvars:
        job="train_tails/{shard}",
    retries: 2
    resources:
        mem_mb=plan.megabytes("train_tails"),
        runtime=plan.minutes("train_tails"),
    params:
        **job("tail_training/train_tails"),
        device=config["execution"]["device"],
        shards=plan.tail_training.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints="results/tail_training/checkpoints",
        how=plan.tail_training.how(),
        seed=config["seed"],


use rule numerics as find_changes with:
    """Put the histories of all shards in order, and find where tails and scales change."""
    input:
        runs="results/tail_training/tail_runs.tsv",
        parts=plan.tail_training.parts("tail_history"),
        shown=plan.tail_training.parts("tail_histogram"),
    output:
        history="results/tail_training/tail_history.tsv",
        histogram="results/tail_training/tail_histogram.tsv",
        changes="results/tail_training/tail_changes.tsv",
        statistics="results/tail_training/tail_statistics.tsv",
    pathvars:
        job="find_changes",
    localrule: True
    params:
        **job("tail_training/find_changes"),
        judged=plan.tail_training.judged(),
