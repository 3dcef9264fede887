# In: what torchvision publishes of its classifiers and, where it was measured, results/zoo/dynamics.tsv. Out: rank
# correlations, mixed models of accuracy, and what new weights changed, for Fig. 2 and 3 of vock2025.


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
        mem_mb=1500,
        runtime=5,
    params:
        code=code_digest("zoo/list_models"),
    script:
        "../scripts/zoo/list_models.py"


rule relate_models:
    input:
        models=f"{ZOO}/models.tsv",
        sets=f"{ZOO}/weight_sets.tsv",
        dynamics=branch(exists(f"{ZOO}/dynamics.tsv"), then=f"{ZOO}/dynamics.tsv", otherwise=[]),
    output:
        correlations=f"{ZOO}/rank_correlations.tsv",
        landmarks=f"{ZOO}/zoo_landmarks.tsv",
    log:
        "results/logs/relate_models.log",
    benchmark:
        "results/benchmarks/relate_models.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        least=config["zoo"]["least_models"],
        seed=config["seed"],
        code=code_digest("zoo/relate_models"),
    script:
        "../scripts/zoo/relate_models.py"


rule fit_mixed_models:
    input:
        models=f"{ZOO}/models.tsv",
        dynamics=branch(exists(f"{ZOO}/dynamics.tsv"), then=f"{ZOO}/dynamics.tsv", otherwise=[]),
    output:
        models=f"{ZOO}/mixed_models.tsv",
        effects=f"{ZOO}/mixed_effects.tsv",
        correlations=f"{ZOO}/mixed_correlations.tsv",
        summary=f"{ZOO}/mixed_summary.tsv",
    log:
        "results/logs/fit_mixed_models.log",
    benchmark:
        "results/benchmarks/fit_mixed_models.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        least=config["zoo"]["least_models"],
        code=code_digest("zoo/fit_mixed_models"),
    script:
        "../scripts/zoo/fit_mixed_models.py"


rule pair_weights:
    input:
        models=f"{ZOO}/models.tsv",
        sets=f"{ZOO}/weight_sets.tsv",
        dynamics=branch(exists(f"{ZOO}/dynamics.tsv"), then=f"{ZOO}/dynamics.tsv", otherwise=[]),
    output:
        pairs=f"{ZOO}/weight_pairs.tsv",
        changes=f"{ZOO}/recipe_changes.tsv",
    log:
        "results/logs/pair_weights.log",
    benchmark:
        "results/benchmarks/pair_weights.tsv"
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
