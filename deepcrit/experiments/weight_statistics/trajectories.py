"""Weights through training: how long they remember, and whether the way back looks like the way there."""

from __future__ import annotations

import numpy as np

from deepcrit.core.arrays import Floats, Mask


def time_variance(weights: Floats, iterations: Floats) -> Floats:
    """Variance over the iterations of training, those between two snapshots by the trapezoid rule.

    Args:
        weights: shape (snapshots, weights).
        iterations: shape (snapshots,), ascending.

    Returns:
        Shape (weights,).
    """
    share = np.gradient(np.asarray(iterations, np.float64))
    share[[0, -1]] /= 2.0  # half an interval at either end
    share /= share.sum()
    moved = weights - weights[0]  # exactly zero for a weight that never moves
    return np.asarray(share @ (moved - share @ moved) ** 2)


def irreversibility(series: Floats, lags: int) -> Floats:
    """R, mean over lags s of < x(t)^2 x(t+s) - x(t) x(t+s)^2 >^2, of centred series.

    Zero for what is statistically the same backwards; a covariance of one coordinate with itself always is, so that the
    lowest order that can tell is the third (Ramsey and Rothman 1996).

    Args:
        series: shape (times, coordinates), at equal steps.
        lags: from 1 to this many steps.

    Returns:
        Shape (coordinates,).
    """
    x = _centred(series)
    found = [(x[:-s] ** 2 * x[s:] - x[:-s] * x[s:] ** 2).mean(axis=0) ** 2 for s in range(1, lags + 1)]
    return np.asarray(np.mean(found, axis=0))


def autocorrelation(series: Floats, lags: int) -> Floats:
    """Mean autocorrelation over lags from 1 to ``lags`` steps; NaN for what does not move. Shapes as of R."""
    x = _centred(series)
    variance = (x**2).mean(axis=0)
    mean = np.mean([(x[:-s] * x[s:]).mean(axis=0) for s in range(1, lags + 1)], axis=0)
    return np.divide(mean, variance, out=np.full_like(mean, np.nan), where=variance > 0)


def standardised(series: Floats) -> Floats:
    """Each coordinate over its standard deviation; what does not move is zero."""
    x = _centred(series)
    deviation = x.std(axis=0)
    return np.divide(x, deviation, out=np.zeros_like(x), where=deviation > 0)


def _centred(series: Floats) -> Floats:
    moved = series - series[0]  # exactly zero for what never moves
    return np.asarray(moved - moved.mean(axis=0))


def larger_than(first: Floats, second: Floats) -> float:
    """Probability that a value of the first is larger than one of the second, ties half, less a half (Mann, Whitney).

    Returns:
        NaN if there are none of one kind, after what is not known is left out.
    """
    first, second = first[~np.isnan(first)], np.sort(second[~np.isnan(second)])
    if not first.size or not second.size:
        return float("nan")
    below = np.searchsorted(second, first, "left") + np.searchsorted(second, first, "right")
    return float(below.mean() / (2.0 * second.size) - 0.5)


def redundant_connections(then: Floats, now: Floats, threshold: float) -> Mask:
    """Connections whose ends were correlated by the threshold or more, and are no longer."""
    return (then >= threshold) & (now < threshold)
