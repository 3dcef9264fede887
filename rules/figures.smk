# In: tables. Out: the figures that experiments declare, as PDF and PNG, each with a caption for the report.


use rule numerics as draw_figure with:
    """Draw a figure from tables, and write its caption."""
    input:
        unpack(plan.figures.inputs),
    output:
        pdf="results/figures/{figure}.pdf",
        png=report(
            "results/figures/{figure}.png",
            caption="../report/figure.rst",
            category=lambda wildcards: paper_of(wildcards.figure),
            labels=lambda wildcards: {"figure": FIGURES[wildcards.figure].title},
        ),
        caption="results/figures/{figure}.md",
    pathvars:
        job="draw_figure/{figure}",
    wildcard_constraints:
        figure="|".join(FIGURES),
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        drawn_by=lambda wildcards: drawn_by(wildcards.figure),
        parameters=plan.figures.parameters,
        script="figures/draw_figure",
        code=plan.figures.code,


for name in FIGURES:

    rule:
        """A figure, as PDF and PNG."""
        name:
            name
        input:
            f"results/figures/{name}.pdf",


for paper in PAPERS:

    rule:
        """All figures and verdicts of a paper."""
        name:
            paper
        input:
            [f"results/figures/{name}.pdf" for name in FIGURES if paper_of(name) == paper],
            f"results/claims/{paper}.tsv",
