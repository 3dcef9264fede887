# In: MNIST and samples of avalanches driven by it and by Gaussian inputs. Out: what the kind of input changes.


rule derive_offsets:
    input:
        scan=f"{GAUSSIAN}/offset_scans/N{config['real_inputs']['width']}.tsv",
    output:
        "results/real_inputs/offsets.tsv",
    log:
        "results/logs/derive_offsets.log",
    benchmark:
        "results/benchmarks/derive_offsets.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        width=config["real_inputs"]["width"],
        cases=config["real_inputs"]["cases"],
        seed=config["seed"],
        code=code_digest("real_inputs/derive_offsets"),
    script:
        "../scripts/real_inputs/derive_offsets.py"


rule compare_inputs:
    input:
        tables=expand(
            "results/real_inputs/{sample}/N{width}/{table}.parquet",
            sample=plan.real_inputs.samples,
            width=config["real_inputs"]["width"],
            table=["avalanches", "blocks"],
        ),
        images=MNIST_FILES[0],
        offsets="results/real_inputs/offsets.tsv",
    output:
        survival="results/real_inputs/survival.tsv",
        comparison="results/real_inputs/comparison.tsv",
        independence="results/real_inputs/independence.tsv",
    log:
        "results/logs/compare_inputs.log",
    benchmark:
        "results/benchmarks/compare_inputs.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(15),
    params:
        samples={
            sample: f"results/real_inputs/{sample}/N{config['real_inputs']['width']}"
            for sample in plan.real_inputs.samples
        },
        cases=config["real_inputs"]["cases"],
        width=config["real_inputs"]["width"],
        input_strength=config["real_inputs"]["input_strength"],
        seed=config["seed"],
        code=code_digest("real_inputs/compare_inputs"),
    script:
        "../scripts/real_inputs/compare_inputs.py"
