# In: a sample of the configuration at one width. Out: its tables of avalanches, blocks and profiles.


rule initialise_networks:
    input:
        offsets=plan.avalanches.derived_offsets,
    output:
        "results/{experiment}/{sample}/N{width}/manifest.tsv",
    log:
        "results/logs/initialise_networks/{experiment}/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/initialise_networks/{experiment}/{sample}_N{width}.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        sample=plan.avalanches.sample_keys,
        seed=config["seed"],
        code=code_digest("avalanches/initialise_networks"),
    script:
        "../scripts/avalanches/initialise_networks.py"


rule simulate_avalanches:
    input:
        manifest="results/{experiment}/{sample}/N{width}/manifest.tsv",
        images=plan.avalanches.images_of,
    output:
        avalanches="results/{experiment}/{sample}/N{width}/shards/{shard}.avalanches.parquet",
        blocks="results/{experiment}/{sample}/N{width}/shards/{shard}.blocks.parquet",
        profiles="results/{experiment}/{sample}/N{width}/shards/{shard}.profiles.parquet",
    log:
        "results/logs/simulate_avalanches/{experiment}/{sample}_N{width}_{shard}.log",
    benchmark:
        "results/benchmarks/simulate_avalanches/{experiment}/{sample}_N{width}_{shard}.tsv"
    retries: 2
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=plan.minutes("simulate_avalanches"),
    params:
        shards=plan.avalanches.shard_count,
        code=code_digest("avalanches/simulate_avalanches"),
    script:
        "../scripts/avalanches/simulate_avalanches.py"


rule merge_avalanches:
    input:
        manifest="results/{experiment}/{sample}/N{width}/manifest.tsv",
        avalanches=plan.avalanches.shards_of("avalanches"),
        blocks=plan.avalanches.shards_of("blocks"),
        profiles=plan.avalanches.shards_of("profiles"),
    output:
        avalanches="results/{experiment}/{sample}/N{width}/avalanches.parquet",
        blocks="results/{experiment}/{sample}/N{width}/blocks.parquet",
        profiles="results/{experiment}/{sample}/N{width}/profiles.parquet",
    log:
        "results/logs/merge_avalanches/{experiment}/{sample}_N{width}.log",
    benchmark:
        "results/benchmarks/merge_avalanches/{experiment}/{sample}_N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("merge_avalanches"),
        runtime=scaled_by_attempt(30),
    params:
        code=code_digest("avalanches/merge_avalanches"),
    script:
        "../scripts/avalanches/merge_avalanches.py"
