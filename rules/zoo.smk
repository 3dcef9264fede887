# In: what torchvision publishes of its classifiers, their weights where they can be had, and images. Out: dynamics,
# rank correlations, mixed models of accuracy, and what new weights changed, for Fig. 2 and 3 of vock2025.


use rule torch as list_models with:
    """List torchvision's classifiers with what it says of them, and their year and group as printed."""
    input:
        published="published/vock2025_models.tsv",
    output:
        models="results/zoo/models.tsv",
        sets="results/zoo/weight_sets.tsv",
    pathvars:
        job="list_models",
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=scaled_by_attempt(5),
    params:
        **job("zoo/list_models"),


use rule torch as choose_images with:
    """Choose the images that classifiers are shown."""
    input:
        photographs=plan.zoo.photographs(),
    output:
        output="results/zoo/zoo_images.tsv",
    pathvars:
        job="choose_images",
    resources:
        mem_mb=scaled_by_attempt(1500),
        runtime=scaled_by_attempt(10),
    params:
        **job("zoo/choose_images"),
        directory=config["zoo"]["imagenet_directory"] or "",
        number=config["zoo"]["inputs"],
        seed=config["seed"],


use rule torch as measure_dynamics with:
    """Measure the dynamics of every network of a shard, or say why one could not be measured."""
    input:
        # opened by the names in the table of images and in the configuration
        plan.zoo.photographs(),
        plan.zoo.own_files(),
        sets="results/zoo/weight_sets.tsv",
        images="results/zoo/zoo_images.tsv",
    output:
        inputs="results/zoo/shards/{shard}.dynamics_inputs.parquet",
        status="results/zoo/shards/{shard}.dynamics_status.parquet",
    pathvars:
        job="measure_dynamics/{shard}",
    retries: 1
    resources:
        mem_mb=plan.megabytes("measure_dynamics"),
        runtime=plan.minutes("measure_dynamics"),
    params:
        **job("zoo/measure_dynamics"),
        device=config["execution"]["device"],
        settings=plan.zoo.subjects(),
        cache=WEIGHTS,
        kept="results/zoo/kept",
        # which weights can be had is part of the result
        local_directory=config["trained_weights"]["local_directory"] or "",
        timeout_seconds=config["trained_weights"]["timeout"],
        seed=config["seed"],
        shards=config["execution"]["shards"]["dynamics"],


use rule numerics as gather_dynamics with:
    """Put the networks of all shards in one order, and average dynamics over inputs."""
    input:
        inputs=plan.zoo.parts("dynamics_inputs"),
        status=plan.zoo.parts("dynamics_status"),
    output:
        dynamics="results/zoo/dynamics.tsv",
        inputs="results/zoo/dynamics_inputs.tsv",
        status="results/zoo/dynamics_status.tsv",
    pathvars:
        job="gather_dynamics",
    localrule: True
    params:
        **job("zoo/gather_dynamics"),


use rule numerics as relate_models with:
    """Hold accuracy of classifiers against year, size and whatever dynamics were measured, by rank correlations."""
    input:
        models="results/zoo/models.tsv",
        sets="results/zoo/weight_sets.tsv",
        dynamics="results/zoo/dynamics.tsv",
    output:
        correlations="results/zoo/rank_correlations.tsv",
        numbers="results/zoo/zoo_landmarks.tsv",
    pathvars:
        job="relate_models",
    localrule: True
    params:
        **job("zoo/relate_models"),
        least=config["zoo"]["minimum_models"],
        seed=config["seed"],


use rule numerics as fit_mixed_models with:
    """Fit the mixed models of accuracy of which all predictors are known."""
    input:
        models="results/zoo/models.tsv",
        dynamics="results/zoo/dynamics.tsv",
    output:
        fits="results/zoo/mixed_models.tsv",
        effects="results/zoo/mixed_effects.tsv",
        correlations="results/zoo/mixed_correlations.tsv",
        summary="results/zoo/mixed_summary.tsv",
    pathvars:
        job="fit_mixed_models",
    localrule: True
    params:
        **job("zoo/fit_mixed_models"),
        least=config["zoo"]["minimum_models"],


use rule numerics as pair_weights with:
    """Hold old and new weights of the same architectures against each other."""
    input:
        models="results/zoo/models.tsv",
        sets="results/zoo/weight_sets.tsv",
        dynamics="results/zoo/dynamics.tsv",
    output:
        pairs="results/zoo/weight_pairs.tsv",
        table="results/zoo/recipe_changes.tsv",
    pathvars:
        job="pair_weights",
    localrule: True
    params:
        **job("zoo/pair_weights"),
