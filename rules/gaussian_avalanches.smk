# In: samples of avalanches of Gaussian networks. Out: exponents, scaling, collapse, extrapolation and Fig. 2 of
# ghavasieh2025.


use rule numerics as scan_offsets with:
    """Straightness of the exact distribution of durations against the offset of the weight variance, at one width."""
    output:
        table="results/gaussian_avalanches/offset_scans/N{width}.tsv",
    pathvars:
        job="scan_offsets/N{width}",
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(30),
    params:
        **job("gaussian_avalanches/scan_offsets"),
        spec=lambda wildcards: plan.gaussian_avalanches.network_keys(wildcards.width),
        relative=config["gaussian_avalanches"]["offset_scan"]["relative_offsets"],
        ranges=config["gaussian_avalanches"]["offset_scan"]["ranges"],
        published=lambda wildcards: config["gaussian_avalanches"]["offsets"].get(int(wildcards.width)),


use rule numerics as locate_offsets with:
    """The straightest offset at every width, beside the published one and that of a driftless random walk."""
    input:
        scans=expand("results/gaussian_avalanches/offset_scans/N{width}.tsv", width=plan.gaussian_avalanches.widths),
    output:
        table="results/gaussian_avalanches/offsets.tsv",
    pathvars:
        job="locate_offsets",
    params:
        **job("gaussian_avalanches/locate_offsets"),
        activation=config["gaussian_avalanches"]["activation"],
        published=plan.gaussian_avalanches.published_offsets(),


use rule numerics as compare_readings with:
    """What changes if the published offsets are shifts of the standard deviation and not of the variance."""
    output:
        table="results/gaussian_avalanches/readings.tsv",
    pathvars:
        job="compare_readings",
    params:
        **job("gaussian_avalanches/compare_readings"),
        specs=[plan.gaussian_avalanches.network_keys(width) for width in plan.gaussian_avalanches.widths],
        published=plan.gaussian_avalanches.published_offsets(),
        duration_range=config["gaussian_avalanches"]["fits"]["duration_range"],


use rule numerics as compute_transfer with:
    """The exact law of one avalanche of the radial chain, at one width."""
    output:
        table="results/gaussian_avalanches/transfer/N{width}.parquet",
    pathvars:
        job="compute_transfer/N{width}",
    params:
        **job("gaussian_avalanches/compute_transfer"),
        spec=plan.gaussian_avalanches.spec,


use rule numerics as check_samplers with:
    """Hold the samplers against each other and against the exact law, at one width."""
    input:
        lambda wildcards: expand(
            f"results/gaussian_avalanches/{{sample}}/N{wildcards.width}/{{table}}.parquet",
            sample=plan.gaussian_avalanches.samples_at(wildcards.width),
            table=["avalanches", "blocks"],
        ),
        transfer="results/gaussian_avalanches/transfer/N{width}.parquet",
    output:
        table="results/gaussian_avalanches/agreement/N{width}.tsv",
    pathvars:
        job="check_samplers/N{width}",
    resources:
        mem_mb=scaled_by_attempt(3000),
        runtime=scaled_by_attempt(15),
    params:
        **job("gaussian_avalanches/check_samplers"),
        points=lambda wildcards: {
            sample: f"results/gaussian_avalanches/{sample}/N{wildcards.width}"
            for sample in plan.gaussian_avalanches.samples_at(wildcards.width)
        },
        methods={sample: keys["method"] for sample, keys in config["gaussian_avalanches"]["samples"].items()},


use rule numerics as bin_distributions with:
    """Probability densities of sizes and durations of one sample at one width, in the paper's adaptive bins."""
    input:
        avalanches="results/gaussian_avalanches/{sample}/N{width}/avalanches.parquet",
    output:
        table="results/gaussian_avalanches/{sample}/N{width}/densities.tsv",
    pathvars:
        job="bin_distributions/{sample}_N{width}",
    resources:
        mem_mb=plan.megabytes("bin_distributions"),
        runtime=scaled_by_attempt(15),
    params:
        **job("gaussian_avalanches/bin_distributions"),
        bin_minimum=config["gaussian_avalanches"]["fits"]["bin_minimum"],


use rule numerics as fit_power_laws with:
    """Maximum-likelihood exponents of sizes and durations of one sample at one width, and scans of xmin."""
    input:
        avalanches="results/gaussian_avalanches/{sample}/N{width}/avalanches.parquet",
        blocks="results/gaussian_avalanches/{sample}/N{width}/blocks.parquet",
    output:
        exponents="results/gaussian_avalanches/{sample}/N{width}/exponents.tsv",
        xmin_scan="results/gaussian_avalanches/{sample}/N{width}/xmin_scan.tsv",
        straight_spans="results/gaussian_avalanches/{sample}/N{width}/straight_spans.tsv",
    pathvars:
        job="fit_power_laws/{sample}_N{width}",
    resources:
        mem_mb=plan.megabytes("fit_power_laws"),
        runtime=scaled_by_attempt(30),
    params:
        **job("gaussian_avalanches/fit_power_laws"),
        fits=select_keys(
            config["gaussian_avalanches"]["fits"],
            "duration_range",
            "size_range",
            "other_duration_ranges",
            "confidence",
            "bootstrap_replicates",
            "scan_candidates",
            "scan_longest",
            "straight_within",
        ),
        shared=lambda wildcards: config["gaussian_avalanches"]["samples"][wildcards.sample]["method"] == "network",
        seed=config["seed"],


use rule numerics as test_power_laws with:
    """Is it a power law? Alternatives on the same range, and goodness of fit against subsample size."""
    input:
        avalanches="results/gaussian_avalanches/{sample}/N{width}/avalanches.parquet",
    output:
        alternatives="results/gaussian_avalanches/{sample}/N{width}/alternatives.tsv",
        goodness="results/gaussian_avalanches/{sample}/N{width}/goodness.tsv",
    pathvars:
        job="test_power_laws/{sample}_N{width}",
    resources:
        mem_mb=plan.megabytes("test_power_laws"),
        runtime=scaled_by_attempt(30),
    params:
        **job("gaussian_avalanches/test_power_laws"),
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


use rule numerics as fit_size_duration with:
    """Mean size against duration of one sample at one width, and its exponent on the declared ranges."""
    input:
        avalanches="results/gaussian_avalanches/{sample}/N{width}/avalanches.parquet",
        blocks="results/gaussian_avalanches/{sample}/N{width}/blocks.parquet",
    output:
        size_duration="results/gaussian_avalanches/{sample}/N{width}/size_duration.tsv",
        gammas="results/gaussian_avalanches/{sample}/N{width}/gammas.tsv",
    pathvars:
        job="fit_size_duration/{sample}_N{width}",
    resources:
        mem_mb=plan.megabytes("fit_size_duration"),
        runtime=scaled_by_attempt(30),
    params:
        **job("gaussian_avalanches/fit_size_duration"),
        settings=config["gaussian_avalanches"]["size_duration"],
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
        seed=config["seed"],


use rule numerics as collapse_profiles with:
    """The exponent that makes mean avalanche profiles of one sample at one width fall on one curve."""
    input:
        profiles="results/gaussian_avalanches/{sample}/N{width}/profiles.parquet",
        blocks="results/gaussian_avalanches/{sample}/N{width}/blocks.parquet",
    output:
        collapses="results/gaussian_avalanches/{sample}/N{width}/collapses.tsv",
        collapse_curve="results/gaussian_avalanches/{sample}/N{width}/collapse_curve.tsv",
        collapsed_profiles="results/gaussian_avalanches/{sample}/N{width}/collapsed_profiles.tsv",
    pathvars:
        job="collapse_profiles/{sample}_N{width}",
    resources:
        mem_mb=plan.megabytes("collapse_profiles"),
        runtime=scaled_by_attempt(30),
    params:
        **job("gaussian_avalanches/collapse_profiles"),
        settings=config["gaussian_avalanches"]["collapse"],
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
        seed=config["seed"],


use rule numerics as align_sizes with:
    """Does a factor sqrt(N) align the lower ends of the size distributions?"""
    input:
        avalanches=plan.gaussian_avalanches.at_reading_points("avalanches.parquet"),
    output:
        table="results/gaussian_avalanches/lower_ends.tsv",
    pathvars:
        job="align_sizes",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(15),
    params:
        **job("gaussian_avalanches/align_sizes"),
        points=plan.gaussian_avalanches.reading_points(),
        quantile=config["gaussian_avalanches"]["fits"]["lower_end_quantile"],


use rule numerics as gather_tables with:
    """Put one table of every sample and width under another."""
    input:
        parts=lambda wildcards: plan.gaussian_avalanches.parts_of(wildcards.table),
    output:
        gathered="results/gaussian_avalanches/{table}.tsv",
    pathvars:
        job="gather_tables/{table}",
    wildcard_constraints:
        table="|".join([*POINT_TABLES, *JUDGED_TABLES, *READING_TABLES, *WIDTH_TABLES]),
    localrule: True
    params:
        **job("gaussian_avalanches/gather_tables"),


use rule numerics as extrapolate_exponents with:
    """Exponents of infinitely wide networks: tau(N) = tau + c N^-w, for every sample with enough widths."""
    input:
        exponents="results/gaussian_avalanches/exponents.tsv",
    output:
        table="results/gaussian_avalanches/extrapolations.tsv",
    pathvars:
        job="extrapolate_exponents",
    localrule: True
    params:
        **job("gaussian_avalanches/extrapolate_exponents"),
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],


use rule numerics as relate_exponents with:
    """The crackling relation: slope, collapse exponent and (tau_d - 1)/(tau_s - 1), and their differences."""
    input:
        exponents="results/gaussian_avalanches/exponents.tsv",
        gammas="results/gaussian_avalanches/gammas.tsv",
        collapses="results/gaussian_avalanches/collapses.tsv",
        extrapolations="results/gaussian_avalanches/extrapolations.tsv",
    output:
        table="results/gaussian_avalanches/crackling.tsv",
    pathvars:
        job="relate_exponents",
    localrule: True
    params:
        **job("gaussian_avalanches/relate_exponents"),
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],


use rule numerics as span_ranges with:
    """Exponents with intervals that span the ranges they may be fitted on, since the paper names none."""
    input:
        exponents="results/gaussian_avalanches/exponents.tsv",
        gammas="results/gaussian_avalanches/gammas.tsv",
        collapses="results/gaussian_avalanches/collapses.tsv",
    output:
        table="results/gaussian_avalanches/range_spans.tsv",
    pathvars:
        job="span_ranges",
    localrule: True
    params:
        **job("gaussian_avalanches/span_ranges"),
        confidence=config["gaussian_avalanches"]["fits"]["confidence"],
