# In: what torchvision publishes of its classifiers, their weights where they can be had, and images. Out: dynamics,
# rank correlations, mixed models of accuracy, and what new weights changed, for Fig. 2 and 3 of vock2025.


rule list_models:
    input:
        "published/vock2025_models.tsv",
    output:
        models=f"{ZOO}/models.tsv",
        sets=f"{ZOO}/weight_sets.tsv",
    log:
        "results/logs/list_models.log",
    benchmark:
        "results/benchmarks/list_models.tsv"
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(5),
    params:
        code=code_digest("zoo/list_models"),
    script:
        "../scripts/zoo/list_models.py"


rule choose_images:
    input:
        plan.zoo.photographs(),
    output:
        f"{ZOO}/zoo_images.tsv",
    log:
        "results/logs/choose_images.log",
    benchmark:
        "results/benchmarks/choose_images.tsv"
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1500),
        runtime=scaled_by_attempt(10),
    params:
        directory=config["zoo"]["imagenet_directory"] or "",
        inputs=config["zoo"]["inputs"],
        seed=config["seed"],
        code=code_digest("zoo/choose_images"),
    script:
        "../scripts/zoo/choose_images.py"


rule measure_dynamics:
    input:
        sets=f"{ZOO}/weight_sets.tsv",
        images=f"{ZOO}/zoo_images.tsv",
        photographs=plan.zoo.photographs(),
        own=plan.zoo.own_files(),
    output:
        inputs=f"{ZOO}/shards/{{shard}}.dynamics_inputs.parquet",
        status=f"{ZOO}/shards/{{shard}}.dynamics_status.parquet",
    log:
        "results/logs/measure_dynamics/{shard}.log",
    benchmark:
        "results/benchmarks/measure_dynamics/{shard}.tsv"
    retries: 1
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("measure_dynamics"),
        runtime=plan.minutes("measure_dynamics"),
    params:
        device=config["execution"]["device"],
        subjects=plan.zoo.subjects(),
        cache=WEIGHTS,
        kept=f"{ZOO}/kept",
        # which weights can be had is part of the result
        local_directory=config["trained_weights"]["local_directory"] or "",
        timeout=config["trained_weights"]["timeout"],
        seed=config["seed"],
        shards=config["execution"]["shards"]["dynamics"],
        code=code_digest("zoo/measure_dynamics"),
    script:
        "../scripts/zoo/measure_dynamics.py"


rule gather_dynamics:
    input:
        inputs=plan.zoo.parts("dynamics_inputs"),
        status=plan.zoo.parts("dynamics_status"),
    output:
        dynamics=f"{ZOO}/dynamics.tsv",
        inputs=f"{ZOO}/dynamics_inputs.tsv",
        status=f"{ZOO}/dynamics_status.tsv",
    log:
        "results/logs/gather_dynamics.log",
    benchmark:
        "results/benchmarks/gather_dynamics.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_digest("zoo/gather_dynamics"),
    script:
        "../scripts/zoo/gather_dynamics.py"


rule relate_models:
    input:
        models=f"{ZOO}/models.tsv",
        sets=f"{ZOO}/weight_sets.tsv",
        dynamics=f"{ZOO}/dynamics.tsv",
    output:
        correlations=f"{ZOO}/rank_correlations.tsv",
        landmarks=f"{ZOO}/zoo_landmarks.tsv",
    log:
        "results/logs/relate_models.log",
    benchmark:
        "results/benchmarks/relate_models.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        least=config["zoo"]["minimum_models"],
        seed=config["seed"],
        code=code_digest("zoo/relate_models"),
    script:
        "../scripts/zoo/relate_models.py"


rule fit_mixed_models:
    input:
        models=f"{ZOO}/models.tsv",
        dynamics=f"{ZOO}/dynamics.tsv",
    output:
        models=f"{ZOO}/mixed_models.tsv",
        effects=f"{ZOO}/mixed_effects.tsv",
        correlations=f"{ZOO}/mixed_correlations.tsv",
        summary=f"{ZOO}/mixed_summary.tsv",
    log:
        "results/logs/fit_mixed_models.log",
    benchmark:
        "results/benchmarks/fit_mixed_models.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        least=config["zoo"]["minimum_models"],
        code=code_digest("zoo/fit_mixed_models"),
    script:
        "../scripts/zoo/fit_mixed_models.py"


rule pair_weights:
    input:
        models=f"{ZOO}/models.tsv",
        sets=f"{ZOO}/weight_sets.tsv",
        dynamics=f"{ZOO}/dynamics.tsv",
    output:
        pairs=f"{ZOO}/weight_pairs.tsv",
        changes=f"{ZOO}/recipe_changes.tsv",
    log:
        "results/logs/pair_weights.log",
    benchmark:
        "results/benchmarks/pair_weights.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_digest("zoo/pair_weights"),
    script:
        "../scripts/zoo/pair_weights.py"
