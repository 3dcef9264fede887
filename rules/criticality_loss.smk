# In: MNIST. Out: classifiers trained on cross-entropy and on the criticality loss, for Fig. 4 of vock2025.


use rule numerics as design_runs with:
    """List the classifiers that are trained, with their seeds."""
    output:
        runs="results/criticality_loss/criticality_runs.tsv",
    pathvars:
        job="design_runs",
    localrule: True
    params:
        **job("criticality_loss/design_runs"),
        design=plan.criticality_loss.design(),
        seed=config["seed"],


use rule torch as train_runs with:
    """Train the classifiers of one shard, some at a time, with a checkpoint after every epoch."""
    input:
        runs="results/criticality_loss/criticality_runs.tsv",
        mnist=MNIST_FILES,
    output:
        history="results/criticality_loss/shards/{shard}.parquet",
    pathvars:
        job="train_runs/{shard}",
    retries: 2
    resources:
        mem_mb=plan.megabytes("train_runs"),
        runtime=plan.minutes("train_runs"),
    params:
        **job("criticality_loss/train_runs"),
        device=config["execution"]["device"],
        shards=plan.criticality_loss.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints="results/criticality_loss/checkpoints",
        settings=plan.criticality_loss.protocol(),
        seed=config["seed"],


use rule numerics as merge_runs with:
    """Put the histories of all shards back in the order of the runs, and keep what every network came to."""
    input:
        runs="results/criticality_loss/criticality_runs.tsv",
        shards=plan.criticality_loss.histories(),
    output:
        history="results/criticality_loss/criticality_history.tsv",
        outcomes="results/criticality_loss/criticality_outcomes.tsv",
    pathvars:
        job="merge_runs",
    localrule: True
    params:
        **job("criticality_loss/merge_runs"),
        averaged=config["criticality_loss"]["averaged_epochs"],


use rule numerics as compare_losses with:
    """Average the networks of each kind and setting, test losses and initialisations, and find where accuracy is best."""
    input:
        runs="results/criticality_loss/criticality_runs.tsv",
        history="results/criticality_loss/criticality_history.tsv",
        outcomes="results/criticality_loss/criticality_outcomes.tsv",
    output:
        curves="results/criticality_loss/criticality_curves.tsv",
        means="results/criticality_loss/criticality_means.tsv",
        scan="results/criticality_loss/criticality_scan.tsv",
        tests="results/criticality_loss/criticality_tests.tsv",
        landmarks="results/criticality_loss/criticality_landmarks.tsv",
        correlations="results/criticality_loss/rank_correlations.tsv",
    pathvars:
        job="compare_losses",
    localrule: True
    params:
        **job("criticality_loss/compare_losses"),
        design=plan.criticality_loss.design(),
        protocol=plan.criticality_loss.label(),
        replicates=config["criticality_loss"]["bootstrap_replicates"],
        seed=config["seed"],


use rule numerics as fit_settings with:
    """Fit the mixed models of accuracy over the settings of the criticality loss."""
    input:
        outcomes="results/criticality_loss/criticality_outcomes.tsv",
    output:
        effects="results/criticality_loss/criticality_effects.tsv",
        mixed="results/criticality_loss/criticality_mixed.tsv",
    pathvars:
        job="fit_settings",
    localrule: True
    params:
        **job("criticality_loss/fit_settings"),
        scanned=config["criticality_loss"]["scanned_initialisation"],
        protocol=plan.criticality_loss.label(),
        replicates=config["criticality_loss"]["bootstrap_replicates"],
        seed=config["seed"],
