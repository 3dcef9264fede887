# In: grids of weight and bias variance, and MNIST. Out: networks trained at every point, and where they train.


use rule numerics as initialise_training with:
    """List the networks of a grid, with their seeds."""
    output:
        manifest="results/trainability/{sample}/manifest.tsv",
    pathvars:
        job="initialise_training/{sample}",
    wildcard_constraints:
        sample="plane|widths",
    localrule: True
    params:
        **job("trainability/initialise_training"),
        grid=plan.trainability.grid,
        seed=config["seed"],


use rule numerics as choose_retests with:
    """Choose, at every width, some networks that missed the goal, to be trained longer from their first parameters."""
    input:
        manifest="results/trainability/widths/manifest.tsv",
        outcomes="results/trainability/widths/outcomes.tsv",
    output:
        retests="results/trainability/retests/manifest.tsv",
    pathvars:
        job="choose_retests",
    localrule: True
    params:
        **job("trainability/choose_retests"),
        per_width=config["trainability"]["widths"]["retested_per_width"],


use rule torch as train_networks with:
    """Train the networks of one shard, some at a time, with a checkpoint after every epoch."""
    input:
        manifest="results/trainability/{sample}/manifest.tsv",
        mnist=MNIST_FILES,
    output:
        history="results/trainability/{sample}/shards/{shard}.parquet",
    pathvars:
        job="train_networks/{sample}_{shard}",
    wildcard_constraints:
        sample="plane|widths|retests",
    retries: 2
    resources:
        mem_mb=plan.megabytes("train_networks"),
        runtime=plan.minutes("train_networks"),
    params:
        **job("trainability/train_networks"),
        device=config["execution"]["device"],
        shards=plan.trainability.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints="results/trainability/{sample}/checkpoints",
        settings=plan.trainability.training_keys,
        seed=config["seed"],


use rule numerics as merge_training with:
    """Put the histories of all shards back in the order of the manifest, and keep what every network came to."""
    input:
        manifest="results/trainability/{sample}/manifest.tsv",
        shards=plan.trainability.histories,
    output:
        history="results/trainability/{sample}/history.tsv",
        outcomes="results/trainability/{sample}/outcomes.tsv",
    pathvars:
        job="merge_training/{sample}",
    wildcard_constraints:
        sample="plane|widths|retests",
    localrule: True
    params:
        **job("trainability/merge_training"),
        training=plan.trainability.training_keys,


use rule numerics as measure_windows with:
    """Which weight variances train at which width and bias variance, and how these windows move."""
    input:
        parts=expand("results/trainability/{sample}/outcomes.tsv", sample=["plane", "widths", "retests"]),
    output:
        outcomes="results/trainability/outcomes.tsv",
        windows="results/trainability/windows.tsv",
        retests="results/trainability/retests.tsv",
        trends="results/trainability/rank_correlations.tsv",
    pathvars:
        job="measure_windows",
    localrule: True
    params:
        **job("trainability/measure_windows"),
        steps={sample: config["trainability"][sample]["weight_variances"]["step"] for sample in ("plane", "widths")},
        trained_accuracy=config["trainability"]["plane"]["trained_accuracy"],
        protocols={sample: plan.trainability.protocol(sample) for sample in ("plane", "widths")},
