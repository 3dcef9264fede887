# In: random networks of stable weights, and the lines of the phase diagram. Out: circles of inputs after many layers, and
# distances between neighbours along them, for Fig. 4, 5 and S1 of qu2022.


use rule numerics as propagate_circles with:
    """Send a circle through the random networks of one shard, at every gain."""
    output:
        spectra="results/manifolds/circles/{shard}.circle_spectra.tsv",
        projections="results/manifolds/circles/{shard}.circle_projections.tsv",
    pathvars:
        job="propagate_circles/{shard}",
    resources:
        mem_mb=plan.megabytes("propagate_circles"),
        runtime=plan.minutes("propagate_circles"),
    params:
        **job("manifolds/propagate_circles"),
        networks=plan.manifolds.networks_in("circles"),
        circles=config["manifolds"]["circles"],
        seed=config["seed"],


use rule numerics as summarise_circles with:
    """Singular values of circles over networks: medians with quantiles, and how much their first component holds."""
    input:
        spectra=plan.manifolds.parts("circles", "circle_spectra"),
        projections=plan.manifolds.parts("circles", "circle_projections"),
    output:
        drawn="results/manifolds/circle_projections.tsv",
        table="results/manifolds/circle_summary.tsv",
    pathvars:
        job="summarise_circles",
    localrule: True
    params:
        **job("manifolds/summarise_circles"),


use rule numerics as measure_distances with:
    """Distances between neighbours along the circle, in the random networks of one shard, at every gain."""
    output:
        table="results/manifolds/distances/{shard}.distance_variations.tsv",
    pathvars:
        job="measure_distances/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_distances"),
        runtime=plan.minutes("measure_distances"),
    params:
        **job("manifolds/measure_distances"),
        networks=plan.manifolds.networks_in("distances"),
        distances=config["manifolds"]["distances"],
        seed=config["seed"],


use rule numerics as contrast_distances with:
    """Where neighbours along the circle vary most: the plane, contrasts between regimes, the region against width."""
    input:
        variations=plan.manifolds.parts("distances", "distance_variations"),
        lines="results/levy_mean_field/ordered_lines.tsv",
        boundaries="results/levy_mean_field/phase_boundaries.tsv",
    output:
        plane="results/manifolds/distance_plane.tsv",
        contrasts="results/manifolds/distance_contrasts.tsv",
        widths="results/manifolds/crossover_widths.tsv",
    pathvars:
        job="contrast_distances",
    params:
        **job("manifolds/contrast_distances"),
        distances=config["manifolds"]["distances"],
        seed=config["seed"],
