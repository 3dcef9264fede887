# In: a sample of the configuration at one width. Out: its tables of avalanches, blocks and profiles.


use rule numerics as initialise_networks with:
    """Write the manifest of one sample: a seed key for every network or block of avalanches, no weights."""
    input:
        offsets=plan.avalanches.derived_offsets,
    output:
        manifest="results/{experiment}/{sample}/N{width}/manifest.tsv",
    pathvars:
        job="initialise_networks/{experiment}/{sample}_N{width}",
    wildcard_constraints:
        experiment="gaussian_avalanches|real_inputs",
    localrule: True
    params:
        **job("avalanches/initialise_networks"),
        settings=plan.avalanches.sample_keys,
        seed=config["seed"],


use rule numerics as simulate_avalanches with:
    """Simulate the blocks of one shard of a manifest."""
    input:
        manifest="results/{experiment}/{sample}/N{width}/manifest.tsv",
        images=plan.avalanches.images_of,
    output:
        avalanches="results/{experiment}/{sample}/N{width}/shards/{shard}.avalanches.parquet",
        blocks="results/{experiment}/{sample}/N{width}/shards/{shard}.blocks.parquet",
        profiles="results/{experiment}/{sample}/N{width}/shards/{shard}.profiles.parquet",
    pathvars:
        job="simulate_avalanches/{experiment}/{sample}_N{width}_{shard}",
    retries: 2
    resources:
        mem_mb=scaled_by_attempt(2000),
        runtime=plan.minutes("simulate_avalanches"),
    params:
        **job("avalanches/simulate_avalanches"),
        shards=plan.avalanches.shard_count,


use rule numerics as merge_avalanches with:
    """Merge the shards of one sample, in block order."""
    input:
        manifest="results/{experiment}/{sample}/N{width}/manifest.tsv",
        avalanches=plan.avalanches.shards_of("avalanches"),
        blocks=plan.avalanches.shards_of("blocks"),
        profiles=plan.avalanches.shards_of("profiles"),
    output:
        avalanches="results/{experiment}/{sample}/N{width}/avalanches.parquet",
        blocks="results/{experiment}/{sample}/N{width}/blocks.parquet",
        profiles="results/{experiment}/{sample}/N{width}/profiles.parquet",
    pathvars:
        job="merge_avalanches/{experiment}/{sample}_N{width}",
    resources:
        mem_mb=plan.megabytes("merge_avalanches"),
        runtime=scaled_by_attempt(30),
    params:
        **job("avalanches/merge_avalanches"),
