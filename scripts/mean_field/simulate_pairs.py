"""How fast two inputs of one network of finite width come to their settled correlation.

Two pairs start on either side of it, and what is left between them is fitted, so that it need not be known.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.mean_field.schemas import FINITE_WIDTH_DECAY
from deepcrit.physics.meanfield import correlation_map, edge_of_chaos, stable_correlation, steady_state
from deepcrit.physics.meanfield.finite_lines import decay_of_pairs, fit_decay
from deepcrit.physics.meanfield.finite_width import simulate_decorrelation

AWAY = 0.1  # distance of the first correlations from the settled one, on both sides
GROUPS = 20  # of pairs, for the jackknife


def main(table: str, activation: str, finite_pairs: Mapping[str, Any], seed: int) -> None:
    """One row a width, bias variance and distance from the edge of chaos."""
    rows = []
    layers = finite_pairs["layers"]
    for log10 in finite_pairs["log_bias_variances"]:
        sb2 = 10.0**log10
        for ratio in finite_pairs["edge_ratios"]:
            sw2 = ratio * float(edge_of_chaos(sb2, activation)[0])
            settled, inverse_depth = stable_correlation(sw2, sb2, activation)
            starts = (settled - AWAY, min(settled + AWAY, 1.0))
            infinite = _gap_of_map(starts, layers, sw2, sb2, activation)
            for width in finite_pairs["widths"]:
                key = seed_key(seed, "finite_width", f"pairs/N{width}/{log10!r}/{ratio!r}", 0)
                low, high = (
                    # under the same normals, so that what both have in common cancels
                    simulate_decorrelation(
                        width, sw2, sb2, activation, start, finite_pairs["pairs"], finite_pairs["burn_in"], layers,
                        generator(key),
                    )
                    for start in starts
                )  # fmt: skip
                rate = decay_of_pairs(low - high, GROUPS)
                rows.append(
                    {
                        "width": width,
                        "bias_variance": sb2,
                        "log10_bias_variance": log10,
                        "edge_ratio": ratio,
                        "weight_variance": sw2,
                        "decay_rate": rate.value,
                        "ci_low": rate.ci_low,
                        "ci_high": rate.ci_high,
                        "ci_method": f"jackknife over {GROUPS} groups of pairs",
                        "infinite_width": fit_decay(infinite),
                        "inverse_depth": inverse_depth,
                        "relative_rate": rate.value / inverse_depth,
                        "relative_low": rate.ci_low / inverse_depth,
                        "relative_high": rate.ci_high / inverse_depth,
                        "pairs": finite_pairs["pairs"],
                    }
                )
    write_tsv(pd.DataFrame(rows), table, FINITE_WIDTH_DECAY)


def _gap_of_map(starts: tuple[float, float], layers: int, sw2: float, sb2: float, activation: str) -> np.ndarray:
    """Difference of two correlations that follow the map of infinite width, layer by layer."""
    q = float(steady_state(sw2, sb2, activation).q)
    paths = [list(starts)]
    for _ in range(layers):
        paths.append([correlation_map(c, q, sw2, sb2, activation) for c in paths[-1]])
    return np.diff(paths, axis=1)[:, 0]


if "snakemake" in globals():
    run(main, snakemake)
