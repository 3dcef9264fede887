"""Where simulated curves of finite width cross one or peak, and how fast simulated correlations decay.

Simulated and infinitely wide curves differ by little, and smoothly: a parabola is fitted to that difference, so that
neither the spacing of points nor the shape of the curve biases where the line is. It is fitted to as many points around
the line as it describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import chi2

from deepcrit.core.arrays import Floats, Mask
from deepcrit.stats.intervals import Estimate, percentile_interval
from deepcrit.stats.jackknife import jackknife

_Curve = Callable[[Floats], Floats]

_DEGREE = 2
_FEWEST = 5  # points of a fit
_FINE = 4001  # positions among which a line is found
_REPLICATES = 400
_LEAST_P = 0.01  # of the fitted difference, below which it is no parabola


class Located(NamedTuple):
    """A position, or a rate, with its 95% interval; NaN where it cannot be located."""

    value: float
    low: float
    high: float


NOWHERE = Located(float("nan"), float("nan"), float("nan"))


def locate_crossing(x: Floats, values: Floats, errors: Floats, infinite: _Curve, rng: np.random.Generator) -> Located:
    """Where a curve first rises through one: of ``infinite`` plus a parabola fitted to the difference.

    Args:
        x: positions of simulated points, increasing, shape (n,).
        values: simulated values, shape (n,).
        errors: their standard errors, shape (n,).
        infinite: the curve at infinite width, of an array of positions.
        rng: source of the parametric bootstrap that makes the interval.
    """

    def root(fine: Floats, differences: Floats) -> Floats:
        above = infinite(fine) + differences - 1.0
        rises = (above[:, :-1] < 0) & (above[:, 1:] >= 0)
        at = rises.argmax(axis=1)
        low, high = (np.take_along_axis(above, (at + shift)[:, None], axis=1)[:, 0] for shift in (0, 1))
        return np.where(rises.any(axis=1), fine[at] - low / (high - low) * (fine[1] - fine[0]), np.nan)

    return _located(x, values - infinite(x), errors, -np.abs(values - 1.0), root, rng)


def locate_peak(x: Floats, values: Floats, errors: Floats, infinite: _Curve, rng: np.random.Generator) -> Located:
    """Where a positive curve is highest: of ``infinite`` times the exponential of a fitted parabola.

    Arguments as in :func:`locate_crossing`.
    """

    def top(fine: Floats, differences: Floats) -> Floats:
        at = (np.log(infinite(fine)) + differences).argmax(axis=1)
        return np.where((at > 0) & (at < len(fine) - 1), fine[at], np.nan)

    return _located(x, np.log(values / infinite(x)), errors / values, values, top, rng)


def _located(
    x: Floats, difference: Floats, errors: Floats, nearness: Floats, places: Callable[[Floats, Floats], Floats],
    rng: np.random.Generator,
) -> Located:  # fmt: skip
    """The place for the parabola fitted around the nearest point, and the spread of places under its covariance."""
    if len(x) < _FEWEST:
        return NOWHERE
    nearest = np.argsort(np.abs(x - x[nearness.argmax()]), kind="stable")
    for count in range(len(x), _FEWEST - 1, -1):
        near = np.sort(nearest[:count])
        fitted, covariance = np.polyfit(x[near], difference[near], _DEGREE, w=1.0 / errors[near], cov="unscaled")
        misfit = np.sum(((difference[near] - np.polyval(fitted, x[near])) / errors[near]) ** 2)
        if chi2.sf(misfit, count - _DEGREE - 1) > _LEAST_P:
            break
    else:
        return NOWHERE
    fine = np.linspace(x[near[0]], x[near[-1]], _FINE)
    drawn = np.vstack([fitted, rng.multivariate_normal(fitted, covariance, size=_REPLICATES, method="svd")])
    found = places(fine, drawn @ np.vander(fine, _DEGREE + 1).T)
    if np.isnan(found).any():
        return NOWHERE
    low, high = percentile_interval(found[1:])
    return Located(float(found[0]), min(low, float(found[0])), max(high, float(found[0])))


def fit_decay(gap: Floats) -> float:
    """Rate r of the least-squares fit b exp(-r l) to what decays, shape (layers + 1,), in 1/layers."""
    layer = np.arange(len(gap))

    def misfit(log_rate: float) -> float:
        decay = np.exp(-np.exp(log_rate) * layer)
        return float(np.sum((gap - decay * (decay @ gap) / (decay @ decay)) ** 2))

    grid = np.linspace(np.log(0.1 / len(layer)), 0.0, 60)
    best = int(np.argmin([misfit(at) for at in grid]))
    ends = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    return float(np.exp(minimize_scalar(misfit, bounds=ends, method="bounded").x))


def decay_of_pairs(gaps: Floats, groups: int) -> Estimate[float]:
    """Rate of :func:`fit_decay` of the mean over pairs, with a jackknife over groups of pairs.

    Args:
        gaps: one row a pair, shape (pairs, layers + 1).
        groups: groups left out in turn.
    """
    parts = np.array_split(gaps, groups)
    sums, pairs = np.array([part.sum(axis=0) for part in parts]), np.array([len(part) for part in parts])

    def rate(used: Mask) -> float:
        return fit_decay(sums[used].sum(axis=0) / pairs[used].sum())

    return jackknife(rate, groups)
