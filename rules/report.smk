# In: scoreboard, the tables it was judged from, figures and captions. Out: one self-contained page.
import os
from pathlib import Path


use rule reporting as draw_rulegraph with:
    """Draw the rules of the workflow."""
    input:
        "Snakefile",
        sorted(map(str, Path("rules").glob("*.smk"))),
    output:
        picture="results/report/rulegraph.svg",
    pathvars:
        job="draw_rulegraph",
    # a job that starts meanwhile takes its old outputs away, of which Snakemake cannot tell the time any more
    retries: 2
    localrule: True
    params:
        # which rules are needed follows from it
        science_digest(config),
        **job("report/draw_rulegraph"),
        target="all",
        # the Snakefile reads config.yaml by itself, and first
        configfiles=[name for name in map(os.path.relpath, workflow.configfiles) if name != "config.yaml"],


use rule reporting as render_report with:
    """Render the report: one HTML file that shows all without any other."""
    input:
        sorted(map(str, Path("deepcrit/report/templates").iterdir())),
        scoreboard="results/scoreboard.tsv",
        provenance="results/provenance.tsv",
        claims=expand("claims/{paper}.yaml", paper=PAPERS),
        tables=sorted({f"results/{table}.tsv" for paper in PAPERS for table in tables_of(f"claims/{paper}.yaml")}),
        figures=expand("results/figures/{figure}.png", figure=FIGURES),
        captions=expand("results/figures/{figure}.md", figure=FIGURES),
        rulegraph="results/report/rulegraph.svg",
    output:
        report="results/report.html",
    pathvars:
        job="render_report",
    localrule: True
    params:
        **job("report/render_report"),
        shown=[[f"{paper_of(name)}.{claims}" for claims in figure.claims] for name, figure in FIGURES.items()],
        titles=[figure.title for figure in FIGURES.values()],
