# In: trained networks, and random ones at the same points of the plane. Out: what learning goes with.


rule relate_learning:
    input:
        outcomes=f"{TRAINABILITY}/outcomes.tsv",
        windows=f"{TRAINABILITY}/windows.tsv",
        derivatives=f"{SUSCEPTIBILITY}/derivatives.tsv",
        mismatch=f"{SUSCEPTIBILITY}/mismatch.tsv",
    output:
        points="results/learning/learning_points.tsv",
        edge="results/learning/edge_accuracy.tsv",
        correlations="results/learning/rank_correlations.tsv",
    log:
        "results/logs/relate_learning.log",
    benchmark:
        "results/benchmarks/relate_learning.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        replicates=config["trainability"]["bootstrap_replicates"],
        seed=config["seed"],
        code=code_digest("learning/relate_learning"),
    script:
        "../scripts/learning/relate_learning.py"
