# In: samples of avalanches of Gaussian networks. Out: exponents, scaling, collapse, extrapolation and Fig. 2 of
# ghavasieh2025.


rule scan_offsets:
    output:
        f"{GAUSSIAN}/offset_scans/N{{width}}.tsv",
    log:
        "results/logs/scan_offsets/N{width}.log",
    benchmark:
        "results/benchmarks/scan_offsets/N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(30),
    params:
        spec=lambda wildcards: plan.gaussian_avalanches.network_keys(wildcards.width),
        relative_offsets=config["gaussian_avalanches"]["offset_scan"]["relative_offsets"],
        ranges=config["gaussian_avalanches"]["offset_scan"]["ranges"],
        published=lambda wildcards: config["gaussian_avalanches"]["offsets"].get(int(wildcards.width)),
        code=code_digest("gaussian_avalanches/scan_offsets"),
    script:
        "../scripts/gaussian_avalanches/scan_offsets.py"


rule locate_offsets:
    input:
        expand(f"{GAUSSIAN}/offset_scans/N{{width}}.tsv", width=plan.gaussian_avalanches.widths),
    output:
        f"{GAUSSIAN}/offsets.tsv",
    log:
        "results/logs/locate_offsets.log",
    benchmark:
        "results/benchmarks/locate_offsets.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(5),
    params:
        activation=config["gaussian_avalanches"]["activation"],
        published={
            str(width): config["gaussian_avalanches"]["offsets"][width] for width in plan.gaussian_avalanches.widths
        },
        code=code_digest("gaussian_avalanches/locate_offsets"),
    script:
        "../scripts/gaussian_avalanches/locate_offsets.py"


rule compare_readings:
    output:
        f"{GAUSSIAN}/readings.tsv",
    log:
        "results/logs/compare_readings.log",
    benchmark:
        "results/benchmarks/compare_readings.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        specs=[plan.gaussian_avalanches.network_keys(width) for width in plan.gaussian_avalanches.widths],
        published=[config["gaussian_avalanches"]["offsets"][width] for width in plan.gaussian_avalanches.widths],
        duration_range=config["gaussian_avalanches"]["fits"]["duration_range"],
        code=code_digest("gaussian_avalanches/compare_readings"),
    script:
        "../scripts/gaussian_avalanches/compare_readings.py"


rule compute_transfer:
    output:
        f"{GAUSSIAN}/transfer/N{{width}}.parquet",
    log:
        "results/logs/compute_transfer/N{width}.log",
    benchmark:
        "results/benchmarks/compute_transfer/N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        spec=lambda wildcards: plan.gaussian_avalanches.network_keys(wildcards.width)
        | {"weight_variance": 1.0 + config["gaussian_avalanches"]["offsets"][int(wildcards.width)]},
        code=code_digest("gaussian_avalanches/compute_transfer"),
    script:
        "../scripts/gaussian_avalanches/compute_transfer.py"


rule check_samplers:
    input:
        avalanches=lambda wildcards: expand(
            f"{GAUSSIAN}/{{sample}}/N{wildcards.width}/{{table}}.parquet",
            sample=plan.gaussian_avalanches.samples_at(wildcards.width),
            table=["avalanches", "blocks"],
        ),
        transfer=f"{GAUSSIAN}/transfer/N{{width}}.parquet",
    output:
        f"{GAUSSIAN}/agreement/N{{width}}.tsv",
    log:
        "results/logs/check_samplers/N{width}.log",
    benchmark:
        "results/benchmarks/check_samplers/N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(3000),
        runtime=scaled_by_attempt(15),
    params:
        points=lambda wildcards: {
            sample: f"{GAUSSIAN}/{sample}/N{wildcards.width}"
            for sample in plan.gaussian_avalanches.samples_at(wildcards.width)
        },
        methods={sample: keys["method"] for sample, keys in config["gaussian_avalanches"]["samples"].items()},
        code=code_digest("gaussian_avalanches/check_samplers"),
    script:
        "../scripts/gaussian_avalanches/check_samplers.py"


rule bin_distributions:
    input:
        avalanches=f"{GAUSSIAN}/{{sample}}/N{{width}}/avalanches.parquet",
    output:
        f"{GAUSSIAN}/{{sample}}/N{{width}}/densities.tsv",
    log:
        "results/logs/bin_distributions/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/bin_distributions/{sample}_N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("bin_distributions"),
        runtime=scaled_by_attempt(15),
    params:
        bin_minimum=config["gaussian_avalanches"]["fits"]["bin_minimum"],
        code=code_digest("gaussian_avalanches/bin_distributions"),
    script:
        "../scripts/gaussian_avalanches/bin_distributions.py"


rule fit_power_laws:
    input:
        avalanches=f"{GAUSSIAN}/{{sample}}/N{{width}}/avalanches.parquet",
        blocks=f"{GAUSSIAN}/{{sample}}/N{{width}}/blocks.parquet",
    output:
        exponents=f"{GAUSSIAN}/{{sample}}/N{{width}}/exponents.tsv",
        xmin_scan=f"{GAUSSIAN}/{{sample}}/N{{width}}/xmin_scan.tsv",
        straight_spans=f"{GAUSSIAN}/{{sample}}/N{{width}}/straight_spans.tsv",
    log:
        "results/logs/fit_power_laws/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/fit_power_laws/{sample}_N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("fit_power_laws"),
        runtime=scaled_by_attempt(30),
    params:
        fits=select_keys(
            config["gaussian_avalanches"]["fits"],
            "duration_range",
            "size_range",
            "confidence",
            "bootstrap_replicates",
            "scan_candidates",
            "scan_longest",
            "straight_ks",
        ),
        shared=lambda wildcards: config["gaussian_avalanches"]["samples"][wildcards.sample]["method"] == "network",
        seed=config["seed"],
        code=code_digest("gaussian_avalanches/fit_power_laws"),
    script:
        "../scripts/gaussian_avalanches/fit_power_laws.py"


rule test_power_laws:
    input:
        avalanches=f"{GAUSSIAN}/{{sample}}/N{{width}}/avalanches.parquet",
    output:
        alternatives=f"{GAUSSIAN}/{{sample}}/N{{width}}/alternatives.tsv",
        goodness=f"{GAUSSIAN}/{{sample}}/N{{width}}/goodness.tsv",
    log:
        "results/logs/test_power_laws/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/test_power_laws/{sample}_N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("test_power_laws"),
        runtime=scaled_by_attempt(30),
    params:
        fits=select_keys(
            config["gaussian_avalanches"]["fits"],
            "duration_range",
            "size_range",
            "goodness_subsamples",
            "goodness_synthetic",
            "goodness_repeats",
            "goodness_level",
        ),
        seed=config["seed"],
        code=code_digest("gaussian_avalanches/test_power_laws"),
    script:
        "../scripts/gaussian_avalanches/test_power_laws.py"


rule fit_size_duration:
    input:
        avalanches=f"{GAUSSIAN}/{{sample}}/N{{width}}/avalanches.parquet",
        blocks=f"{GAUSSIAN}/{{sample}}/N{{width}}/blocks.parquet",
    output:
        size_duration=f"{GAUSSIAN}/{{sample}}/N{{width}}/size_duration.tsv",
        gammas=f"{GAUSSIAN}/{{sample}}/N{{width}}/gammas.tsv",
    log:
        "results/logs/fit_size_duration/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/fit_size_duration/{sample}_N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("fit_size_duration"),
        runtime=scaled_by_attempt(30),
    params:
        settings=config["gaussian_avalanches"]["size_duration"],
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
        seed=config["seed"],
        code=code_digest("gaussian_avalanches/fit_size_duration"),
    script:
        "../scripts/gaussian_avalanches/fit_size_duration.py"


rule collapse_profiles:
    input:
        profiles=f"{GAUSSIAN}/{{sample}}/N{{width}}/profiles.parquet",
        blocks=f"{GAUSSIAN}/{{sample}}/N{{width}}/blocks.parquet",
    output:
        collapses=f"{GAUSSIAN}/{{sample}}/N{{width}}/collapses.tsv",
        collapse_curve=f"{GAUSSIAN}/{{sample}}/N{{width}}/collapse_curve.tsv",
        collapsed_profiles=f"{GAUSSIAN}/{{sample}}/N{{width}}/collapsed_profiles.tsv",
    log:
        "results/logs/collapse_profiles/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/collapse_profiles/{sample}_N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("collapse_profiles"),
        runtime=scaled_by_attempt(30),
    params:
        settings=config["gaussian_avalanches"]["collapse"],
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
        seed=config["seed"],
        code=code_digest("gaussian_avalanches/collapse_profiles"),
    script:
        "../scripts/gaussian_avalanches/collapse_profiles.py"


rule align_sizes:
    input:
        plan.gaussian_avalanches.at_radial_widths("avalanches.parquet"),
    output:
        f"{GAUSSIAN}/lower_ends.tsv",
    log:
        "results/logs/align_sizes.log",
    benchmark:
        "results/benchmarks/align_sizes.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(15),
    params:
        widths=plan.gaussian_avalanches.widths,
        quantile=config["gaussian_avalanches"]["fits"]["lower_end_quantile"],
        code=code_digest("gaussian_avalanches/align_sizes"),
    script:
        "../scripts/gaussian_avalanches/align_sizes.py"


rule gather_tables:
    input:
        lambda wildcards: plan.gaussian_avalanches.parts_of(wildcards.table),
    output:
        f"{GAUSSIAN}/{{table}}.tsv",
    log:
        "results/logs/gather_tables/{table}.log",
    benchmark:
        "results/benchmarks/gather_tables/{table}.tsv"
    wildcard_constraints:
        table="|".join([*POINT_TABLES, *JUDGED_TABLES, *WIDTH_TABLES]),
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_digest("gaussian_avalanches/gather_tables"),
    script:
        "../scripts/gaussian_avalanches/gather_tables.py"


rule extrapolate_exponents:
    input:
        exponents=f"{GAUSSIAN}/exponents.tsv",
    output:
        f"{GAUSSIAN}/extrapolations.tsv",
    log:
        "results/logs/extrapolate_exponents.log",
    benchmark:
        "results/benchmarks/extrapolate_exponents.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
        code=code_digest("gaussian_avalanches/extrapolate_exponents"),
    script:
        "../scripts/gaussian_avalanches/extrapolate_exponents.py"


rule relate_exponents:
    input:
        exponents=f"{GAUSSIAN}/exponents.tsv",
        gammas=f"{GAUSSIAN}/gammas.tsv",
        collapses=f"{GAUSSIAN}/collapses.tsv",
        extrapolations=f"{GAUSSIAN}/extrapolations.tsv",
    output:
        f"{GAUSSIAN}/crackling.tsv",
    log:
        "results/logs/relate_exponents.log",
    benchmark:
        "results/benchmarks/relate_exponents.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
        code=code_digest("gaussian_avalanches/relate_exponents"),
    script:
        "../scripts/gaussian_avalanches/relate_exponents.py"
