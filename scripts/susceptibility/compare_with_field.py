"""Hold mean avalanche sizes and their derivatives against signals in infinitely wide networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.susceptibility.derivative import FEWEST_POINTS
from deepcrit.experiments.susceptibility.mean_sizes import COUNTINGS, counted
from deepcrit.experiments.susceptibility.peak import (
    Peak,
    find_peak,
    resampled_means,
    widened,
)
from deepcrit.experiments.susceptibility.plane import BIAS_KEYS, NETWORK_KEYS, POINT_KEYS
from deepcrit.experiments.susceptibility.schemas import (
    EXACT_PLANE,
    PLANE_BLOCKS,
    SIZE_AGAINST_FIELD,
    SIZE_PLANE,
)
from deepcrit.physics.meanfield import ridge, steady_state
from deepcrit.stats.intervals import basic_interval, percentile_interval
from deepcrit.stats.ranks import row_correlations


def main(
    plane: str,
    exact: Sequence[str],
    blocks: Sequence[str],
    table: str,
    activation: str,
    settings: Mapping[str, Any],
    bandwidths: Mapping[str, float],
    seed: int,
) -> None:
    """One row a network, bias variance and way of counting; heights are held against the next smaller bias variance."""
    laws = pd.concat([read_tsv(path, EXACT_PLANE) for path in exact])
    keys = [*POINT_KEYS, "counting"]
    points = read_tsv(plane, SIZE_PLANE).merge(laws[[*keys, "derivative"]], on=keys, validate="one_to_one")
    sums = pd.concat([read_parquet(path, PLANE_BLOCKS) for path in blocks])
    groups = dict(list(sums.groupby(POINT_KEYS)))
    rows: list[dict[str, Any]] = []
    before: dict[tuple[str, str], Peak | None] = {}
    for (network, width, depth, sb2, log10, counting), curve in points.groupby(
        [*NETWORK_KEYS, *BIAS_KEYS, "counting"], sort=False
    ):
        row = {
            "network": network,
            "width": width,
            "depth": depth,
            "bias_variance": sb2,
            "log10_bias_variance": log10,
            "counting": counting,
            "launched": int(curve["launched"].sum()),
            "ridge_weight_variance": ridge(sb2, activation).weight_variance,
        }
        known = curve.dropna(subset=["mean_size", "derivative"])
        peak = None
        row["points"] = len(known)
        if len(known) >= FEWEST_POINTS:
            resampled = np.empty((settings["bootstrap_replicates"], len(known)))
            for column, point in zip(resampled.T, known[POINT_KEYS].itertuples(index=False), strict=True):
                name = f"{network}/{point.weight_variance:.12g}/{sb2:.12g}"
                rng = generator(seed_key(seed, "compare_with_field", name, COUNTINGS.index(counting)))
                column[:] = resampled_means(*counted(groups[tuple(point)], counting), len(column), rng)
            resampled = resampled[~np.isnan(resampled).any(axis=1)]
            row |= shape_against_field(known, resampled, activation, settings["confidence"])
            peak = find_peak(
                known["weight_variance"].to_numpy(),
                known["mean_size"].to_numpy(),
                resampled,
                known["exact_mean_size"].to_numpy(),
                known["derivative"].to_numpy(),
                bandwidth=bandwidths[network],
                step=settings["peak_step"],
            )
            row |= of_peak(peak, row["ridge_weight_variance"], settings["confidence"])
            row |= step_between(before.get((network, counting)), peak, settings["confidence"])
        before[network, counting] = peak
        rows.append(row)
    columns = [column.name for column in SIZE_AGAINST_FIELD.columns]
    write_tsv(pd.DataFrame(rows, columns=columns), table, SIZE_AGAINST_FIELD)


def shape_against_field(
    known: pd.DataFrame, resampled: NDArray[np.float64], activation: str, confidence: float
) -> dict[str, float]:
    """Rank correlation with the steady signal strength, and how far the curve is from its shape.

    Resampling adds noise, which lowers the correlation and raises the misfit, so that percentiles are conservative.
    """
    field = steady_state(known["weight_variance"], known["bias_variance"], activation).signal_strength
    curves = np.vstack([known["mean_size"], known["exact_mean_size"], resampled])
    row = {}
    for name, (own, exact, *others) in {
        "spearman": row_correlations(curves, field),
        "misfit": misfits(curves, field, int(known["weight_variance"].to_numpy().argmax())),
    }.items():
        low, high = percentile_interval(others, confidence)
        row |= {name: own, f"{name}_ci_low": min(low, own), f"{name}_ci_high": max(high, own), f"exact_{name}": exact}
    return row


def misfits(curves: NDArray[np.float64], field: NDArray[np.float64], last: int) -> NDArray[np.float64]:
    """Root mean square difference of each curve, shape (curves, points), and the field, over their last values."""
    return np.sqrt(((curves / curves[:, [last]] - field / field[last]) ** 2).mean(axis=1))


def of_peak(peak: Peak, ridge_at: float, confidence: float) -> dict[str, float]:
    """Position and height of the peak; intervals are widened by what the regression is known to shift them."""
    low, high = widened(*percentile_interval(peak.positions, confidence), peak.position_bias)
    height_low, height_high = widened(*basic_interval(peak.height, peak.heights, confidence)[:2], peak.height_bias)
    return {
        "peak_weight_variance": peak.weight_variance,
        "peak_ci_low": low,
        "peak_ci_high": high,
        "exact_peak_weight_variance": peak.exact_weight_variance,
        "difference": peak.weight_variance - ridge_at,
        "difference_ci_low": low - ridge_at,
        "difference_ci_high": high - ridge_at,
        "peak_height": peak.height,
        "height_ci_low": height_low,
        "height_ci_high": height_high,
        "exact_peak_height": peak.exact_height,
    }


def step_between(smaller: Peak | None, larger: Peak, confidence: float) -> dict[str, float]:
    """Height of a peak less that of the next smaller bias variance, which is simulated independently."""
    if smaller is None:
        return {}
    resamples = min(len(smaller.heights), len(larger.heights))
    step = larger.height - smaller.height
    low, high, _ = basic_interval(step, larger.heights[:resamples] - smaller.heights[:resamples], confidence)
    low, high = widened(low, high, larger.height_bias - smaller.height_bias)
    return {"height_step": step, "step_ci_low": low, "step_ci_high": high}


if "snakemake" in globals():
    run(main, snakemake)
