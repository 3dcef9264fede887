from snakemake.utils import min_version

min_version("9.0")


configfile: f"{workflow.current_basedir}/config.yaml"


include: "rules/common.smk"
include: "rules/data.smk"
include: "rules/avalanches.smk"


for experiment in EXPERIMENTS:

    include: f"rules/{experiment}.smk"


include: "rules/figures.smk"
include: "rules/claims.smk"
include: "rules/report.smk"


rule all:
    """Everything: scoreboard, report and checks."""
    default_target: True
    input:
        "results/scoreboard.tsv",
        "results/report.html",
        "results/gaussian_avalanches/agreement.tsv",
        "results/gaussian_avalanches/readings.tsv",
        "results/susceptibility/derivative_check.tsv",
        "results/susceptibility/mismatch.tsv",
        "results/susceptibility/sampler_check.tsv",
