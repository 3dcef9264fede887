# In: gains along and across the ordered line of stable weights. Out: avalanches there, and how far they follow power laws;
# rules/avalanches.smk simulates them.


use rule numerics as initialise_levy_avalanches with:
    """Find the gains of one width, and write the manifest of its avalanches: blocks of every index and gain."""
    output:
        manifest="results/levy_avalanches/annealed/N{width}/manifest.tsv",
        gains="results/levy_avalanches/annealed/N{width}/levy_gains.tsv",
    pathvars:
        job="initialise_levy_avalanches/N{width}",
    params:
        **job("levy_avalanches/initialise_levy_avalanches"),
        settings=lambda wildcards: plan.levy_avalanches.block_keys(),
        alphas=config["levy_avalanches"]["alphas"],
        points=lambda wildcards: plan.levy_avalanches.points_at(wildcards.width),
        blocks=config["levy_avalanches"]["blocks"],
        launched=[config["levy_avalanches"]["launched_drift_free"], config["levy_avalanches"]["launched_across"]],
        drift_layers=config["levy_avalanches"]["drift_layers"],
        seed=config["seed"],


use rule numerics as fit_levy_avalanches with:
    """Exponents of avalanches on the ranges on which they are straight, and the relation between them."""
    input:
        avalanches=plan.levy_avalanches.at_widths("avalanches.parquet"),
        gains=plan.levy_avalanches.at_widths("levy_gains.tsv"),
    output:
        exponents="results/levy_avalanches/levy_exponents.tsv",
        curves="results/levy_avalanches/levy_curves.tsv",
    pathvars:
        job="fit_levy_avalanches",
    resources:
        mem_mb=plan.megabytes("fit_levy_avalanches"),
        runtime=plan.minutes("fit_levy_avalanches"),
    params:
        **job("levy_avalanches/fit_levy_avalanches"),
        fits=config["levy_avalanches"]["fits"],
        depth=config["levy_avalanches"]["depth"],
        seed=config["seed"],
