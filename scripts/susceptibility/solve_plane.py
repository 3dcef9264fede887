"""Exact mean sizes at the points of one shard of the plane, and their exact derivatives by the weight variance."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.susceptibility.mean_sizes import COUNTINGS, exact_means
from deepcrit.experiments.susceptibility.plane import plane_points
from deepcrit.experiments.susceptibility.schemas import EXACT_PLANE
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    table: str,
    network: Mapping[str, Any],
    grid: Mapping[str, Any],
    shard: int,
    shards: int,
    derivative_step: float,
) -> None:
    """One row a point and way of counting."""
    rows = []
    for point in plane_points(grid["weight_variances"], grid["log_bias_variances"], shard, shards):
        (below, _), (here, censored), (above, _) = (
            exact_means(
                NetworkSpec(
                    network["width"],
                    network["depth"],
                    point.weight_variance + shift,
                    point.bias_variance,
                    network["activation"],
                    network["input_strength"],
                )
            )
            for shift in (-derivative_step, 0.0, derivative_step)
        )
        for counting in COUNTINGS:
            rows.append(
                {
                    "network": network["name"],
                    "width": network["width"],
                    "depth": network["depth"],
                    **point._asdict(),
                    "counting": counting,
                    "share": here[counting].share,
                    "censored_fraction": censored,
                    "mean_size": here[counting].mean,
                    "derivative": (above[counting].mean - below[counting].mean) / (2 * derivative_step),
                }
            )
    write_tsv(pd.DataFrame(rows), table, EXACT_PLANE)


if "snakemake" in globals():
    run(main, snakemake)
