from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


include: "rules/common.smk"
include: "rules/data.smk"
include: "rules/avalanches.smk"
include: "rules/gaussian_avalanches.smk"
include: "rules/real_inputs.smk"
include: "rules/signals.smk"
include: "rules/mean_field.smk"
include: "rules/susceptibility.smk"
include: "rules/trainability.smk"
include: "rules/learning.smk"
include: "rules/resnets.smk"
include: "rules/zoo.smk"
include: "rules/uniform_networks.smk"
include: "rules/criticality_loss.smk"
include: "rules/continual.smk"
include: "rules/figures.smk"
include: "rules/claims.smk"
include: "rules/report.smk"


rule all:
    default_target: True
    input:
        "results/scoreboard.tsv",
        "results/report.html",
        "results/gaussian_avalanches/agreement.tsv",
        "results/gaussian_avalanches/readings.tsv",
        "results/susceptibility/derivative_check.tsv",
        "results/susceptibility/mismatch.tsv",
        "results/susceptibility/sampler_check.tsv",


rule ghavasieh2025:
    input:
        FIGURES["ghavasieh2025"],
        "results/claims/ghavasieh2025.tsv",


rule ghavasieh2025_fig1:
    input:
        "results/figures/ghavasieh2025_fig1.pdf",


rule ghavasieh2025_fig2:
    input:
        "results/figures/ghavasieh2025_fig2.pdf",


rule ghavasieh2025_fits:
    input:
        "results/figures/ghavasieh2025_fits.pdf",


rule ghavasieh2025_fig3ab:
    input:
        "results/figures/ghavasieh2025_fig3ab.pdf",


rule ghavasieh2025_fig3cf:
    input:
        "results/figures/ghavasieh2025_fig3cf.pdf",


rule ghavasieh2025_learning:
    input:
        "results/figures/ghavasieh2025_learning.pdf",


rule ghavasieh2025_fig3de:
    input:
        "results/figures/ghavasieh2025_fig3de.pdf",


rule ghavasieh2025_fig4:
    input:
        "results/figures/ghavasieh2025_fig4.pdf",


rule ghavasieh2025_fig5:
    input:
        "results/figures/ghavasieh2025_fig5.pdf",


rule ghavasieh2025_input_strength:
    input:
        "results/figures/ghavasieh2025_input_strength.pdf",


rule ghavasieh2025_real_inputs:
    input:
        "results/figures/ghavasieh2025_real_inputs.pdf",


rule vock2025:
    input:
        FIGURES["vock2025"],
        "results/claims/vock2025.tsv",


rule vock2025_fig1:
    input:
        "results/figures/vock2025_fig1.pdf",


rule vock2025_fig2:
    input:
        "results/figures/vock2025_fig2.pdf",


rule vock2025_fig3:
    input:
        "results/figures/vock2025_fig3.pdf",


rule vock2025_fig4:
    input:
        "results/figures/vock2025_fig4.pdf",


rule vock2025_fig5:
    input:
        "results/figures/vock2025_fig5.pdf",
