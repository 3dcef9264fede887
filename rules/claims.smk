# In: published claims and the tables that measure them. Out: a verdict on each, the scoreboard, and
# what the run was made from.


use rule reporting as judge_claims with:
    """Judge the claims of one paper from our tables."""
    input:
        claims="claims/{paper}.yaml",
        tables=lambda wildcards: [f"results/{table}.tsv" for table in tables_of(f"claims/{wildcards.paper}.yaml")],
    output:
        scoreboard="results/claims/{paper}.tsv",
    pathvars:
        job="judge_claims/{paper}",
    localrule: True
    params:
        **job("claims/judge_claims"),
        scale=config["scale"],


use rule reporting as judge_choices with:
    """Judge the claims of one paper again, under each choice that it leaves open."""
    input:
        claims="claims/{paper}.yaml",
        tables=lambda wildcards: [
            f"results/{table}.tsv" for table in tables_of(f"claims/{wildcards.paper}.yaml", "choices")
        ],
    output:
        verdicts="results/claims/{paper}/choice_verdicts.tsv",
    pathvars:
        job="judge_choices/{paper}",
    localrule: True
    params:
        **job("claims/judge_choices"),
        scale=config["scale"],


use rule reporting as compile_scoreboard with:
    """Put the verdicts on all papers into one scoreboard, and say what the run that they are of was made from."""
    input:
        verdicts=expand("results/claims/{paper}.tsv", paper=PAPERS),
    output:
        scoreboard="results/scoreboard.tsv",
        provenance="results/provenance.tsv",
    pathvars:
        job="compile_scoreboard",
    localrule: True
    params:
        **job("claims/compile_scoreboard"),
        parameters={
            "scale": config["scale"],
            "seed": config["seed"],
            "configuration digest": science_digest(config),
        },
