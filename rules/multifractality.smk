# In: widths, and Jacobians of trained networks. Out: how far eigenvectors spread, and what that tends to as N grows.


use rule numerics as design_jacobians with:
    """List the random Jacobians whose eigenvectors are measured, with their seeds."""
    output:
        manifest="results/multifractality/jacobian_manifest.tsv",
    pathvars:
        job="design_jacobians",
    localrule: True
    params:
        **job("multifractality/design_jacobians"),
        **config["multifractality"],
        seed=config["seed"],


use rule numerics as measure_random with:
    """Measure the fractal dimensions of the eigenvectors of one shard of random Jacobians."""
    input:
        manifest="results/multifractality/jacobian_manifest.tsv",
    output:
        dimensions="results/multifractality/random/{shard}.parquet",
    pathvars:
        job="measure_random/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_random"),
        runtime=plan.minutes("measure_random"),
    params:
        **job("multifractality/measure_random"),
        shards=plan.multifractality.shards,


use rule numerics as measure_trained with:
    """Measure the fractal dimensions of the eigenvectors of trained networks, from the snapshots of one shard."""
    input:
        manifest="results/levy_training/levy_manifest.tsv",
        snapshots="results/levy_training/snapshots/{shard}.parquet",
    output:
        dimensions="results/multifractality/trained/{shard}.parquet",
    pathvars:
        job="measure_trained/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_trained"),
        runtime=plan.minutes("measure_trained"),
    params:
        **job("multifractality/measure_trained"),


use rule numerics as relate_dimensions with:
    """Average the dimensions of random networks and extrapolate them, and hold those of trained ones against them."""
    input:
        jacobians="results/multifractality/jacobian_manifest.tsv",
        networks="results/levy_training/levy_manifest.tsv",
        random_shards=plan.multifractality.random_shards(),
        trained_shards=plan.multifractality.trained_shards(),
    output:
        random="results/multifractality/random_dimensions.tsv",
        scaling="results/multifractality/dimension_scaling.tsv",
        trained="results/multifractality/trained_dimensions.tsv",
        landmarks="results/multifractality/multifractal_landmarks.tsv",
    pathvars:
        job="relate_dimensions",
    params:
        **job("multifractality/relate_dimensions"),
        protocol=plan.levy_training.label(),
        seed=config["seed"],
