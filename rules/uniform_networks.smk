# In: deep networks of uniform weights and couplings. Out: activity, largest singular values, responses and critical
# couplings, for Fig. 1 of vock2025.


rule sweep_couplings:
    output:
        sweep=f"{UNIFORM}/N{{width}}/coupling_sweep.tsv",
        couplings=f"{UNIFORM}/N{{width}}/critical_couplings.tsv",
        gaps=f"{UNIFORM}/N{{width}}/coupling_gaps.tsv",
        activity=f"{UNIFORM}/N{{width}}/layer_activity.tsv",
    log:
        "results/logs/sweep_couplings/N{width}.log",
    benchmark:
        "results/benchmarks/sweep_couplings/N{width}.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("sweep_couplings"),
        runtime=plan.minutes("sweep_couplings"),
    params:
        spec=plan.uniform_networks.spec(),
        networks=lambda wildcards: plan.uniform_networks.networks_of(int(wildcards.width)),
        input_scale=config["uniform_networks"]["input_scale"],
        relative_couplings=config["uniform_networks"]["relative_couplings"],
        drawn_couplings=config["uniform_networks"]["drawn_couplings"],
        lanczos_steps=config["uniform_networks"]["lanczos_steps"],
        seed=config["seed"],
        code=code_digest("uniform_networks/sweep_couplings"),
    script:
        "../scripts/uniform_networks/sweep_couplings.py"


rule fit_couplings:
    input:
        sweep=plan.uniform_networks.parts("coupling_sweep"),
        couplings=plan.uniform_networks.parts("critical_couplings"),
        gaps=[*plan.uniform_networks.parts("coupling_gaps"), f"{UNIFORM}/widest_range.tsv"],
        activity=plan.uniform_networks.parts("layer_activity"),
    output:
        sweep=f"{UNIFORM}/coupling_sweep.tsv",
        couplings=f"{UNIFORM}/critical_couplings.tsv",
        gaps=f"{UNIFORM}/coupling_gaps.tsv",
        activity=f"{UNIFORM}/layer_activity.tsv",
        fits=f"{UNIFORM}/coupling_fits.tsv",
    log:
        "results/logs/fit_couplings.log",
    benchmark:
        "results/benchmarks/fit_couplings.tsv"
    localrule: True
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_digest("uniform_networks/fit_couplings"),
    script:
        "../scripts/uniform_networks/fit_couplings.py"


rule measure_responses:
    input:
        couplings=f"{UNIFORM}/N{config['uniform_networks']['responses']['width']}/critical_couplings.tsv",
    output:
        responses=f"{UNIFORM}/responses.tsv",
        ranges=f"{UNIFORM}/dynamic_ranges.tsv",
        gaps=f"{UNIFORM}/widest_range.tsv",
    log:
        "results/logs/measure_responses.log",
    benchmark:
        "results/benchmarks/measure_responses.tsv"
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=plan.megabytes("measure_responses"),
        runtime=plan.minutes("measure_responses"),
    params:
        spec=plan.uniform_networks.spec(),
        responses=config["uniform_networks"]["responses"],
        seed=config["seed"],
        code=code_digest("uniform_networks/measure_responses"),
    script:
        "../scripts/uniform_networks/measure_responses.py"
