# In: variances and input strengths. Out: signal strength along the layers, one avalanche, and the law of durations
# against the strength of the input, for Fig. 1 of ghavasieh2025 and its remark on large inputs.


use rule numerics as simulate_paths with:
    """Signal strength along the layers below, at and above the critical weight variance, and how fast it grows."""
    output:
        paths="results/signals/signal_paths.tsv",
        growth_rates="results/signals/growth_rates.tsv",
    pathvars:
        job="simulate_paths",
    params:
        **select_keys(config["signals"]["paths"], "weight_variances", "networks", "linear_layers", "drawn"),
        **job("signals/simulate_paths"),
        spec={**plan.signals.spec("paths"), "input_strength": config["signals"]["input_strength"]},
        seed=config["seed"],


use rule numerics as pick_example with:
    """One real avalanche: the first of a seeded sample whose duration is nearest to the one asked for."""
    output:
        table="results/signals/example_avalanche.tsv",
    pathvars:
        job="pick_example",
    params:
        **select_keys(config["signals"]["example"], "launched", "duration"),
        **job("signals/pick_example"),
        spec={
            **plan.signals.spec("example", "weight_variance"),
            "input_strength": config["signals"]["input_strength"],
        },
        seed=config["seed"],


use rule numerics as scan_inputs with:
    """The law of durations against the strength of the input, at one weight variance and at one that follows the input."""
    output:
        strengths="results/signals/input_strengths.tsv",
        survival="results/signals/input_strength_survival.tsv",
        trends="results/signals/input_strength_trends.tsv",
    pathvars:
        job="scan_inputs",
    params:
        **select_keys(config["signals"]["input_strengths"], "weight_variance", "log_squared_norms", "launched"),
        **job("signals/scan_inputs"),
        spec=plan.signals.spec("input_strengths"),
        seed=config["seed"],
