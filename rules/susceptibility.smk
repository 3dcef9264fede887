# In: variances of weights and biases. Out: mean avalanche sizes over the plane and their derivatives by the weight
# variance, for Fig. 3d and 3e of ghavasieh2025, and how far exponents are from the crackling-noise relation.


rule simulate_plane:
    output:
        blocks=f"{SUSCEPTIBILITY}/{{network}}/shards/{{shard}}.plane_blocks.parquet",
        avalanches=f"{SUSCEPTIBILITY}/{{network}}/shards/{{shard}}.plane_avalanches.parquet",
    log:
        "results/logs/simulate_plane/{network}_{shard}.log",
    benchmark:
        "results/benchmarks/simulate_plane/{network}_{shard}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=plan.minutes("simulate_plane"),
    params:
        **select_keys(config["susceptibility"], "blocks", "launched_per_block"),
        grid=plan.susceptibility.grid,
        network=plan.susceptibility.network,
        shards=plan.susceptibility.shards,
        seed=config["seed"],
        code=code_digest("susceptibility/simulate_plane"),
    script:
        "../scripts/susceptibility/simulate_plane.py"


rule solve_plane:
    output:
        f"{SUSCEPTIBILITY}/{{network}}/shards/{{shard}}.exact_plane.tsv",
    log:
        "results/logs/solve_plane/{network}_{shard}.log",
    benchmark:
        "results/benchmarks/solve_plane/{network}_{shard}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=plan.minutes("solve_plane"),
    params:
        derivative_step=config["susceptibility"]["derivative_step"],
        grid=plan.susceptibility.grid,
        network=plan.susceptibility.network,
        shards=plan.susceptibility.shards,
        code=code_digest("susceptibility/solve_plane"),
    script:
        "../scripts/susceptibility/solve_plane.py"


rule average_sizes:
    input:
        blocks=plan.susceptibility.parts("plane_blocks.parquet"),
        exact=plan.susceptibility.parts("exact_plane.tsv"),
    output:
        f"{SUSCEPTIBILITY}/plane.tsv",
    log:
        "results/logs/average_sizes.log",
    benchmark:
        "results/benchmarks/average_sizes.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        **select_keys(config["susceptibility"], "confidence", "minimum_avalanches"),
        code=code_digest("susceptibility/average_sizes"),
    script:
        "../scripts/susceptibility/average_sizes.py"


rule differentiate_sizes:
    input:
        plane=f"{SUSCEPTIBILITY}/plane.tsv",
        exact=plan.susceptibility.parts("exact_plane.tsv"),
    output:
        f"{SUSCEPTIBILITY}/derivatives.tsv",
    log:
        "results/logs/differentiate_sizes.log",
    benchmark:
        "results/benchmarks/differentiate_sizes.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        **select_keys(config["susceptibility"], "activation", "confidence"),
        bandwidths=plan.susceptibility.bandwidths(),
        code=code_digest("susceptibility/differentiate_sizes"),
    script:
        "../scripts/susceptibility/differentiate_sizes.py"


rule check_derivatives:
    input:
        plane=f"{SUSCEPTIBILITY}/plane.tsv",
        exact=plan.susceptibility.parts("exact_plane.tsv"),
    output:
        f"{SUSCEPTIBILITY}/derivative_check.tsv",
    log:
        "results/logs/check_derivatives.log",
    benchmark:
        "results/benchmarks/check_derivatives.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        **select_keys(config["susceptibility"], "bandwidths_checked", "confidence"),
        bandwidths=plan.susceptibility.bandwidths(),
        code=code_digest("susceptibility/check_derivatives"),
    script:
        "../scripts/susceptibility/check_derivatives.py"


rule compare_with_field:
    input:
        plane=f"{SUSCEPTIBILITY}/plane.tsv",
        exact=plan.susceptibility.parts("exact_plane.tsv"),
        blocks=plan.susceptibility.parts("plane_blocks.parquet"),
    output:
        f"{SUSCEPTIBILITY}/size_against_field.tsv",
    log:
        "results/logs/compare_with_field.log",
    benchmark:
        "results/benchmarks/compare_with_field.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        activation=config["susceptibility"]["activation"],
        settings=select_keys(config["susceptibility"], "peak_step", "bootstrap_replicates", "confidence"),
        bandwidths=plan.susceptibility.bandwidths(),
        seed=config["seed"],
        code=code_digest("susceptibility/compare_with_field"),
    script:
        "../scripts/susceptibility/compare_with_field.py"


rule fit_mismatch:
    input:
        avalanches=plan.susceptibility.parts("plane_avalanches.parquet"),
        blocks=plan.susceptibility.parts("plane_blocks.parquet"),
    output:
        f"{SUSCEPTIBILITY}/mismatch.tsv",
    log:
        "results/logs/fit_mismatch.log",
    benchmark:
        "results/benchmarks/fit_mismatch.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("fit_mismatch"),
        runtime=scaled_by_attempt(60),
    params:
        **select_keys(config["susceptibility"], "mismatch", "minimum_avalanches", "bootstrap_replicates", "confidence"),
        seed=config["seed"],
        code=code_digest("susceptibility/fit_mismatch"),
    script:
        "../scripts/susceptibility/fit_mismatch.py"


rule check_radial:
    output:
        f"{SUSCEPTIBILITY}/sampler_check.tsv",
    log:
        "results/logs/check_radial.log",
    benchmark:
        "results/benchmarks/check_radial.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        **select_keys(
            config["susceptibility"], "annealed", "activation", "input_strength", "minimum_avalanches", "confidence"
        ),
        networks=plan.susceptibility.shapes(),
        seed=config["seed"],
        code=code_digest("susceptibility/check_radial"),
    script:
        "../scripts/susceptibility/check_radial.py"
