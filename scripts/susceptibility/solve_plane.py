"""Exact mean sizes at the points of one shard of the plane, and their exact derivatives by the weight variance."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepcrit.core.logs import log_to
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.susceptibility.mean_sizes import COUNTINGS, exact_means
from deepcrit.experiments.susceptibility.plane import plane_points
from deepcrit.experiments.susceptibility.schemas import EXACT_PLANE
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    table: str,
    network: Mapping[str, Any],
    weight_variances: Mapping[str, float],
    log_bias_variances: Sequence[float],
    shard: tuple[int, int],
    step: float,
) -> None:
    """One row a point and way of counting."""
    rows = []
    for point in plane_points(weight_variances, log_bias_variances, *shard):
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
            for shift in (-step, 0.0, step)
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
                    "derivative": (above[counting].mean - below[counting].mean) / (2 * step),
                }
            )
    write_tsv(pd.DataFrame(rows), table, EXACT_PLANE)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.output[0],
        snakemake.params.network,
        snakemake.params.grid["weight_variances"],
        snakemake.params.grid["log_bias_variances"],
        (int(snakemake.wildcards.shard), snakemake.params.shards),
        snakemake.params.derivative_step,
    )
