# In: a plane of alpha and g, and MNIST. Out: networks trained from stable weights at every point, and Jacobians of them.


use rule numerics as design_stable with:
    """List the networks that are trained from stable weights, with their seeds."""
    output:
        manifest="results/levy_training/levy_manifest.tsv",
    pathvars:
        job="design_stable",
    localrule: True
    params:
        **job("levy_training/design_stable"),
        design=plan.levy_training.design(),
        seed=config["seed"],


use rule torch as train_stable with:
    """Train the networks of one shard from stable weights, with a checkpoint after every test, and keep Jacobians."""
    input:
        manifest="results/levy_training/levy_manifest.tsv",
        mnist=MNIST_FILES,
    output:
        history="results/levy_training/shards/{shard}.parquet",
        snapshots="results/levy_training/snapshots/{shard}.parquet",
    pathvars:
        job="train_stable/{shard}",
    retries: 2
    resources:
        mem_mb=plan.megabytes("train_stable"),
        runtime=plan.minutes("train_stable"),
    params:
        **job("levy_training/train_stable"),
        device=config["execution"]["device"],
        shards=plan.levy_training.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints="results/levy_training/checkpoints",
        settings=plan.levy_training.settings(),
        seed=config["seed"],


use rule numerics as merge_stable with:
    """Put the histories of all shards back in order, and keep what every network came to and which gains train."""
    input:
        manifest="results/levy_training/levy_manifest.tsv",
        shards=plan.levy_training.histories(),
    output:
        history="results/levy_training/levy_history.tsv",
        outcomes="results/levy_training/levy_outcomes.tsv",
        intervals="results/levy_training/levy_intervals.tsv",
        landmarks="results/levy_training/trained_landmarks.tsv",
    pathvars:
        job="merge_stable",
    localrule: True
    params:
        **job("levy_training/merge_stable"),
        **select_keys(config["levy_training"], "goal", "test_images"),
        published_epochs=plan.levy_training.published_epochs(),
        protocol=plan.levy_training.label(),
