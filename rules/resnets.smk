# In: classifiers by name, random or trained, and Gaussian or real images. Out: avalanches of signal strength through
# their operations, and fits to them, for Fig. 4 of ghavasieh2025.


use rule torch as count_layers with:
    """Count the layers of every model, before any long work."""
    output:
        table="results/resnets/depths.tsv",
    pathvars:
        job="count_layers",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(10),
    params:
        **job("resnets/count_layers"),
        models=plan.resnets.models,
        image_size=config["resnets"]["image_size"],
        seed=config["seed"],


use rule torch as download_weights with:
    """Fetch trained weights of one model and verify them."""
    output:
        file="results/data/weights/{model}-{weights}.pth",
    pathvars:
        job="download_weights/{model}-{weights}",
    localrule: True
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(30),
        local_directory=config["trained_weights"]["local_directory"] or "",
        timeout=str(config["trained_weights"]["timeout"]),
    params:
        **job("resnets/download_weights"),


use rule torch as calibrate_layers with:
    """Measure the signal strength of every layer in the calibration blocks of one shard."""
    input:
        "results/resnets/depths.tsv",
        images=plan.resnets.images,
        weights=plan.resnets.weights,
    output:
        table="results/resnets/{case}/{model}/shards/{shard}.layer_moments.parquet",
    pathvars:
        job="calibrate_layers/{case}/{model}_{shard}",
    retries: 2
    resources:
        mem_mb=plan.megabytes("calibrate_layers"),
        runtime=plan.minutes("calibrate_layers"),
    params:
        **job("resnets/calibrate_layers"),
        device=config["execution"]["device"],
        settings=plan.resnets.calibration_keys,
        seed=config["seed"],
        shards=plan.resnets.shard_count("calibration_blocks"),


use rule numerics as merge_calibration with:
    """Merge the strengths of all shards of one sample into means and standard deviations of every layer."""
    input:
        shards=plan.resnets.shards_of("layer_moments", "calibration_blocks"),
    output:
        table="results/resnets/{case}/{model}/calibration.parquet",
    pathvars:
        job="merge_calibration/{case}/{model}",
    params:
        **job("resnets/merge_calibration"),


use rule torch as launch_avalanches with:
    """Launch the blocks of one shard through a model, and record avalanches above its thresholds."""
    input:
        calibration="results/resnets/{case}/{model}/calibration.parquet",
        images=plan.resnets.images,
        weights=plan.resnets.weights,
    output:
        avalanches="results/resnets/{case}/{model}/shards/{shard}.layer_avalanches.parquet",
        launches="results/resnets/{case}/{model}/shards/{shard}.launches.parquet",
    pathvars:
        job="launch_avalanches/{case}/{model}_{shard}",
    retries: 2
    resources:
        mem_mb=plan.megabytes("launch_avalanches"),
        runtime=plan.minutes("launch_avalanches"),
    params:
        **job("resnets/launch_avalanches"),
        device=config["execution"]["device"],
        settings=plan.resnets.launch_keys,
        seed=config["seed"],
        shards=plan.resnets.shard_count("blocks"),


use rule numerics as merge_launches with:
    """Merge the avalanches of all shards of one sample, in block order."""
    input:
        avalanches=plan.resnets.shards_of("layer_avalanches", "blocks"),
        launches=plan.resnets.shards_of("launches", "blocks"),
    output:
        avalanches="results/resnets/{case}/{model}/layer_avalanches.parquet",
        launches="results/resnets/{case}/{model}/launches.parquet",
    pathvars:
        job="merge_launches/{case}/{model}",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(15),
    params:
        **job("resnets/merge_launches"),


use rule numerics as fit_resnets with:
    """Fit the avalanches of every case and model, and bin them for the figure."""
    input:
        depths="results/resnets/depths.tsv",
        avalanches=plan.resnets.at_samples("layer_avalanches"),
        launches=plan.resnets.at_samples("launches"),
    output:
        fits="results/resnets/layer_fits.tsv",
        counts="results/resnets/layer_counts.tsv",
        densities="results/resnets/layer_densities.tsv",
        sizes="results/resnets/layer_sizes.tsv",
    pathvars:
        job="fit_resnets",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(30),
    params:
        **job("resnets/fit_resnets"),
        samples=plan.resnets.samples,
        fits=config["resnets"]["fits"],
        bin_minimum=config["resnets"]["bin_minimum"],
        seed=config["seed"],


use rule numerics as compare_versions with:
    """How far the exponents of two models lie apart, at every multiplier."""
    input:
        fits="results/resnets/layer_fits.tsv",
    output:
        table="results/resnets/version_gaps.tsv",
    pathvars:
        job="compare_versions",
    localrule: True
    params:
        **job("resnets/compare_versions"),


use rule numerics as compare_straightness with:
    """Hold the KS distances of classifiers against that of the widest Gaussian networks of the paper."""
    input:
        fits="results/resnets/layer_fits.tsv",
        exponents="results/gaussian_avalanches/exponents.tsv",
    output:
        table="results/resnets/straightness.tsv",
    pathvars:
        job="compare_straightness",
    localrule: True
    params:
        **job("resnets/compare_straightness"),
