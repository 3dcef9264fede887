# In: published claims and the tables that measure them. Out: a verdict on each, and the scoreboard.
from deepcrit.claims.required_tables import tables_of


rule judge_claims:
    input:
        claims="claims/{paper}.yaml",
        tables=lambda wildcards: [f"results/{table}.tsv" for table in tables_of(f"claims/{wildcards.paper}.yaml")],
    output:
        "results/claims/{paper}.tsv",
    log:
        "results/logs/judge_claims/{paper}.log",
    benchmark:
        "results/benchmarks/judge_claims/{paper}.tsv"
    localrule: True
    conda:
        "../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scale=config["scale"],
        code=code_digest("claims/judge_claims"),
    script:
        "../scripts/claims/judge_claims.py"


rule compile_scoreboard:
    input:
        expand("results/claims/{paper}.tsv", paper=FIGURES),
    output:
        "results/scoreboard.tsv",
    log:
        "results/logs/compile_scoreboard.log",
    benchmark:
        "results/benchmarks/compile_scoreboard.tsv"
    localrule: True
    conda:
        "../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_digest("claims/compile_scoreboard"),
    script:
        "../scripts/claims/compile_scoreboard.py"
