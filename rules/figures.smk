# In: tables. Out: figures as PDF and PNG, each with a caption for the report.


rule plot_fig1:
    input:
        paths=f"{SIGNALS}/signal_paths.tsv",
        growth_rates=f"{SIGNALS}/growth_rates.tsv",
        example=f"{SIGNALS}/example_avalanche.tsv",
        template="report/ghavasieh2025_fig1.md",
    output:
        pdf="results/figures/ghavasieh2025_fig1.pdf",
        png="results/figures/ghavasieh2025_fig1.png",
        caption="results/figures/ghavasieh2025_fig1.md",
    log:
        "results/logs/plot_fig1.log",
    benchmark:
        "results/benchmarks/plot_fig1.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.signals.figure_parameters(),
        code=code_digest("figures/plot_fig1"),
    script:
        "../scripts/figures/plot_fig1.py"


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
        transfers=expand(f"{GAUSSIAN}/transfer/N{{width}}.parquet", width=plan.gaussian_avalanches.widths),
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
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.gaussian_avalanches.figure_parameters(),
        code=code_digest("figures/plot_fig2"),
    script:
        "../scripts/figures/plot_fig2.py"


rule plot_fig3ab:
    input:
        plane=f"{MEAN_FIELD}/plane.tsv",
        closed_forms=f"{MEAN_FIELD}/closed_forms.tsv",
        finite_width=f"{MEAN_FIELD}/finite_width.tsv",
        template="report/ghavasieh2025_fig3ab.md",
    output:
        pdf="results/figures/ghavasieh2025_fig3ab.pdf",
        png="results/figures/ghavasieh2025_fig3ab.png",
        caption="results/figures/ghavasieh2025_fig3ab.md",
    log:
        "results/logs/plot_fig3ab.log",
    benchmark:
        "results/benchmarks/plot_fig3ab.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=select_keys(
            config["mean_field"], "activation", "weight_variances", "log_bias_variances", "finite_width"
        ),
        code=code_digest("figures/plot_fig3ab"),
    script:
        "../scripts/figures/plot_fig3ab.py"


rule plot_fig3cf:
    input:
        outcomes=f"{TRAINABILITY}/outcomes.tsv",
        windows=f"{TRAINABILITY}/windows.tsv",
        trends=f"{TRAINABILITY}/rank_correlations.tsv",
        template="report/ghavasieh2025_fig3cf.md",
    output:
        pdf="results/figures/ghavasieh2025_fig3cf.pdf",
        png="results/figures/ghavasieh2025_fig3cf.png",
        caption="results/figures/ghavasieh2025_fig3cf.md",
    log:
        "results/logs/plot_fig3cf.log",
    benchmark:
        "results/benchmarks/plot_fig3cf.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=config["trainability"],
        code=code_digest("figures/plot_fig3cf"),
    script:
        "../scripts/figures/plot_fig3cf.py"


rule plot_fig3de:
    input:
        plane=f"{SUSCEPTIBILITY}/plane.tsv",
        derivatives=f"{SUSCEPTIBILITY}/derivatives.tsv",
        against_field=f"{SUSCEPTIBILITY}/size_against_field.tsv",
        template="report/ghavasieh2025_fig3de.md",
    output:
        pdf="results/figures/ghavasieh2025_fig3de.pdf",
        png="results/figures/ghavasieh2025_fig3de.png",
        caption="results/figures/ghavasieh2025_fig3de.md",
    log:
        "results/logs/plot_fig3de.log",
    benchmark:
        "results/benchmarks/plot_fig3de.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.susceptibility.figure_parameters(),
        code=code_digest("figures/plot_fig3de"),
    script:
        "../scripts/figures/plot_fig3de.py"


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
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.resnets.figure_parameters(),
        code=code_digest("figures/plot_fig4"),
    script:
        "../scripts/figures/plot_fig4.py"


rule plot_fig5:
    input:
        critical_lines=f"{MEAN_FIELD}/critical_lines.tsv",
        landmarks=f"{MEAN_FIELD}/landmarks.tsv",
        finite_lines=f"{MEAN_FIELD}/finite_width_lines.tsv",
        decay=f"{MEAN_FIELD}/finite_width_decay.tsv",
        template="report/ghavasieh2025_fig5.md",
    output:
        pdf="results/figures/ghavasieh2025_fig5.pdf",
        png="results/figures/ghavasieh2025_fig5.png",
        caption="results/figures/ghavasieh2025_fig5.md",
    log:
        "results/logs/plot_fig5.log",
    benchmark:
        "results/benchmarks/plot_fig5.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=select_keys(config["mean_field"], "activation", "log_bias_variances", "finite_width", "finite_pairs"),
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
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=select_keys(
            config["gaussian_avalanches"]["fits"],
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


rule plot_learning:
    input:
        points="results/learning/learning_points.tsv",
        edge="results/learning/edge_accuracy.tsv",
        correlations="results/learning/rank_correlations.tsv",
        template="report/ghavasieh2025_learning.md",
    output:
        pdf="results/figures/ghavasieh2025_learning.pdf",
        png="results/figures/ghavasieh2025_learning.png",
        caption="results/figures/ghavasieh2025_learning.md",
    log:
        "results/logs/plot_learning.log",
    benchmark:
        "results/benchmarks/plot_learning.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=select_keys(config["trainability"]["plane"], "width", "depth"),
        code=code_digest("figures/plot_learning"),
    script:
        "../scripts/figures/plot_learning.py"


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
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters={
            **select_keys(config["real_inputs"], "width", "input_strength", "networks_sharing_inputs"),
            "levy_alpha": config["real_inputs"]["cases"]["levy"]["levy_alpha"],
        },
        code=code_digest("figures/plot_real_inputs"),
    script:
        "../scripts/figures/plot_real_inputs.py"


rule plot_input_strength:
    input:
        strengths=f"{SIGNALS}/input_strengths.tsv",
        survival=f"{SIGNALS}/input_strength_survival.tsv",
        template="report/ghavasieh2025_input_strength.md",
    output:
        pdf="results/figures/ghavasieh2025_input_strength.pdf",
        png="results/figures/ghavasieh2025_input_strength.png",
        caption="results/figures/ghavasieh2025_input_strength.md",
    log:
        "results/logs/plot_input_strength.log",
    benchmark:
        "results/benchmarks/plot_input_strength.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters={
            **plan.signals.spec("input_strengths"),
            **select_keys(config["signals"]["input_strengths"], "weight_variance", "launched"),
        },
        code=code_digest("figures/plot_input_strength"),
    script:
        "../scripts/figures/plot_input_strength.py"


rule plot_zoo:
    input:
        models=f"{ZOO}/models.tsv",
        dynamics=f"{ZOO}/dynamics.tsv",
        correlations=f"{ZOO}/rank_correlations.tsv",
        landmarks=f"{ZOO}/zoo_landmarks.tsv",
        effects=f"{ZOO}/mixed_effects.tsv",
        fits=f"{ZOO}/mixed_models.tsv",
        claims="claims/vock2025.yaml",
        template="report/vock2025_fig2.md",
    output:
        pdf="results/figures/vock2025_fig2.pdf",
        png="results/figures/vock2025_fig2.png",
        caption="results/figures/vock2025_fig2.md",
    log:
        "results/logs/plot_zoo.log",
    benchmark:
        "results/benchmarks/plot_zoo.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_digest("figures/plot_zoo"),
    script:
        "../scripts/figures/plot_zoo.py"


rule plot_recipes:
    input:
        pairs=f"{ZOO}/weight_pairs.tsv",
        changes=f"{ZOO}/recipe_changes.tsv",
        dynamics=f"{ZOO}/dynamics.tsv",
        claims="claims/vock2025.yaml",
        template="report/vock2025_fig3.md",
    output:
        pdf="results/figures/vock2025_fig3.pdf",
        png="results/figures/vock2025_fig3.png",
        caption="results/figures/vock2025_fig3.md",
    log:
        "results/logs/plot_recipes.log",
    benchmark:
        "results/benchmarks/plot_recipes.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_digest("figures/plot_recipes"),
    script:
        "../scripts/figures/plot_recipes.py"


rule plot_criticality_loss:
    input:
        curves=f"{CRITICALITY}/criticality_curves.tsv",
        means=f"{CRITICALITY}/criticality_means.tsv",
        tests=f"{CRITICALITY}/criticality_tests.tsv",
        scan=f"{CRITICALITY}/criticality_scan.tsv",
        effects=f"{CRITICALITY}/criticality_effects.tsv",
        template="report/vock2025_fig4.md",
    output:
        pdf="results/figures/vock2025_fig4.pdf",
        png="results/figures/vock2025_fig4.png",
        caption="results/figures/vock2025_fig4.md",
    log:
        "results/logs/plot_criticality_loss.log",
    benchmark:
        "results/benchmarks/plot_criticality_loss.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=config["criticality_loss"],
        code=code_digest("figures/plot_criticality_loss"),
    script:
        "../scripts/figures/plot_criticality_loss.py"


rule plot_phase_transition:
    input:
        activity=f"{UNIFORM}/layer_activity.tsv",
        sweep=f"{UNIFORM}/coupling_sweep.tsv",
        couplings=f"{UNIFORM}/critical_couplings.tsv",
        fits=f"{UNIFORM}/coupling_fits.tsv",
        responses=f"{UNIFORM}/responses.tsv",
        ranges=f"{UNIFORM}/dynamic_ranges.tsv",
        template="report/vock2025_fig1.md",
    output:
        pdf="results/figures/vock2025_fig1.pdf",
        png="results/figures/vock2025_fig1.png",
        caption="results/figures/vock2025_fig1.md",
    log:
        "results/logs/plot_phase_transition.log",
    benchmark:
        "results/benchmarks/plot_phase_transition.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.uniform_networks.spec("input_scale", "lanczos_steps"),
        code=code_digest("figures/plot_phase_transition"),
    script:
        "../scripts/figures/plot_phase_transition.py"


rule plot_continual:
    input:
        bins=f"{CONTINUAL}/continual_bins.tsv",
        tasks=f"{CONTINUAL}/continual_tasks.tsv",
        statistics=f"{CONTINUAL}/continual_statistics.tsv",
        claims="claims/vock2025.yaml",
        template="report/vock2025_fig5.md",
    output:
        pdf="results/figures/vock2025_fig5.pdf",
        png="results/figures/vock2025_fig5.png",
        caption="results/figures/vock2025_fig5.md",
    log:
        "results/logs/plot_continual.log",
    benchmark:
        "results/benchmarks/plot_continual.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=plan.continual.figure_parameters(),
        code=code_digest("figures/plot_continual"),
    script:
        "../scripts/figures/plot_continual.py"
