# In: trained networks, and random ones at the same points of the plane. Out: what learning goes with.


use rule numerics as relate_learning with:
    """Hold training accuracy against what random networks of the same size do at the same points of the plane."""
    input:
        outcomes="results/trainability/outcomes.tsv",
        windows="results/trainability/windows.tsv",
        derivatives="results/susceptibility/derivatives.tsv",
        mismatch="results/susceptibility/mismatch.tsv",
    output:
        points="results/learning/learning_points.tsv",
        edge="results/learning/edge_accuracy.tsv",
        table="results/learning/rank_correlations.tsv",
    pathvars:
        job="relate_learning",
    params:
        **job("learning/relate_learning"),
        replicates=config["trainability"]["bootstrap_replicates"],
        seed=config["seed"],
