# In: networks trained from stable weights, and their eigenvectors before. Out: what training goes with.


use rule numerics as relate_training with:
    """Hold training from stable weights against what is known of the same networks before."""
    input:
        outcomes="results/levy_training/levy_outcomes.tsv",
        dimensions="results/multifractality/trained_dimensions.tsv",
        later="published/qu2022_later_edge.tsv",
    output:
        points="results/levy_learning/levy_points.tsv",
        correlations="results/levy_learning/rank_correlations.tsv",
        regions="results/levy_learning/levy_regions.tsv",
    pathvars:
        job="relate_training",
    params:
        **job("levy_learning/relate_training"),
        replicates=config["trainability"]["bootstrap_replicates"],
        seed=config["seed"],
