# In: variances of weights and biases. Out: mean avalanche sizes over the plane and their derivatives by the weight
# variance, for Fig. 3d and 3e of ghavasieh2025, and how far exponents are from the crackling-noise relation.


use rule numerics as simulate_plane with:
    """Simulate the points of one shard of the plane of weight and bias variance."""
    output:
        blocks="results/susceptibility/{network}/shards/{shard}.plane_blocks.parquet",
        avalanches="results/susceptibility/{network}/shards/{shard}.plane_avalanches.parquet",
    pathvars:
        job="simulate_plane/{network}_{shard}",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=plan.minutes("simulate_plane"),
    params:
        **select_keys(config["susceptibility"], "blocks", "launched_per_block"),
        **job("susceptibility/simulate_plane"),
        grid=plan.susceptibility.grid,
        network=plan.susceptibility.network,
        shards=plan.susceptibility.shards,
        seed=config["seed"],


use rule numerics as solve_plane with:
    """Exact mean sizes at the points of one shard of the plane, and their exact derivatives by the weight variance."""
    output:
        table="results/susceptibility/{network}/shards/{shard}.exact_plane.tsv",
    pathvars:
        job="solve_plane/{network}_{shard}",
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=plan.minutes("solve_plane"),
    params:
        **job("susceptibility/solve_plane"),
        derivative_step=config["susceptibility"]["derivative_step"],
        grid=plan.susceptibility.grid,
        network=plan.susceptibility.network,
        shards=plan.susceptibility.shards,


use rule numerics as average_sizes with:
    """Mean avalanche size at every point of the plane, simulated and exact, by each way of counting."""
    input:
        blocks=plan.susceptibility.parts("plane_blocks.parquet"),
        exact=plan.susceptibility.parts("exact_plane.tsv"),
    output:
        table="results/susceptibility/size_plane.tsv",
    pathvars:
        job="average_sizes",
    params:
        **select_keys(config["susceptibility"], "confidence", "minimum_avalanches"),
        **job("susceptibility/average_sizes"),


use rule numerics as differentiate_sizes with:
    """Derivative of the mean avalanche size by the weight variance at every point of the plane."""
    input:
        plane="results/susceptibility/size_plane.tsv",
        exact=plan.susceptibility.parts("exact_plane.tsv"),
    output:
        table="results/susceptibility/derivatives.tsv",
    pathvars:
        job="differentiate_sizes",
    params:
        **select_keys(config["susceptibility"], "activation", "confidence"),
        **job("susceptibility/differentiate_sizes"),
        bandwidths=plan.susceptibility.bandwidths(),


use rule numerics as check_derivatives with:
    """Bias and noise of derivatives on known functions: naive differences and local regression over bandwidths."""
    input:
        plane="results/susceptibility/size_plane.tsv",
        exact=plan.susceptibility.parts("exact_plane.tsv"),
    output:
        table="results/susceptibility/derivative_check.tsv",
    pathvars:
        job="check_derivatives",
    params:
        **select_keys(config["susceptibility"], "bandwidths_checked", "confidence"),
        **job("susceptibility/check_derivatives"),
        bandwidths=plan.susceptibility.bandwidths(),


use rule numerics as compare_with_field with:
    """Hold mean avalanche sizes and their derivatives against signals in infinitely wide networks."""
    input:
        plane="results/susceptibility/size_plane.tsv",
        exact=plan.susceptibility.parts("exact_plane.tsv"),
        blocks=plan.susceptibility.parts("plane_blocks.parquet"),
    output:
        table="results/susceptibility/size_against_field.tsv",
    pathvars:
        job="compare_with_field",
    params:
        **job("susceptibility/compare_with_field"),
        activation=config["susceptibility"]["activation"],
        settings=select_keys(config["susceptibility"], "peak_step", "bootstrap_replicates", "confidence"),
        bandwidths=plan.susceptibility.bandwidths(),
        seed=config["seed"],


use rule numerics as fit_mismatch with:
    """How far exponents at every point of the plane are from the crackling-noise relation."""
    input:
        avalanches=plan.susceptibility.parts("plane_avalanches.parquet"),
        blocks=plan.susceptibility.parts("plane_blocks.parquet"),
    output:
        table="results/susceptibility/mismatch.tsv",
    pathvars:
        job="fit_mismatch",
    resources:
        mem_mb=plan.megabytes("fit_mismatch"),
        runtime=scaled_by_attempt(60),
    params:
        **select_keys(config["susceptibility"], "mismatch", "minimum_avalanches", "bootstrap_replicates", "confidence"),
        **job("susceptibility/fit_mismatch"),
        seed=config["seed"],


use rule numerics as check_radial with:
    """Hold mean sizes of the annealed chain, which is exact, and of the radial chain against those of the exact law."""
    output:
        table="results/susceptibility/sampler_check.tsv",
    pathvars:
        job="check_radial",
    params:
        **select_keys(
            config["susceptibility"], "annealed", "activation", "input_strength", "minimum_avalanches", "confidence"
        ),
        **job("susceptibility/check_radial"),
        networks=plan.susceptibility.shapes(),
        seed=config["seed"],
