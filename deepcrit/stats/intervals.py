"""Confidence intervals: one Student, one percentile and one basic bootstrap interval for the whole library.

One convention holds for all of them. NaN stands for what could not be estimated, and is left out. Under two values that
are known, or without degrees of freedom, there is no interval: both ends are NaN. An end that data do not bound is
infinite.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv, stdtrit

from deepcrit.core.arrays import Floats

CONFIDENCE = 0.95

Number = TypeVar("Number", float, Floats)


class Estimate(NamedTuple, Generic[Number]):
    """An estimate, its standard error, and the ends of its interval, all of one shape and one unit."""

    value: Number
    standard_error: Number
    ci_low: Number
    ci_high: Number


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless 0 < confidence < 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence: found {confidence}, expected a number between 0 and 1")


def student_interval(
    value: Number, standard_error: Number, degrees_of_freedom: ArrayLike, confidence: float = CONFIDENCE
) -> Estimate[Number]:
    """Student's interval around an estimate, or around each of several.

    Args:
        value: the estimate.
        standard_error: of it; infinite where the data do not bound it.
        degrees_of_freedom: of the standard error; both ends are NaN where there are none.
        confidence: level of the interval.

    Raises:
        ValueError: for a confidence outside (0, 1).
    """
    check_confidence(confidence)
    # Student's quantile, NaN without degrees of freedom, without the half second that importing scipy.stats takes
    margin = stdtrit(degrees_of_freedom, 0.5 + confidence / 2) * standard_error
    return Estimate(value, standard_error, value - margin, value + margin)


def likelihood_drop(confidence: float = CONFIDENCE, parameters: int = 1) -> float:
    """How far below its maximum a log-likelihood may be within the confidence region of some parameters (Wilks 1938).

    Half a quantile of chi-square with as many degrees of freedom.
    """
    return float(gammaincinv(parameters / 2, confidence))


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE, minimum: int = 2) -> Estimate[float]:
    """Mean of independent values, with its standard error and Student's interval.

    Args:
        values: shape (n,), NaN where one is not known.
        confidence: level of the interval.
        minimum: known values that a standard error and an interval need, at least 2.
    """
    found = mean_intervals(np.asarray(values, np.float64)[None], confidence, minimum)
    return Estimate(*(float(part[0]) for part in found))


def mean_intervals(values: Floats, confidence: float = CONFIDENCE, minimum: int = 2) -> Estimate[Floats]:
    """:func:`mean_interval` of every row of shape (rows, n); each part of the result has shape (rows,)."""
    known = ~np.isnan(values)
    n = known.sum(axis=1)
    counted = np.where(n > 0, n, np.nan)
    mean = np.where(known, values, 0.0).sum(axis=1) / counted
    squares = np.where(known, (values - mean[:, None]) ** 2, 0.0).sum(axis=1)
    enough = n >= max(minimum, 2)
    error = np.sqrt(squares / np.where(enough, n - 1, np.nan)) / np.sqrt(counted)
    return student_interval(mean, error, np.where(enough, n - 1, np.nan), confidence)


def slope_interval(x: ArrayLike, y: ArrayLike, means: int = 1, confidence: float = CONFIDENCE) -> Estimate[float]:
    """Slope of a line by least squares, with Student's interval from its residuals.

    All is NaN without a degree of freedom, or if all x are alike.

    Args:
        x: shape (n,).
        y: shape (n,).
        means: of groups, that have been taken out of both.
        confidence: level of the interval.
    """
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    degrees = a.size - means - 1
    if degrees < 1 or np.ptp(a) == 0.0:
        return Estimate(np.nan, np.nan, np.nan, np.nan)
    centred = a - a.mean()
    slope = float((centred * b).sum() / (centred**2).sum())
    rest = b - b.mean() - slope * centred
    error = float(np.sqrt((rest**2).sum() / degrees / (centred**2).sum()))
    return student_interval(slope, error, degrees, confidence)


def percentile_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The middle part of bootstrap values: their quantiles at both tails, interpolated between values.

    Raises:
        ValueError: for a confidence outside (0, 1).
    """
    check_confidence(confidence)
    drawn = np.asarray(values, np.float64)
    known = drawn[~np.isnan(drawn)]
    if known.size < 2:
        return np.nan, np.nan
    low, high = np.quantile(known, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return float(low), float(high)


class BasicInterval(NamedTuple):
    """Both ends, and ``told``, which is empty or, for a name of the method, that the estimate widened the interval."""

    low: float
    high: float
    told: str


def basic_interval(estimate: float, values: Floats, confidence: float = CONFIDENCE) -> BasicInterval:
    """Basic (reversed percentile) bootstrap interval: 2 estimate - quantiles of the bootstrap values.

    Where noise biases an estimate, resampled data, noisier than the data, show that bias once more: percentiles double
    it, reversing them removes it (Davison and Hinkley 1997, section 5.2). Where nearly all bootstrap values lie on one
    side of the estimate, bias exceeds noise and no bootstrap interval, by percentiles or accelerated, holds it. This
    one is then widened to the estimate, covers no less, and says so. Quantiles are rounded outwards to values that
    occurred. Infinite values stand for resamples without a bounded estimate, so that an end of the interval is infinite
    as soon as too many of them are.

    Raises:
        ValueError: for a confidence outside (0, 1).
    """
    check_confidence(confidence)
    ordered = np.sort(values[~np.isnan(values)])
    if ordered.size < 2:
        return BasicInterval(np.nan, np.nan, "")
    margin = int(np.floor(0.5 * (1.0 - confidence) * (ordered.size - 1) + 1e-9))
    low, high = (float(2.0 * estimate - ordered[place]) for place in (ordered.size - 1 - margin, margin))
    # resamples of every block once are the estimate, but for rounding
    rounding = 1e-12 * max(1.0, abs(estimate))
    told = "" if low - rounding <= estimate <= high + rounding else ", widened to the value"
    return BasicInterval(min(low, estimate), max(high, estimate), told)
