# In: variances of weights and biases. Out: steady signals, susceptibilities and critical lines of infinitely wide
# networks, and of simulated ones of finite width, for Fig. 3a, 3b and 5 of ghavasieh2025.


rule compute_plane:
    output:
        f"{MEAN_FIELD}/plane.tsv",
    log:
        "results/logs/compute_plane.log",
    benchmark:
        "results/benchmarks/compute_plane.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        **select_keys(config["mean_field"], "activation", "weight_variances", "log_bias_variances"),
        code=code_digest("mean_field/compute_plane"),
    script:
        "../scripts/mean_field/compute_plane.py"


rule locate_lines:
    output:
        critical_lines=f"{MEAN_FIELD}/critical_lines.tsv",
        correlation_depths=f"{MEAN_FIELD}/correlation_depths.tsv",
    log:
        "results/logs/locate_lines.log",
    benchmark:
        "results/benchmarks/locate_lines.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(5),
    params:
        **select_keys(config["mean_field"], "activation", "log_bias_variances", "correlation_depths"),
        code=code_digest("mean_field/locate_lines"),
    script:
        "../scripts/mean_field/locate_lines.py"


rule fit_critical_exponents:
    output:
        critical_exponents=f"{MEAN_FIELD}/critical_exponents.tsv",
        closed_forms=f"{MEAN_FIELD}/closed_forms.tsv",
    log:
        "results/logs/fit_critical_exponents.log",
    benchmark:
        "results/benchmarks/fit_critical_exponents.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        **select_keys(config["mean_field"], "activation", "excess_range", "field_range", "fit_points", "log_distances"),
        code=code_digest("mean_field/fit_critical_exponents"),
    script:
        "../scripts/mean_field/fit_critical_exponents.py"


rule find_landmarks:
    input:
        plane=f"{MEAN_FIELD}/plane.tsv",
        critical_lines=f"{MEAN_FIELD}/critical_lines.tsv",
    output:
        f"{MEAN_FIELD}/landmarks.tsv",
    log:
        "results/logs/find_landmarks.log",
    benchmark:
        "results/benchmarks/find_landmarks.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        **select_keys(config["mean_field"], "activation", "excess_range"),
        code=code_digest("mean_field/find_landmarks"),
    script:
        "../scripts/mean_field/find_landmarks.py"


rule simulate_finite_width:
    output:
        table=f"{MEAN_FIELD}/finite_width.tsv",
        lines=f"{MEAN_FIELD}/finite_width_lines.tsv",
    log:
        "results/logs/simulate_finite_width.log",
    benchmark:
        "results/benchmarks/simulate_finite_width.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        **select_keys(config["mean_field"], "activation", "finite_width"),
        seed=config["seed"],
        code=code_digest("mean_field/simulate_finite_width"),
    script:
        "../scripts/mean_field/simulate_finite_width.py"


rule simulate_pairs:
    output:
        f"{MEAN_FIELD}/finite_width_decay.tsv",
    log:
        "results/logs/simulate_pairs.log",
    benchmark:
        "results/benchmarks/simulate_pairs.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(5),
    params:
        **select_keys(config["mean_field"], "activation", "finite_pairs"),
        seed=config["seed"],
        code=code_digest("mean_field/simulate_pairs"),
    script:
        "../scripts/mean_field/simulate_pairs.py"
