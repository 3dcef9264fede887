# In: widths, and the networks of ghavasieh2025. Out: exponents of avalanches from the exact law, local and in the limit,
# and what an experiment of the published size must find.


use rule numerics as settle_universality with:
    """Exponents of avalanches from the exact law: local ones, their limit, and what an experiment must find."""
    output:
        exponents="results/universality/local_exponents.tsv",
        profiles="results/universality/exact_profiles.tsv",
        limits="results/universality/limiting_exponents.tsv",
        expected="results/universality/expected_exponents.tsv",
    pathvars:
        job="settle_universality",
    resources:
        mem_mb=plan.megabytes("settle_universality"),
        runtime=scaled_by_attempt(30),
    params:
        **job("universality/settle_universality"),
        settings=config["universality"],
        activation=config["gaussian_avalanches"]["activation"],
        input_strength=config["gaussian_avalanches"]["input_strength"],
        published=plan.gaussian_avalanches.specs_by_reading(),
        ranges=plan.gaussian_avalanches.ranges(),
        minimum_counts=config["gaussian_avalanches"]["size_duration"]["minimum_counts"],
        grid_points=config["gaussian_avalanches"]["collapse"]["grid_points"],
        seed=config["seed"],
