# In: tables. Out: figures as PDF and PNG, each with a caption for the report.


rule plot_fig2:
    input:
        tables=expand(
            f"{GAUSSIAN}/{{table}}.tsv",
            table=[
                "agreement",
                "collapse_curve",
                "collapsed_profiles",
                "collapses",
                "densities",
                "exponents",
                "extrapolations",
                "gammas",
                "size_duration",
            ],
        ),
        transfers=expand(f"{GAUSSIAN}/transfer/N{{width}}.parquet", width=plan.widths),
        claims="claims/ghavasieh2025.yaml",
        template="report/ghavasieh2025_fig2.md",
    output:
        pdf="results/figures/ghavasieh2025_fig2.pdf",
        png="results/figures/ghavasieh2025_fig2.png",
        caption="results/figures/ghavasieh2025_fig2.md",
    log:
        "results/logs/plot_fig2.log",
    benchmark:
        "results/benchmarks/plot_fig2.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        parameters=plan.fig2_parameters(),
        code=code_digest("figures/plot_fig2"),
    script:
        "../scripts/figures/plot_fig2.py"


rule plot_fig3ab:
    input:
        plane=f"{MEAN_FIELD}/plane.tsv",
        closed_forms=f"{MEAN_FIELD}/closed_forms.tsv",
        template="report/ghavasieh2025_fig3ab.md",
    output:
        pdf="results/figures/ghavasieh2025_fig3ab.pdf",
        png="results/figures/ghavasieh2025_fig3ab.png",
        caption="results/figures/ghavasieh2025_fig3ab.md",
    log:
        "results/logs/plot_fig3ab.log",
    benchmark:
        "results/benchmarks/plot_fig3ab.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.mean_field_keys("activation", "weight_variances", "log_bias_variances"),
        code=code_digest("figures/plot_fig3ab"),
    script:
        "../scripts/figures/plot_fig3ab.py"


rule plot_fig4:
    input:
        fits=f"{RESNETS}/layer_fits.tsv",
        counts=f"{RESNETS}/layer_counts.tsv",
        densities=f"{RESNETS}/layer_densities.tsv",
        sizes=f"{RESNETS}/layer_sizes.tsv",
        template="report/ghavasieh2025_fig4.md",
    output:
        pdf="results/figures/ghavasieh2025_fig4.pdf",
        png="results/figures/ghavasieh2025_fig4.png",
        caption="results/figures/ghavasieh2025_fig4.md",
    log:
        "results/logs/plot_fig4.log",
    benchmark:
        "results/benchmarks/plot_fig4.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.fig4_parameters(),
        code=code_digest("figures/plot_fig4"),
    script:
        "../scripts/figures/plot_fig4.py"


rule plot_fig5:
    input:
        critical_lines=f"{MEAN_FIELD}/critical_lines.tsv",
        landmarks=f"{MEAN_FIELD}/landmarks.tsv",
        template="report/ghavasieh2025_fig5.md",
    output:
        pdf="results/figures/ghavasieh2025_fig5.pdf",
        png="results/figures/ghavasieh2025_fig5.png",
        caption="results/figures/ghavasieh2025_fig5.md",
    log:
        "results/logs/plot_fig5.log",
    benchmark:
        "results/benchmarks/plot_fig5.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.mean_field_keys("activation", "log_bias_variances"),
        code=code_digest("figures/plot_fig5"),
    script:
        "../scripts/figures/plot_fig5.py"


rule plot_fits:
    input:
        xmin_scan=f"{GAUSSIAN}/xmin_scan.tsv",
        goodness=f"{GAUSSIAN}/goodness.tsv",
        alternatives=f"{GAUSSIAN}/alternatives.tsv",
        template="report/ghavasieh2025_fits.md",
    output:
        pdf="results/figures/ghavasieh2025_fits.pdf",
        png="results/figures/ghavasieh2025_fits.png",
        caption="results/figures/ghavasieh2025_fits.md",
    log:
        "results/logs/plot_fits.log",
    benchmark:
        "results/benchmarks/plot_fits.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.fit_keys(
            "duration_range",
            "size_range",
            "scan_longest",
            "straight_ks",
            "goodness_level",
            "goodness_repeats",
        ),
        code=code_digest("figures/plot_fits"),
    script:
        "../scripts/figures/plot_fits.py"


rule plot_real_inputs:
    input:
        survival="results/real_inputs/survival.tsv",
        independence="results/real_inputs/independence.tsv",
        offsets="results/real_inputs/offsets.tsv",
        template="report/ghavasieh2025_real_inputs.md",
    output:
        pdf="results/figures/ghavasieh2025_real_inputs.pdf",
        png="results/figures/ghavasieh2025_real_inputs.png",
        caption="results/figures/ghavasieh2025_real_inputs.md",
    log:
        "results/logs/plot_real_inputs.log",
    benchmark:
        "results/benchmarks/plot_real_inputs.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters={
            "width": plan.real_inputs["width"],
            "input_strength": plan.real_inputs["input_strength"],
            "networks_sharing_inputs": plan.real_inputs["networks_sharing_inputs"],
            "levy_alpha": plan.real_inputs["cases"]["levy"]["levy_alpha"],
        },
        code=code_digest("figures/plot_real_inputs"),
    script:
        "../scripts/figures/plot_real_inputs.py"
