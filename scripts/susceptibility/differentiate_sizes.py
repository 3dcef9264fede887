"""Derivative of the mean avalanche size by the weight variance at every point of the plane."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.susceptibility.derivative import FEWEST_POINTS, margin, noise_of, slope_operator
from deepcrit.experiments.susceptibility.plane import BIAS_KEYS, NETWORK_KEYS, POINT_KEYS
from deepcrit.experiments.susceptibility.schemas import DERIVATIVES, EXACT_PLANE, SIZE_PLANE
from deepcrit.physics.meanfield import steady_state


def main(
    plane: str, exact: Sequence[str], table: str, activation: str, bandwidths: Mapping[str, float], confidence: float
) -> None:
    """One row a point and way of counting; missing where too few inputs count for a mean."""
    laws = pd.concat([read_tsv(path, EXACT_PLANE) for path in exact])
    keys = [*POINT_KEYS, "counting"]
    points = read_tsv(plane, SIZE_PLANE).merge(laws[[*keys, "derivative"]], on=keys, validate="one_to_one")
    curves = points.groupby([*NETWORK_KEYS, *BIAS_KEYS, "counting"], sort=False)
    found = pd.concat([differentiated(curve, activation, bandwidths[key[0]], confidence) for key, curve in curves])
    write_tsv(found[[column.name for column in DERIVATIVES.columns]], table, DERIVATIVES)


def differentiated(curve: pd.DataFrame, activation: str, bandwidth: float, confidence: float) -> pd.DataFrame:
    """Rows of one network, bias variance and way of counting, with derivatives of simulated and exact means."""
    rows = curve.rename(columns={"derivative": "exact_derivative"}).reset_index(drop=True)
    field = steady_state(rows["weight_variance"], rows["bias_variance"], activation).weight_susceptibility
    estimated = pd.DataFrame(
        np.nan, rows.index, ["derivative", "standard_error", "smoothing_bias", "ci_low", "ci_high"]
    )
    there = np.flatnonzero(rows["mean_size"].notna() & rows["exact_derivative"].notna())
    if there.size >= FEWEST_POINTS:
        some = rows.iloc[there]
        operator = slope_operator(some["weight_variance"], some["weight_variance"], bandwidth)
        value, smoothed = (np.einsum("ij,j->i", operator, some[name]) for name in ("mean_size", "exact_mean_size"))
        noise, bias = noise_of(operator, some["standard_error"]), smoothed - some["exact_derivative"]
        half = margin(noise, bias, confidence)
        estimated.iloc[there] = np.stack([value, noise, bias, value - half, value + half], axis=1)
    rows[estimated.columns] = estimated
    return rows.assign(ci_method="normal, widened by the smoothing bias", field_susceptibility=field)


if "snakemake" in globals():
    run(main, snakemake)
