"""Bias and noise of derivatives on known functions: naive differences and local regression over bandwidths."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.susceptibility.derivative import (
    coverage_of_noise,
    difference_operator,
    noise_of,
    slope_operator,
)
from deepcrit.experiments.susceptibility.plane import BIAS_KEYS, NETWORK_KEYS, POINT_KEYS
from deepcrit.experiments.susceptibility.schemas import DERIVATIVE_CHECK, EXACT_PLANE, SIZE_PLANE

CENTRE, SPREAD = 1.05, 0.03  # of the logistic, in sw2: about as steep as mean sizes without bias


def main(
    plane: str,
    exact: Sequence[str],
    table: str,
    bandwidths_checked: Sequence[float],
    bandwidths: Mapping[str, float],
    confidence: float,
) -> None:
    """One row a network, function and estimator, with the noise of started avalanches as simulated."""
    laws = pd.concat([read_tsv(path, EXACT_PLANE) for path in exact])
    keys = [*POINT_KEYS, "counting"]
    points = read_tsv(plane, SIZE_PLANE).merge(laws[[*keys, "derivative"]], on=keys).query("counting == 'started'")
    rows = []
    for (*network, _, log10), curve in points.groupby([*NETWORK_KEYS, *BIAS_KEYS], sort=False):
        known = curve.dropna(subset=["standard_error", "exact_mean_size"])
        sw2, errors = known["weight_variance"].to_numpy(), known["standard_error"].to_numpy()
        estimators = {("central difference", 0.0): difference_operator(sw2)} | {
            ("local cubic", width): slope_operator(sw2, sw2, width) for width in bandwidths_checked
        }
        functions = {"exact mean size": (known["exact_mean_size"].to_numpy(), known["derivative"].to_numpy())}
        if np.isneginf(log10):
            functions["logistic"] = logistic(sw2, known["exact_mean_size"].max())
        for function, (values, derivatives) in functions.items():
            top = np.abs(derivatives).max()
            for (estimator, width), operator in estimators.items():
                bias = np.einsum("ij,j->i", operator, values) - derivatives
                noise = noise_of(operator, errors)
                rows.append(
                    (
                        *network,
                        function,
                        log10,
                        estimator,
                        width,
                        np.sqrt(np.mean(bias**2)) / top,
                        np.sqrt(np.mean(noise**2)) / top,
                        np.sqrt(np.mean(bias**2 + noise**2)) / top,
                        coverage_of_noise(noise, bias, confidence).mean(),
                        width == bandwidths[network[0]],
                    )
                )
    write_tsv(pd.DataFrame(rows, columns=[column.name for column in DERIVATIVE_CHECK.columns]), table, DERIVATIVE_CHECK)


def logistic(sw2: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray]:
    """A smooth step of a given height at each weight variance, and its derivative."""
    step = 1.0 / (1.0 + np.exp(-(sw2 - CENTRE) / SPREAD))
    return height * step, height * step * (1.0 - step) / SPREAD


if "snakemake" in globals():
    run(main, snakemake)
