# In: variances and input strengths. Out: signal strength along the layers, one avalanche, and the law of durations
# against the strength of the input, for Fig. 1 of ghavasieh2025 and its remark on large inputs.


rule simulate_paths:
    output:
        paths=f"{SIGNALS}/signal_paths.tsv",
        growth_rates=f"{SIGNALS}/growth_rates.tsv",
    log:
        "results/logs/simulate_paths.log",
    benchmark:
        "results/benchmarks/simulate_paths.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(5),
    params:
        **select_keys(config["signals"]["paths"], "weight_variances", "networks", "linear_layers", "drawn"),
        spec={**plan.signals.spec("paths"), "input_strength": config["signals"]["input_strength"]},
        seed=config["seed"],
        code=code_digest("signals/simulate_paths"),
    script:
        "../scripts/signals/simulate_paths.py"


rule pick_example:
    output:
        f"{SIGNALS}/example_avalanche.tsv",
    log:
        "results/logs/pick_example.log",
    benchmark:
        "results/benchmarks/pick_example.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(5),
    params:
        **select_keys(config["signals"]["example"], "launched", "duration"),
        spec={
            **plan.signals.spec("example", "weight_variance"),
            "input_strength": config["signals"]["input_strength"],
        },
        seed=config["seed"],
        code=code_digest("signals/pick_example"),
    script:
        "../scripts/signals/pick_example.py"


rule scan_inputs:
    output:
        strengths=f"{SIGNALS}/input_strengths.tsv",
        survival=f"{SIGNALS}/input_strength_survival.tsv",
        trends=f"{SIGNALS}/input_strength_trends.tsv",
    log:
        "results/logs/scan_inputs.log",
    benchmark:
        "results/benchmarks/scan_inputs.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        **select_keys(config["signals"]["input_strengths"], "weight_variance", "log_squared_norms", "launched"),
        spec=plan.signals.spec("input_strengths"),
        seed=config["seed"],
        code=code_digest("signals/scan_inputs"),
    script:
        "../scripts/signals/scan_inputs.py"
