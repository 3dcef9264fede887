"""Simulate the points of one shard of the plane of weight and bias variance."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepcrit.core.logs import log_to
from deepcrit.core.tables import write_parquet
from deepcrit.experiments.susceptibility.mean_sizes import ended_avalanches, simulate_blocks, sums_of_blocks
from deepcrit.experiments.susceptibility.plane import plane_points
from deepcrit.experiments.susceptibility.schemas import PLANE_AVALANCHES, PLANE_BLOCKS
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    outputs: Mapping[str, str],
    network: Mapping[str, Any],
    weight_variances: Mapping[str, float],
    log_bias_variances: Sequence[float],
    shard: tuple[int, int],
    blocks: int,
    launched: int,
    seed: int,
    provenance: Mapping[str, str],
) -> None:
    """Write sums of every block, and every avalanche that started and ended inside the network."""
    sums, avalanches = [], []
    for point in plane_points(weight_variances, log_bias_variances, *shard):
        spec = NetworkSpec(
            network["width"], network["depth"], point.weight_variance, point.bias_variance,
            network["activation"], network["input_strength"],
        )  # fmt: skip
        found = simulate_blocks("radial", spec, blocks, launched, seed, f"susceptibility/{network['name']}")
        keys = {"network": network["name"], "width": spec.width, "depth": spec.depth, **point._asdict()}
        sums.append(sums_of_blocks(found).assign(**keys))
        avalanches.append(ended_avalanches(found).assign(**keys))
    write_parquet(pd.concat(sums), outputs["blocks"], PLANE_BLOCKS, provenance)
    write_parquet(pd.concat(avalanches), outputs["avalanches"], PLANE_AVALANCHES, provenance)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        dict(snakemake.output.items()),
        snakemake.params.network,
        snakemake.params.grid["weight_variances"],
        snakemake.params.grid["log_bias_variances"],
        (int(snakemake.wildcards.shard), snakemake.params.shards),
        snakemake.params.blocks,
        snakemake.params.launched_per_block,
        snakemake.params.seed,
        {"code_digest": snakemake.params.code, "seed": str(snakemake.params.seed)},
    )
