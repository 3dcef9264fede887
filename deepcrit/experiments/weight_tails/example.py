"""The tensor that Fig. 1a shows, or the one that stands in for it, as histograms beside both fitted laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from deepcrit.experiments.weight_tails.networks import EXAMPLE, EXAMPLE_ENTRIES, STANDS_IN
from deepcrit.stats import stable

AS_SHOWN = "the one that is shown"
_BINS, _HALF_WIDTH, _PER_DECADE = 121, 6.0, 8


def choose_example(tensors: pd.DataFrame) -> pd.Series:
    """The row of schema ``weight_tensors`` that is shown: the published one, else the one nearest to it in size."""
    trained = tensors[(tensors["draw"] == 0) & tensors["fitted"]]
    network, tensor = EXAMPLE
    shown = trained[(trained["network"] == network) & (trained["tensor"] == tensor)]
    if len(shown):
        return shown.iloc[0]
    distance = np.log(trained["n"] / EXAMPLE_ENTRIES).abs()
    return trained.loc[distance.idxmin()]


def example_row(chosen: pd.Series) -> pd.DataFrame:
    """Schema ``weight_example``."""
    standing = AS_SHOWN if (chosen["network"], chosen["tensor"]) == EXAMPLE else STANDS_IN
    columns = ["n", "alpha", "alpha_low", "alpha_high", "scale", "mean", "sd", "over_normal", "best"]
    return pd.DataFrame([{**chosen[["network", "tensor"]], "standing": standing, **chosen[columns]}])


def histograms(values: NDArray[np.floating], chosen: pd.Series) -> pd.DataFrame:
    """Schema ``weight_histogram``: the body in equal bins of the value, the tail in logarithmic bins of the distance.

    Args:
        values: of the tensor.
        chosen: its row of schema ``weight_tensors``.
    """
    w = values.ravel().astype(np.float64)
    mean, sd, alpha, scale = (float(chosen[name]) for name in ("mean", "sd", "alpha", "scale"))
    body = mean + sd * np.linspace(-_HALF_WIDTH, _HALF_WIDTH, _BINS + 1)
    distance = np.abs(w - mean)
    decades = np.log10(distance.max() / (0.1 * sd))
    tail = 0.1 * sd * 10 ** np.linspace(0, decades, max(2, round(_PER_DECADE * decades)) + 1)
    tail[-1] = np.nextafter(distance.max(), np.inf)
    rows = []
    for axis, x, edges, sides in (("value", w, body, 1.0), ("distance", distance, tail, 2.0)):
        counts = np.histogram(x, edges)[0]
        width = np.diff(edges)
        from_mean = edges - mean if axis == "value" else edges
        laws = (
            -sides * np.diff(stable.survival(from_mean, alpha, scale)) / width,
            -sides * np.diff(norm.sf(from_mean, 0, sd)) / width,
        )
        rows.append(
            pd.DataFrame(
                {
                    "axis": axis,
                    "low": edges[:-1],
                    "high": edges[1:],
                    "entries": counts,
                    "density": counts / width / w.size,
                    "stable": laws[0],
                    "normal": laws[1],
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
