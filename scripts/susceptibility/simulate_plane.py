"""Simulate the points of one shard of the plane of weight and bias variance."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_parquet
from deepcrit.experiments.susceptibility.mean_sizes import ended_avalanches, simulate_plane_blocks, sums_of_blocks
from deepcrit.experiments.susceptibility.plane import plane_points
from deepcrit.experiments.susceptibility.schemas import PLANE_AVALANCHES, PLANE_BLOCKS
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    outputs: Mapping[str, str],
    network: Mapping[str, Any],
    grid: Mapping[str, Any],
    shard: int,
    shards: int,
    blocks: int,
    launched_per_block: int,
    seed: int,
    code: str,
) -> None:
    """Write sums of every block, and every avalanche that started and ended inside the network."""
    sums, avalanches = [], []
    made_from = {"code_digest": code, "seed": str(seed)}
    for point in plane_points(grid["weight_variances"], grid["log_bias_variances"], shard, shards):
        spec = NetworkSpec(
            network["width"], network["depth"], point.weight_variance, point.bias_variance,
            network["activation"], network["input_strength"],
        )  # fmt: skip
        found = simulate_plane_blocks(
            "radial", spec, blocks, launched_per_block, seed, f"susceptibility/{network['name']}"
        )
        keys = {"network": network["name"], "width": spec.width, "depth": spec.depth, **point._asdict()}
        sums.append(sums_of_blocks(found).assign(**keys))
        avalanches.append(ended_avalanches(found).assign(**keys))
    write_parquet(pd.concat(sums), outputs["blocks"], PLANE_BLOCKS, made_from)
    write_parquet(pd.concat(avalanches), outputs["avalanches"], PLANE_AVALANCHES, made_from)


if "snakemake" in globals():
    run(main, snakemake)
