# In: grids of weight and bias variance, and MNIST. Out: networks trained at every point, and where they train.


rule initialise_training:
    output:
        f"{TRAINABILITY}/{{sample}}/manifest.tsv",
    log:
        "results/logs/initialise_training/{sample}.log",
    benchmark:
        "results/benchmarks/initialise_training/{sample}.tsv"
    wildcard_constraints:
        sample="plane|widths",
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        grid=plan.trainability.grid,
        seed=config["seed"],
        code=code_digest("trainability/initialise_training"),
    script:
        "../scripts/trainability/initialise_training.py"


rule choose_retests:
    input:
        manifest=f"{TRAINABILITY}/widths/manifest.tsv",
        outcomes=f"{TRAINABILITY}/widths/outcomes.tsv",
    output:
        f"{TRAINABILITY}/retests/manifest.tsv",
    log:
        "results/logs/choose_retests.log",
    benchmark:
        "results/benchmarks/choose_retests.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        per_width=config["trainability"]["widths"]["retested_per_width"],
        code=code_digest("trainability/choose_retests"),
    script:
        "../scripts/trainability/choose_retests.py"


rule train_networks:
    input:
        manifest=f"{TRAINABILITY}/{{sample}}/manifest.tsv",
        mnist=MNIST_FILES,
    output:
        f"{TRAINABILITY}/{{sample}}/shards/{{shard}}.parquet",
    log:
        "results/logs/train_networks/{sample}_{shard}.log",
    benchmark:
        "results/benchmarks/train_networks/{sample}_{shard}.tsv"
    wildcard_constraints:
        sample="plane|widths|retests",
    retries: 2
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("train_networks"),
        runtime=plan.minutes("train_networks"),
    params:
        device=config["execution"]["device"],
        shards=plan.trainability.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints=f"{TRAINABILITY}/{{sample}}/checkpoints",
        training=plan.trainability.training_keys,
        seed=config["seed"],
        code=code_digest("trainability/train_networks"),
    script:
        "../scripts/trainability/train_networks.py"


rule merge_training:
    input:
        manifest=f"{TRAINABILITY}/{{sample}}/manifest.tsv",
        shards=plan.trainability.histories,
    output:
        history=f"{TRAINABILITY}/{{sample}}/history.tsv",
        outcomes=f"{TRAINABILITY}/{{sample}}/outcomes.tsv",
    log:
        "results/logs/merge_training/{sample}.log",
    benchmark:
        "results/benchmarks/merge_training/{sample}.tsv"
    wildcard_constraints:
        sample="plane|widths|retests",
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        training=plan.trainability.training_keys,
        code=code_digest("trainability/merge_training"),
    script:
        "../scripts/trainability/merge_training.py"


rule measure_windows:
    input:
        expand(f"{TRAINABILITY}/{{sample}}/outcomes.tsv", sample=["plane", "widths", "retests"]),
    output:
        outcomes=f"{TRAINABILITY}/outcomes.tsv",
        windows=f"{TRAINABILITY}/windows.tsv",
        retests=f"{TRAINABILITY}/retests.tsv",
        trends=f"{TRAINABILITY}/rank_correlations.tsv",
    log:
        "results/logs/measure_windows.log",
    benchmark:
        "results/benchmarks/measure_windows.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        steps={sample: config["trainability"][sample]["weight_variances"]["step"] for sample in ("plane", "widths")},
        trained_accuracy=config["trainability"]["plane"]["trained_accuracy"],
        code=code_digest("trainability/measure_windows"),
    script:
        "../scripts/trainability/measure_windows.py"
