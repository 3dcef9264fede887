# In: MNIST and samples of avalanches driven by it and by Gaussian inputs. Out: what the kind of input changes.


use rule numerics as derive_offsets with:
    """The weight variance at which image-wide networks are critical, derived for every case."""
    input:
        scan=f"results/gaussian_avalanches/offset_scans/N{config['real_inputs']['width']}.tsv",
    output:
        table="results/real_inputs/derived_offsets.tsv",
    pathvars:
        job="derive_offsets",
    params:
        **job("real_inputs/derive_offsets"),
        width=config["real_inputs"]["width"],
        cases=config["real_inputs"]["cases"],
        seed=config["seed"],


use rule numerics as compare_inputs with:
    """Real images beside Gaussian inputs: survival of avalanches, its difference, and what sharing networks costs."""
    input:
        expand(
            "results/real_inputs/{sample}/N{width}/{table}.parquet",
            sample=plan.real_inputs.samples,
            width=config["real_inputs"]["width"],
            table=["avalanches", "blocks"],
        ),
        images=MNIST_FILES[0],
        offsets="results/real_inputs/derived_offsets.tsv",
    output:
        survival="results/real_inputs/input_survival.tsv",
        comparison="results/real_inputs/input_comparison.tsv",
        independence="results/real_inputs/input_independence.tsv",
    pathvars:
        job="compare_inputs",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(15),
    params:
        **job("real_inputs/compare_inputs"),
        samples={
            sample: f"results/real_inputs/{sample}/N{config['real_inputs']['width']}"
            for sample in plan.real_inputs.samples
        },
        cases=config["real_inputs"]["cases"],
        width=config["real_inputs"]["width"],
        strength=config["real_inputs"]["input_strength"],
        seed=config["seed"],
