"""Means and shares over independent networks, as columns of a row: networks, value, ci_low, ci_high, ci_method."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binomtest

from deepcrit.stats.intervals import CONFIDENCE, mean_interval


def mean_over_networks(values: ArrayLike) -> dict[str, Any]:
    """Mean of the known values, with Student's interval.

    Args:
        values: one of each network, shape (networks,), NaN where it is not known.
    """
    known = np.asarray(values, np.float64)
    known = known[~np.isnan(known)]
    found = mean_interval(known)
    return {
        "networks": known.size, "value": found.value, "ci_low": found.ci_low, "ci_high": found.ci_high,
        "ci_method": "Student over networks",
    }  # fmt: skip


def share_of_networks(counted: ArrayLike) -> dict[str, Any]:
    """Share of networks, with the exact interval of Clopper and Pearson; none of no network.

    Args:
        counted: whether each is one of them, shape (networks,).
    """
    those = np.asarray(counted, bool)
    if not those.size:
        return {"networks": 0, "ci_method": "no network"}
    found = binomtest(int(those.sum()), those.size).proportion_ci(CONFIDENCE)
    return {
        "networks": those.size, "value": float(those.mean()), "ci_low": found.low, "ci_high": found.high,
        "ci_method": "Clopper and Pearson",
    }  # fmt: skip
