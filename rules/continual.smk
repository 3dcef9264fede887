# In: images of MNIST and Fashion-MNIST, or Continual ImageNet in a local directory. Out: networks that learn one task
# after another, what became of their accuracy and exponents, and mixed models of it, for Fig. 5 of vock2025.


rule list_configurations:
    output:
        f"{CONTINUAL}/{{sample}}/manifest.tsv",
    log:
        "results/logs/list_configurations/{sample}.log",
    benchmark:
        "results/benchmarks/list_configurations/{sample}.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        streams=plan.continual.streams,
        configurations=select_keys(config["continual"], "replacement_rates", "targets", "strengths"),
        code=code_digest("continual/list_configurations"),
    script:
        "../scripts/continual/list_configurations.py"


# no retries of its own, so that --retries says how often a job that exceeds a time limit goes on
rule train_tasks:
    input:
        manifest=f"{CONTINUAL}/{{sample}}/manifest.tsv",
        mnist=MNIST_FILES,
        fashion_mnist=FASHION_FILES,
    output:
        f"{CONTINUAL}/{{sample}}/shards/{{shard}}.parquet",
    log:
        "results/logs/train_tasks/{sample}_{shard}.log",
    benchmark:
        "results/benchmarks/train_tasks/{sample}_{shard}.tsv"
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("train_tasks"),
        runtime=plan.minutes("train_tasks"),
    params:
        device=config["execution"]["device"],
        shards=plan.continual.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints=f"{CONTINUAL}/{{sample}}/checkpoints",
        learning=plan.continual.learning(),
        tasks=plan.continual.tasks,
        imagenet_directory=plan.continual.imagenet,
        seed=config["seed"],
        code=code_digest("continual/train_tasks"),
    script:
        "../scripts/continual/train_tasks.py"


rule merge_tasks:
    input:
        manifests=expand(f"{CONTINUAL}/{{sample}}/manifest.tsv", sample=CONTINUAL_SAMPLES),
        shards=plan.continual.histories(),
    output:
        tasks=f"{CONTINUAL}/continual_tasks.tsv",
        bins=f"{CONTINUAL}/continual_bins.tsv",
    log:
        "results/logs/merge_tasks.log",
    benchmark:
        "results/benchmarks/merge_tasks.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        samples=CONTINUAL_SAMPLES,
        labels=plan.continual.labels(),
        averaged=config["continual"]["tasks_averaged"],
        code=code_digest("continual/merge_tasks"),
    script:
        "../scripts/continual/merge_tasks.py"


rule relate_tasks:
    input:
        f"{CONTINUAL}/continual_tasks.tsv",
    output:
        statistics=f"{CONTINUAL}/continual_statistics.tsv",
        fits=f"{CONTINUAL}/continual_fits.tsv",
        effects=f"{CONTINUAL}/continual_effects.tsv",
    log:
        "results/logs/relate_tasks.log",
    benchmark:
        "results/benchmarks/relate_tasks.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        averaged=config["continual"]["tasks_averaged"],
        code=code_digest("continual/relate_tasks"),
    script:
        "../scripts/continual/relate_tasks.py"
