# In: trained weights, from torchvision, packages or a directory. Out: how heavy-tailed they are, beside Gaussian ones of
# the same sizes, for Fig. 1a to 1c of qu2022.


use rule torch as list_architectures with:
    """Count the weight tensors of the ten networks from their architectures."""
    output:
        architectures="results/weight_tails/weight_architectures.tsv",
        counts="results/weight_tails/weight_counts.tsv",
    pathvars:
        job="list_architectures",
    params:
        **job("weight_tails/list_architectures"),


use rule torch as measure_tensors with:
    """Fit and test every weight tensor of the networks of a shard, and Gaussian ones of the same sizes."""
    input:
        # opened by their names in the directory
        plan.weight_tails.own_files(),
    output:
        tensors="results/weight_tails/shards/{shard}.weight_tensors.parquet",
        networks="results/weight_tails/shards/{shard}.weight_networks.parquet",
    pathvars:
        job="measure_tensors/{shard}",
    retries: 1
    resources:
        mem_mb=plan.megabytes("measure_tensors"),
        runtime=plan.minutes("measure_tensors"),
    params:
        **job("weight_tails/measure_tensors"),
        settings=plan.weight_tails.measured(),
        cache=WEIGHTS,
        # which weights can be had is part of the result
        local_directory=config["trained_weights"]["local_directory"] or "",
        timeout_seconds=config["trained_weights"]["timeout"],
        seed=config["seed"],
        shards=plan.weight_tails.shards,


use rule numerics as locate_band with:
    """Locate the band of critical scales at which the paper finds trained weights."""
    output:
        band="results/weight_tails/weight_band.tsv",
    pathvars:
        job="locate_band",
    params:
        **job("weight_tails/locate_band"),
        alphas=config["weight_tails"]["band_alphas"],
        gains=config["weight_tails"]["band_gains"],


use rule numerics as share_tensors with:
    """Put the tensors of all shards in one order, and say what share of them is heavy-tailed."""
    input:
        parts=plan.weight_tails.parts("weight_tensors"),
        read=plan.weight_tails.parts("weight_networks"),
        band="results/weight_tails/weight_band.tsv",
    output:
        tensors="results/weight_tails/weight_tensors.tsv",
        networks="results/weight_tails/weight_networks.tsv",
        shares="results/weight_tails/weight_shares.tsv",
    pathvars:
        job="share_tensors",
    localrule: True
    params:
        **job("weight_tails/share_tensors"),
        levels=plan.weight_tails.levels(),


use rule torch as bin_example with:
    """Bin the entries of the tensor that is shown, or of the one that stands in for it, beside both fitted laws."""
    input:
        tensors="results/weight_tails/weight_tensors.tsv",
    output:
        example="results/weight_tails/weight_example.tsv",
        histogram="results/weight_tails/weight_histogram.tsv",
    pathvars:
        job="bin_example",
    localrule: True
    params:
        **job("weight_tails/bin_example"),
        cache=WEIGHTS,
        local_directory=config["trained_weights"]["local_directory"] or "",
        own=config["weight_tails"]["directory"] or "",
        timeout_seconds=config["trained_weights"]["timeout"],
