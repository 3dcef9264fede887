"""The edge of chaos and the ridge of the weight susceptibility, and how deep correlations reach beside the edge."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.grids import bias_grid
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.mean_field.schemas import CORRELATION_DEPTHS, CRITICAL_LINES
from deepcrit.physics.meanfield import decay_rate, edge_of_chaos, ridge, stable_correlation

LONGEST = 2000  # layers through which the correlation map is iterated


def main(
    lines: str, depths: str, activation: str, log_bias_variances: Mapping[str, float],
    correlation_depths: Mapping[str, Sequence[float]],
) -> None:  # fmt: skip
    """One row a bias variance; and one a bias variance and distance from the edge."""
    log10, sb2 = bias_grid(log_bias_variances)
    edge = edge_of_chaos(sb2, activation)
    found = [ridge(float(value), activation) for value in sb2]
    rows: dict[str, Any] = {
        "bias_variance": sb2,
        "log10_bias_variance": log10,
        "edge_weight_variance": edge,
        "ridge_weight_variance": [at.weight_variance for at in found],
        "ridge_height": [at.height for at in found],
        "half_height_low": [at.low for at in found],
        "half_height_high": [at.high for at in found],
        "half_height_width": [at.width for at in found],
        "interior": [at.interior for at in found],
        "gap": [on_edge - at.weight_variance for on_edge, at in zip(edge, found, strict=True)],
    }
    write_tsv(pd.DataFrame(rows), lines, CRITICAL_LINES)

    remembered = []
    for log_value in correlation_depths["log_bias_variances"]:
        value = 10.0**log_value
        on_edge = float(edge_of_chaos(value, activation)[0])
        for ratio in correlation_depths["edge_ratios"]:
            settled, inverse_depth = stable_correlation(ratio * on_edge, value, activation)
            rate = decay_rate(ratio * on_edge, value, activation, LONGEST)
            remembered.append(
                (value, log_value, ratio, ratio * on_edge, 1.0 - settled, inverse_depth, rate, rate / inverse_depth)
            )
    columns = [column.name for column in CORRELATION_DEPTHS.columns]
    write_tsv(pd.DataFrame(remembered, columns=columns).replace(np.inf, np.nan), depths, CORRELATION_DEPTHS)


if "snakemake" in globals():
    run(main, snakemake)
