# In: training runs, and MNIST. Out: losses of single images, their tilted ensemble, landscapes, and where networks
# converge.


use rule torch as measure_landscapes with:
    """Measure the losses of the networks of one shard of training runs."""
    input:
        runs="results/sgd_runs/runs.tsv",
        snapshots="results/sgd_runs/shards/{shard}.snapshots.parquet",
        mnist=MNIST_FILES,
    output:
        moments="results/loss_landscapes/shards/{shard}.moments.parquet",
        tails="results/loss_landscapes/shards/{shard}.tails.parquet",
        entropies="results/loss_landscapes/shards/{shard}.entropies.parquet",
        deviations="results/loss_landscapes/shards/{shard}.deviations.parquet",
        slices="results/loss_landscapes/shards/{shard}.slices.parquet",
        maps="results/loss_landscapes/shards/{shard}.maps.parquet",
    pathvars:
        job="measure_landscapes/{shard}",
    resources:
        mem_mb=plan.megabytes("measure_landscapes"),
        runtime=plan.minutes("measure_landscapes"),
    params:
        **job("loss_landscapes/measure_landscapes"),
        kept=plan.loss_landscapes.measured(),
        settings={
            **select_keys(
                config["loss_landscapes"],
                "followed",
                "images",
                "family_images",
                "thresholds",
                "deviation_batches",
                "deviation_draws",
                "slice_iterations",
                "slice_images",
                "slice_planes",
                "slice_points",
                "slice_reach",
                "critical",
            ),
            "batch": config["sgd_runs"]["batch"],
        },
        seed=config["seed"],


use rule numerics as summarise_landscapes with:
    """Put the losses of all shards together, and relate them to iterations, sizes and mobilities."""
    input:
        outcomes="results/sgd_runs/run_outcomes.tsv",
        moment_parts=plan.loss_landscapes.parts("moments"),
        tail_parts=plan.loss_landscapes.parts("tails"),
        entropy_parts=plan.loss_landscapes.parts("entropies"),
        deviation_parts=plan.loss_landscapes.parts("deviations"),
        slice_parts=plan.loss_landscapes.parts("slices"),
        map_parts=plan.loss_landscapes.parts("maps"),
    output:
        moments="results/loss_landscapes/loss_moments.tsv",
        tails="results/loss_landscapes/loss_tails.tsv",
        entropies="results/loss_landscapes/tilted_entropies.tsv",
        deviations="results/loss_landscapes/batch_deviations.tsv",
        slices="results/loss_landscapes/landscape_slices.tsv",
        maps="results/loss_landscapes/landscape_maps.tsv",
        boundary="results/loss_landscapes/convergence_boundary.tsv",
        summary="results/loss_landscapes/landscape_summary.tsv",
    pathvars:
        job="summarise_landscapes",
    resources:
        mem_mb=plan.megabytes("summarise_landscapes"),
        runtime=plan.minutes("summarise_landscapes"),
    params:
        **job("loss_landscapes/summarise_landscapes"),
        settings=select_keys(
            config["loss_landscapes"],
            "followed",
            "plane",
            "apart",
            "threshold",
            "transition",
            "converged",
            "low_loss",
            "budget",
            "bootstrap_replicates",
        ),
        seed=config["seed"],
