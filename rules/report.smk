# In: scoreboard, the tables it was judged from, figures and captions. Out: one self-contained page.
import os
from pathlib import Path

from deepcrit.claims.required_tables import tables_of


rule draw_rulegraph:
    input:
        "Snakefile",
        sorted(map(str, Path("rules").glob("*.smk"))),
    output:
        "results/report/rulegraph.svg",
    log:
        "results/logs/draw_rulegraph.log",
    benchmark:
        "results/benchmarks/draw_rulegraph.tsv"
    localrule: True
    conda:
        "../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        target="all",
        # the Snakefile reads config.yaml by itself, and first
        configfiles=[name for name in map(os.path.relpath, workflow.configfiles) if name != "config.yaml"],
        configuration=science_digest(config),
        code=code_digest("report/draw_rulegraph"),
    script:
        "../scripts/report/draw_rulegraph.py"


rule render_report:
    input:
        templates=sorted(map(str, Path("deepcrit/report/templates").iterdir())),
        scoreboard="results/scoreboard.tsv",
        claims=expand("claims/{paper}.yaml", paper=FIGURES),
        tables=sorted({f"results/{table}.tsv" for paper in FIGURES for table in tables_of(f"claims/{paper}.yaml")}),
        figures=list(ALL_FIGURES),
        captions=[figure.replace(".png", ".md") for figure in ALL_FIGURES],
        rulegraph="results/report/rulegraph.svg",
    output:
        "results/report.html",
    log:
        "results/logs/render_report.log",
    benchmark:
        "results/benchmarks/render_report.tsv"
    localrule: True
    conda:
        "../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        figure_claims=[shown for shown, _ in ALL_FIGURES.values()],
        figure_titles=[title for _, title in ALL_FIGURES.values()],
        parameters={
            "scale": config["scale"],
            "seed": config["seed"],
            "configuration digest": science_digest(config),
        },
        code=code_digest("report/render_report"),
    script:
        "../scripts/report/render_report.py"
