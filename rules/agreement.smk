# In: a plane of alpha, g and bias, and MNIST. Out: networks measured by the notions of four papers and trained, and
# whether these notions agree.


use rule numerics as draw_population with:
    """List the networks of the population, with their seeds."""
    output:
        manifest="results/agreement/agreement_manifest.tsv",
    pathvars:
        job="draw_population",
    localrule: True
    params:
        **job("agreement/draw_population"),
        design=plan.agreement.design(),
        seed=config["seed"],


use rule torch as train_population with:
    """Measure the networks of one shard by all notions, and train them, with a checkpoint after every epoch."""
    input:
        manifest="results/agreement/agreement_manifest.tsv",
        mnist=MNIST_FILES,
    output:
        notions="results/agreement/shards/{shard}.notions.parquet",
        history="results/agreement/shards/{shard}.history.parquet",
    pathvars:
        job="train_population/{shard}",
    retries: 2
    resources:
        mem_mb=plan.megabytes("train_population"),
        runtime=plan.minutes("train_population"),
    params:
        **job("agreement/train_population"),
        device=config["execution"]["device"],
        shards=plan.agreement.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints="results/agreement/checkpoints",
        settings=plan.agreement.settings(),
        seed=config["seed"],


use rule numerics as compare_notions with:
    """Rank correlations among the notions and with what came of training, and what follows from them."""
    input:
        manifest="results/agreement/agreement_manifest.tsv",
        notions=plan.agreement.parts("notions"),
        histories=plan.agreement.parts("history"),
    output:
        networks="results/agreement/agreement_networks.tsv",
        correlations="results/agreement/agreement_correlations.tsv",
        findings="results/agreement/agreement_findings.tsv",
    pathvars:
        job="compare_notions",
    resources:
        mem_mb=plan.megabytes("compare_notions"),
        runtime=plan.minutes("compare_notions"),
    params:
        **job("agreement/compare_notions"),
        **select_keys(config["agreement"], "width", "goal", "edge_networks", "edge_layers", "replicates", "agreeing"),
        seed=config["seed"],
