# In: deep networks of uniform weights and couplings. Out: activity, largest singular values, responses and critical
# couplings, for Fig. 1 of vock2025.


use rule numerics as sweep_couplings with:
    """Networks of one width at many couplings: activity, branching, largest singular values, critical couplings."""
    output:
        sweep="results/uniform_networks/N{width}/coupling_sweep.tsv",
        couplings="results/uniform_networks/N{width}/critical_couplings.tsv",
        gaps="results/uniform_networks/N{width}/coupling_gaps.tsv",
        activity="results/uniform_networks/N{width}/layer_activity.tsv",
    pathvars:
        job="sweep_couplings/N{width}",
    resources:
        mem_mb=plan.megabytes("sweep_couplings"),
        runtime=plan.minutes("sweep_couplings"),
    params:
        **job("uniform_networks/sweep_couplings"),
        spec=plan.uniform_networks.spec(),
        networks=lambda wildcards: plan.uniform_networks.networks_of(int(wildcards.width)),
        input_scale=config["uniform_networks"]["input_scale"],
        relative_couplings=config["uniform_networks"]["relative_couplings"],
        drawn_couplings=config["uniform_networks"]["drawn_couplings"],
        lanczos_steps=config["uniform_networks"]["lanczos_steps"],
        seed=config["seed"],


use rule numerics as fit_couplings with:
    """Gather the tables of all widths, and fit the critical coupling against width."""
    input:
        sweep=plan.uniform_networks.parts("coupling_sweep"),
        couplings=plan.uniform_networks.parts("critical_couplings"),
        gaps=[*plan.uniform_networks.parts("coupling_gaps"), "results/uniform_networks/widest_range.tsv"],
        activity=plan.uniform_networks.parts("layer_activity"),
    output:
        sweep="results/uniform_networks/coupling_sweep.tsv",
        couplings="results/uniform_networks/critical_couplings.tsv",
        gaps="results/uniform_networks/coupling_gaps.tsv",
        activity="results/uniform_networks/layer_activity.tsv",
        fits="results/uniform_networks/coupling_fits.tsv",
    pathvars:
        job="fit_couplings",
    localrule: True
    params:
        **job("uniform_networks/fit_couplings"),


use rule numerics as measure_responses with:
    """Responses of networks of one width to stimuli of all strengths, and their dynamic range, at many couplings."""
    input:
        couplings=f"results/uniform_networks/N{config['uniform_networks']['responses']['width']}/critical_couplings.tsv",
    output:
        responses="results/uniform_networks/responses.tsv",
        ranges="results/uniform_networks/dynamic_ranges.tsv",
        gaps="results/uniform_networks/widest_range.tsv",
    pathvars:
        job="measure_responses",
    resources:
        mem_mb=plan.megabytes("measure_responses"),
        runtime=plan.minutes("measure_responses"),
    params:
        **job("uniform_networks/measure_responses"),
        spec=plan.uniform_networks.spec(),
        responses=config["uniform_networks"]["responses"],
        seed=config["seed"],
