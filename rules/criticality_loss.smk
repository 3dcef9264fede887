# In: MNIST. Out: classifiers trained on cross-entropy and on the criticality loss, for Fig. 4 of vock2025.


rule design_runs:
    output:
        f"{CRITICALITY}/criticality_runs.tsv",
    log:
        "results/logs/design_runs.log",
    benchmark:
        "results/benchmarks/design_runs.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        design=plan.criticality_loss.design(),
        seed=config["seed"],
        code=code_digest("criticality_loss/design_runs"),
    script:
        "../scripts/criticality_loss/design_runs.py"


rule train_runs:
    input:
        runs=f"{CRITICALITY}/criticality_runs.tsv",
        mnist=MNIST_FILES,
    output:
        f"{CRITICALITY}/shards/{{shard}}.parquet",
    log:
        "results/logs/train_runs/{shard}.log",
    benchmark:
        "results/benchmarks/train_runs/{shard}.tsv"
    retries: 2
    conda:
        "../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("train_runs"),
        runtime=plan.minutes("train_runs"),
    params:
        device=config["execution"]["device"],
        shards=plan.criticality_loss.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints=f"{CRITICALITY}/checkpoints",
        protocol=plan.criticality_loss.protocol(),
        seed=config["seed"],
        code=code_digest("criticality_loss/train_runs"),
    script:
        "../scripts/criticality_loss/train_runs.py"


rule merge_runs:
    input:
        runs=f"{CRITICALITY}/criticality_runs.tsv",
        shards=plan.criticality_loss.histories(),
    output:
        history=f"{CRITICALITY}/criticality_history.tsv",
        outcomes=f"{CRITICALITY}/criticality_outcomes.tsv",
    log:
        "results/logs/merge_runs.log",
    benchmark:
        "results/benchmarks/merge_runs.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        averaged=config["criticality_loss"]["averaged_epochs"],
        code=code_digest("criticality_loss/merge_runs"),
    script:
        "../scripts/criticality_loss/merge_runs.py"


rule compare_losses:
    input:
        runs=f"{CRITICALITY}/criticality_runs.tsv",
        history=f"{CRITICALITY}/criticality_history.tsv",
        outcomes=f"{CRITICALITY}/criticality_outcomes.tsv",
    output:
        curves=f"{CRITICALITY}/criticality_curves.tsv",
        means=f"{CRITICALITY}/criticality_means.tsv",
        scan=f"{CRITICALITY}/criticality_scan.tsv",
        tests=f"{CRITICALITY}/criticality_tests.tsv",
        landmarks=f"{CRITICALITY}/criticality_landmarks.tsv",
        correlations=f"{CRITICALITY}/rank_correlations.tsv",
    log:
        "results/logs/compare_losses.log",
    benchmark:
        "results/benchmarks/compare_losses.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        design=plan.criticality_loss.design(),
        protocol=plan.criticality_loss.label(),
        replicates=config["criticality_loss"]["bootstrap_replicates"],
        seed=config["seed"],
        code=code_digest("criticality_loss/compare_losses"),
    script:
        "../scripts/criticality_loss/compare_losses.py"


rule fit_settings:
    input:
        f"{CRITICALITY}/criticality_outcomes.tsv",
    output:
        effects=f"{CRITICALITY}/criticality_effects.tsv",
        mixed=f"{CRITICALITY}/criticality_mixed.tsv",
    log:
        "results/logs/fit_settings.log",
    benchmark:
        "results/benchmarks/fit_settings.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        scanned=config["criticality_loss"]["scanned_initialisation"],
        protocol=plan.criticality_loss.label(),
        replicates=config["criticality_loss"]["bootstrap_replicates"],
        seed=config["seed"],
        code=code_digest("criticality_loss/fit_settings"),
    script:
        "../scripts/criticality_loss/fit_settings.py"
