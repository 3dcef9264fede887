"""Intervals of anything that is estimated from a few clusters: leave one out at a time.

With ten clusters resampling them draws few that differ: percentiles cover too little, and the ends of studentised
intervals move from one set of resamples to the next. Leaving out has no chance in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Kept = NDArray[np.bool_]


class JackknifeInterval(NamedTuple):
    """The estimate from all clusters, its jackknife standard error, and Student's interval around it."""

    value: float
    standard_error: float
    ci_low: float
    ci_high: float


def leave_one_out(statistic: Callable[[Kept], Any], clusters: int) -> NDArray[np.float64]:
    """A statistic, a number or several, without each cluster in turn; shape (clusters,) or (clusters, numbers)."""
    return np.array([statistic(np.arange(clusters) != left_out) for left_out in range(clusters)], np.float64)


def jackknife_covariance(without: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance of several statistics from :func:`leave_one_out`, shape (numbers, numbers)."""
    deviation = without - without.mean(axis=0)
    return (len(without) - 1) / len(without) * deviation.T @ deviation


def jackknife(statistic: Callable[[Kept], float], clusters: int, confidence: float = 0.95) -> JackknifeInterval:
    """Delete-one-cluster jackknife (Efron and Tibshirani 1993, chapter 11), with ``clusters - 1`` degrees of freedom.

    Args:
        statistic: the estimate from the clusters that a mask of shape (clusters,) marks.
        clusters: number of clusters.
        confidence: level of the interval.

    Returns:
        The interval, which is unbounded where the statistic is not finite without some cluster.

    Raises:
        ValueError: for fewer than two clusters, or a confidence outside (0, 1).
    """
    if clusters < 2:
        raise ValueError(f"clusters: found {clusters}, expected at least 2")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: found {confidence}, expected a number between 0 and 1")
    value = statistic(np.ones(clusters, bool))
    without = leave_one_out(statistic, clusters)
    if not np.isfinite(without).all():
        return JackknifeInterval(value, np.inf, -np.inf, np.inf)
    error = float(np.sqrt(jackknife_covariance(without[:, np.newaxis])[0, 0]))
    margin = float(student.ppf(0.5 + confidence / 2, clusters - 1)) * error
    return JackknifeInterval(value, error, value - margin, value + margin)
