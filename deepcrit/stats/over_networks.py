"""Means, shares and slopes over networks, as columns of a row: networks, value, ci_low, ci_high, ci_method."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binomtest

from deepcrit.stats.intervals import CONFIDENCE, mean_interval, slope_interval


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


def slope_over_networks(x: ArrayLike, y: ArrayLike, means: int = 1) -> dict[str, Any]:
    """Least-squares slope, with Student's interval of its residuals; none of too few networks, or if all x are alike.

    Args:
        x: of each network, shape (networks,).
        y: of each network, shape (networks,).
        means: of groups of networks, that have been taken out of both.
    """
    networks, found = np.size(x), slope_interval(x, y, means)
    if np.isnan(found.value):
        return {"networks": networks, "ci_method": "too few networks"}
    return {
        "networks": networks, "value": found.value, "ci_low": found.ci_low, "ci_high": found.ci_high,
        "ci_method": "Student, residuals",
    }  # fmt: skip
