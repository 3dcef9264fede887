"""From the sufficient statistic (n, sum of ln x) to exponent, Fisher error and likelihood-ratio interval."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from deepcrit.avalanches.powerlaws.kernels import log_moments, solve_exponents
from deepcrit.avalanches.powerlaws.ranges import checked_range
from deepcrit.stats.intervals import likelihood_drop


@dataclass(frozen=True)
class PowerLawFit:
    """A power law p(x) ~ x^-exponent, fitted by maximum likelihood on the declared range [xmin, xmax].

    Error and interval suppose independent points; see `cluster_bootstrap` when inputs share a network.

    Attributes:
        exponent: maximum-likelihood estimate.
        standard_error: from the Fisher information on the truncated range (observed and expected coincide).
        ci_low: lower end of the profile-likelihood interval: where 2 (L_max - L) is the chi-square quantile with one
            degree of freedom.
        ci_high: its upper end.
        confidence: nominal coverage of that interval.
        ks_distance: exact Kolmogorov-Smirnov distance between the data in range and the fitted law on [xmin, xmax].
        xmin: smallest value of the range.
        xmax: largest, or infinity.
        n: points in range.
        log_likelihood: of those points, densities per unit x (continuous) or per lattice point (discrete).
    """

    exponent: float
    standard_error: float
    ci_low: float
    ci_high: float
    confidence: float
    ks_distance: float
    xmin: float
    xmax: float
    n: int
    log_likelihood: float


def exponent_from_sums(
    n: ArrayLike, sum_log: ArrayLike, xmin: float, xmax: float | None, discrete: bool
) -> NDArray[np.float64]:
    """Maximum-likelihood exponents from the sufficient statistics alone.

    n (points in range) and sum_log (their sum of ln x, x in its own units) broadcast against each other; the
    result has their common shape. Solves E[ln x | exponent] = sum_log / n, the maximum-likelihood equation of
    the truncated law (Deluca and Corral 2013; Clauset, Shalizi and Newman 2009, eq. 3.5 for xmax =
    None). NaN where no finite exponent exists: n = 0, or every point at one end of the range. Raises
    ValueError on an impossible range.
    """
    low, high = checked_range(xmin, xmax, discrete)
    total, points = np.broadcast_arrays(np.asarray(sum_log, np.float64), np.asarray(n, np.float64))
    mean = np.divide(total, points, out=np.full(points.shape, np.nan), where=points > 0)
    mean = np.atleast_1d(mean - math.log(low))
    rounding = 4e-15 * (1 + abs(math.log(low)))
    mean[(mean < rounding) | (mean > math.log(high / low) * (1 - 4e-15) - rounding)] = math.nan
    solved = solve_exponents(np.ascontiguousarray(mean).ravel(), low, high, discrete)
    return np.asarray(solved, np.float64).reshape(points.shape)


def log_likelihood(exponent: float, n: float, sum_log: float, xmin: float, xmax: float, discrete: bool) -> float:
    """Log-likelihood of n points with sum of ln x = sum_log under the law on [xmin, xmax].

    Per unit x for continuous data, per lattice point for discrete data. -inf where the law cannot be
    normalised.
    """
    if math.isinf(xmax) and exponent <= 1:
        return -math.inf
    log_z = log_moments(exponent, xmin, xmax, discrete)[0]
    unit = 0.0 if discrete else math.log(xmin)
    return float(-exponent * (sum_log - n * math.log(xmin)) - n * (log_z + unit))


def fit_from_sums(
    n: int,
    sum_log: float,
    ks: Callable[[float], float],
    xmin: float,
    xmax: float,
    discrete: bool,
    confidence: float,
) -> PowerLawFit:
    """Complete fit from the sufficient statistic; ks gives the distance at the fitted exponent.

    Raises:
        ValueError: if confidence is not inside (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    exponent = float(exponent_from_sums(n, sum_log, xmin, xmax, discrete))
    if math.isnan(exponent):
        raise ValueError("the data lie, to rounding, at one end of the range; their exponent is not defined")
    error = 1 / math.sqrt(n * log_moments(exponent, xmin, xmax, discrete)[2])
    best = log_likelihood(exponent, n, sum_log, xmin, xmax, discrete)
    allowed = likelihood_drop(confidence)

    def shortfall(s: float) -> float:
        drop = best - log_likelihood(s, n, sum_log, xmin, xmax, discrete) - allowed
        return min(drop, 1e300)

    floor = 1.0 if math.isinf(xmax) else -math.inf
    ends = []
    for direction in (-1, 1):
        reach = 2 * error * math.sqrt(2 * allowed)
        while True:
            far = max(exponent + direction * reach, floor)
            if far == floor or shortfall(far) > 0:
                break
            reach *= 2
        ends.append(float(brentq(shortfall, exponent, far, xtol=1e-12 * max(1.0, abs(exponent)))))
    return PowerLawFit(
        exponent=exponent,
        standard_error=error,
        ci_low=ends[0],
        ci_high=ends[1],
        confidence=confidence,
        ks_distance=ks(exponent),
        xmin=xmin,
        xmax=xmax,
        n=n,
        log_likelihood=best,
    )
