"""Intervals of anything that is estimated from a few clusters: leave one out at a time.

With ten clusters resampling them draws few that differ: percentiles cover too little, and the ends of studentised
intervals move from one set of resamples to the next. Leaving out has no chance in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Mask
from deepcrit.stats.intervals import CONFIDENCE, Estimate, check_confidence, student_interval

BOOTSTRAPPED_CLUSTERS = 5
"""From this many clusters there are enough different resamples, 126, for their tails to say something. Of fewer, a
large part is one cluster over and over, or all of them once, and intervals are by the jackknife."""


def leave_one_out(statistic: Callable[[Mask], Any], clusters: int) -> NDArray[np.float64]:
    """A statistic, a number or several, without each cluster in turn; shape (clusters,) or (clusters, numbers)."""
    return np.array([statistic(np.arange(clusters) != left_out) for left_out in range(clusters)], np.float64)


def jackknife_covariance(without: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance of several statistics from :func:`leave_one_out`, shape (numbers, numbers)."""
    deviation = without - without.mean(axis=0)
    return (len(without) - 1) / len(without) * deviation.T @ deviation


def jackknife(statistic: Callable[[Mask], float], clusters: int, confidence: float = CONFIDENCE) -> Estimate[float]:
    """Delete-one-cluster jackknife (Efron and Tibshirani 1993, chapter 11), with ``clusters - 1`` degrees of freedom.

    Args:
        statistic: the estimate from the clusters that a mask of shape (clusters,) marks.
        clusters: number of clusters.
        confidence: level of the interval.

    Returns:
        The estimate, without an interval for a single cluster. Every cluster is needed: where the statistic is not
        finite without some cluster, its interval is unbounded.

    Raises:
        ValueError: for no cluster, or a confidence outside (0, 1).
    """
    check_confidence(confidence)
    if clusters < 1:
        raise ValueError(f"clusters: found {clusters}, expected at least 1")
    value = statistic(np.ones(clusters, bool))
    if clusters == 1:
        return Estimate(value, np.nan, np.nan, np.nan)
    without = leave_one_out(statistic, clusters)
    if not np.isfinite(without).all():
        return Estimate(value, np.inf, -np.inf, np.inf)
    error = float(np.sqrt(jackknife_covariance(without[:, np.newaxis])[0, 0]))
    return student_interval(value, error, clusters - 1, confidence)
