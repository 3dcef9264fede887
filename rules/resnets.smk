# In: classifiers by name, random or trained, and Gaussian or real images. Out: avalanches of signal strength through
# their operations, and fits to them, for Fig. 4 of ghavasieh2025.


rule count_layers:
    output:
        f"{RESNETS}/depths.tsv",
    log:
        "results/logs/count_layers.log",
    benchmark:
        "results/benchmarks/count_layers.tsv"
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(10),
    params:
        models=plan.resnets.models,
        image_size=config["resnets"]["image_size"],
        seed=config["seed"],
        code=code_digest("resnets/count_layers"),
    script:
        "../scripts/resnets/count_layers.py"


rule download_weights:
    output:
        "results/data/weights/{model}-{weights}.pth",
    log:
        "results/logs/download_weights/{model}-{weights}.log",
    benchmark:
        "results/benchmarks/download_weights/{model}-{weights}.tsv"
    localrule: True
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
        local_directory=config["trained_weights"]["local_directory"] or "",
        timeout=str(config["trained_weights"]["timeout"]),
    params:
        code=code_digest("resnets/download_weights"),
    script:
        "../scripts/resnets/download_weights.py"


rule calibrate_layers:
    input:
        depths=f"{RESNETS}/depths.tsv",
        images=plan.resnets.images,
        weights=plan.resnets.weights,
    output:
        f"{RESNETS}/{{case}}/{{model}}/shards/{{shard}}.layer_moments.parquet",
    log:
        "results/logs/calibrate_layers/{case}/{model}_{shard}.log",
    benchmark:
        "results/benchmarks/calibrate_layers/{case}/{model}_{shard}.tsv"
    retries: 2
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("calibrate_layers"),
        runtime=plan.minutes("calibrate_layers"),
    params:
        device=config["execution"]["device"],
        sample=plan.resnets.calibration_keys,
        seed=config["seed"],
        shards=plan.resnets.shard_count("calibration_blocks"),
        code=code_digest("resnets/calibrate_layers"),
    script:
        "../scripts/resnets/calibrate_layers.py"


rule merge_calibration:
    input:
        plan.resnets.shards_of("layer_moments", "calibration_blocks"),
    output:
        f"{RESNETS}/{{case}}/{{model}}/calibration.parquet",
    log:
        "results/logs/merge_calibration/{case}/{model}.log",
    benchmark:
        "results/benchmarks/merge_calibration/{case}/{model}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        code=code_digest("resnets/merge_calibration"),
    script:
        "../scripts/resnets/merge_calibration.py"


rule launch_avalanches:
    input:
        calibration=f"{RESNETS}/{{case}}/{{model}}/calibration.parquet",
        images=plan.resnets.images,
        weights=plan.resnets.weights,
    output:
        avalanches=f"{RESNETS}/{{case}}/{{model}}/shards/{{shard}}.layer_avalanches.parquet",
        launches=f"{RESNETS}/{{case}}/{{model}}/shards/{{shard}}.launches.parquet",
    log:
        "results/logs/launch_avalanches/{case}/{model}_{shard}.log",
    benchmark:
        "results/benchmarks/launch_avalanches/{case}/{model}_{shard}.tsv"
    retries: 2
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("launch_avalanches"),
        runtime=plan.minutes("launch_avalanches"),
    params:
        device=config["execution"]["device"],
        sample=plan.resnets.launch_keys,
        seed=config["seed"],
        shards=plan.resnets.shard_count("blocks"),
        code=code_digest("resnets/launch_avalanches"),
    script:
        "../scripts/resnets/launch_avalanches.py"


rule merge_launches:
    input:
        avalanches=plan.resnets.shards_of("layer_avalanches", "blocks"),
        launches=plan.resnets.shards_of("launches", "blocks"),
    output:
        avalanches=f"{RESNETS}/{{case}}/{{model}}/layer_avalanches.parquet",
        launches=f"{RESNETS}/{{case}}/{{model}}/launches.parquet",
    log:
        "results/logs/merge_launches/{case}/{model}.log",
    benchmark:
        "results/benchmarks/merge_launches/{case}/{model}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(15),
    params:
        code=code_digest("resnets/merge_launches"),
    script:
        "../scripts/resnets/merge_launches.py"


rule fit_resnets:
    input:
        depths=f"{RESNETS}/depths.tsv",
        avalanches=plan.resnets.at_samples("layer_avalanches"),
        launches=plan.resnets.at_samples("launches"),
    output:
        fits=f"{RESNETS}/layer_fits.tsv",
        counts=f"{RESNETS}/layer_counts.tsv",
        densities=f"{RESNETS}/layer_densities.tsv",
        sizes=f"{RESNETS}/layer_sizes.tsv",
    log:
        "results/logs/fit_resnets.log",
    benchmark:
        "results/benchmarks/fit_resnets.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(30),
    params:
        samples=plan.resnets.samples,
        fits=config["resnets"]["fits"],
        bin_minimum=config["resnets"]["bin_minimum"],
        seed=config["seed"],
        code=code_digest("resnets/fit_resnets"),
    script:
        "../scripts/resnets/fit_resnets.py"


rule compare_straightness:
    input:
        fits=f"{RESNETS}/layer_fits.tsv",
        exponents=f"{GAUSSIAN}/exponents.tsv",
    output:
        f"{RESNETS}/straightness.tsv",
    log:
        "results/logs/compare_straightness.log",
    benchmark:
        "results/benchmarks/compare_straightness.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_digest("resnets/compare_straightness"),
    script:
        "../scripts/resnets/compare_straightness.py"
