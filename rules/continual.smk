# In: images of MNIST and Fashion-MNIST, or Continual ImageNet in a local directory. Out: networks that learn one task
# after another, what became of their accuracy and exponents, and mixed models of it, for Fig. 5 of vock2025.


use rule numerics as list_configurations with:
    """List the networks that are trained on a sequence of tasks."""
    output:
        manifest="results/continual/{sample}/manifest.tsv",
    pathvars:
        job="list_configurations/{sample}",
    localrule: True
    params:
        **job("continual/list_configurations"),
        streams=plan.continual.streams,
        settings=select_keys(config["continual"], "replacement_rates", "targets", "strengths"),


# no retries of its own, so that --retries says how often a job that exceeds a time limit goes on
use rule torch as train_tasks with:
    """Train the networks of one shard through their tasks, with a checkpoint after every task."""
    input:
        manifest="results/continual/{sample}/manifest.tsv",
        mnist=MNIST_FILES,
        fashion_mnist=FASHION_FILES,
    output:
        history="results/continual/{sample}/shards/{shard}.parquet",
    pathvars:
        job="train_tasks/{sample}_{shard}",
    resources:
        mem_mb=plan.megabytes("train_tasks"),
        runtime=plan.minutes("train_tasks"),
    params:
        **job("continual/train_tasks"),
        device=config["execution"]["device"],
        shards=plan.continual.shards,
        together=config["execution"]["networks_trained_together"],
        checkpoints="results/continual/{sample}/checkpoints",
        learning=plan.continual.learning(),
        tasks=plan.continual.tasks,
        imagenet_directory=plan.continual.imagenet,
        seed=config["seed"],


use rule numerics as merge_tasks with:
    """Put the histories of all shards of all sequences of tasks into one table, and average them over bins of tasks."""
    input:
        **plan.continual.parts(),
    output:
        tasks="results/continual/continual_tasks.tsv",
        bins="results/continual/continual_bins.tsv",
    pathvars:
        job="merge_tasks",
    localrule: True
    params:
        **job("continual/merge_tasks"),
        labels=plan.continual.labels(),
        averaged=config["continual"]["tasks_averaged"],


use rule numerics as relate_tasks with:
    """Relate accuracy to what networks were trained with, to exponents and to the criticality loss."""
    input:
        tasks="results/continual/continual_tasks.tsv",
    output:
        found="results/continual/continual_statistics.tsv",
        fits="results/continual/continual_fits.tsv",
        effects="results/continual/continual_effects.tsv",
    pathvars:
        job="relate_tasks",
    localrule: True
    params:
        **job("continual/relate_tasks"),
        averaged=config["continual"]["tasks_averaged"],
