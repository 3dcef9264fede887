"""Exponents at infinite width: tau(N) = tau + c N**-w with honest, possibly unbounded, intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import f as fisher

from deepcrit.core.arrays import Floats
from deepcrit.stats.intervals import check_confidence

__all__ = ["Extrapolation", "extrapolate"]


_SCAN_POINTS = 401
_SMALLEST = 1e-4  # of w ln(Nmax/Nmin), where N**-w is a straight line in ln N
_LARGEST = 30.0  # of w ln(N2/Nmin), where only the narrowest network feels N**-w


@dataclass(frozen=True)
class Extrapolation:
    """The fit of tau + c N**-w, with an interval from the profile likelihood for each parameter.

    An end of an interval is infinite where the data do not bound the parameter; the lower end of w is then 0,
    the end of its range. An estimate is infinite (w: 0 or infinite) when the best fit is a limit of the
    family.

    Attributes:
        tau, c, w and their _ci_low, _ci_high: c in units of the width to the power w.
        confidence: level of the intervals.
        chi2, dof, chi2_per_dof: weighted residual sum of squares, points minus three, their ratio.
        residual_rms: unweighted, in units of tau.
        identified: whether every interval is bounded, with w away from zero.
        reason: why not, or empty.
        smallest_width, largest_width, level, drop: the fitted curve: level at the smallest width and level - drop at
            the largest; finite even where tau is not.
    """

    tau: float
    tau_ci_low: float
    tau_ci_high: float
    c: float
    c_ci_low: float
    c_ci_high: float
    w: float
    w_ci_low: float
    w_ci_high: float
    confidence: float
    chi2: float
    dof: int
    chi2_per_dof: float
    residual_rms: float
    identified: bool
    reason: str
    smallest_width: float
    largest_width: float
    level: float
    drop: float

    def predict(self, width: ArrayLike) -> Floats:
        """The fitted exponent at the given widths, in their shape; ValueError unless they are positive."""
        N = np.asarray(width, dtype=np.float64)
        if np.any(N <= 0):
            raise ValueError("width must be positive")
        x = np.log(N / self.smallest_width)
        span = float(np.log(self.largest_width / self.smallest_width))
        return self.level - self.drop * _approach(x, span, self.w)


def extrapolate(
    width: ArrayLike,
    exponent: ArrayLike,
    standard_error: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Extrapolation:
    """Fit tau(N) = tau + c N**-w by weighted least squares (Ghavasieh 2025, Fig. 2d and 2e).

    For fixed w the model is linear, so the likelihood is profiled over w, from its limit w -> 0, a straight
    line in ln N with tau and c infinite, to its limit w -> infinity, a constant with only the narrowest
    network off it. An interval is the hull of all values of a parameter whose profile chi-squared is within a
    threshold of the minimum. When a limit is within the threshold, so is everything it implies: at w -> 0 tau
    and c are unbounded on the side, or sides, that the slope in ln N allows; at w -> infinity w and c are
    unbounded.

    Standard errors are taken as known up to a common factor, which comes from the residuals, with a threshold by
    Fisher's F (1, dof) that allows for its own error: from millions of avalanches they are tiny while the form is only
    approximate, and intervals that took them as known would be far too narrow.

    Args:
        width: shape (points,), distinct, greater than one.
        exponent: shape (points,), dimensionless.
        standard_error: shape (points,), positive.
        confidence: level of the intervals.

    Raises:
        ValueError: fewer than four points, repeated widths or widths of one or less, arrays of different
            lengths, values that are not finite, or standard errors that are not positive.
    """
    check_confidence(confidence)
    family = _Family(*_points(width, exponent, standard_error))
    dof = family.y.size - 3

    scan = np.geomspace(_SMALLEST / family.span, _LARGEST / family.first_gap, _SCAN_POINTS)
    scan = np.concatenate(([0.0], scan, [np.inf]))
    chi2 = np.array([family.at(w).chi2 for w in scan])
    best = int(np.argmin(chi2))
    w_best = _refine(lambda w: family.at(w).chi2, scan, best)
    fit = family.at(w_best)

    ceiling = fit.chi2 + fit.chi2 / dof * float(fisher.ppf(confidence, 1, dof))

    w_low, w_high = _accepted_range(family, scan, chi2, w_best, ceiling)
    inside = scan[(scan >= w_low) & (scan <= w_high) & (chi2 <= ceiling)]
    inside = np.unique(np.concatenate((inside, [w_low, w_best, w_high])))
    tau_low, tau_high = _hull(lambda w: family.tau_interval(w, ceiling), inside)
    c_low, c_high = _hull(lambda w: family.c_interval(w, ceiling), inside)
    return Extrapolation(
        tau=family.tau(w_best, fit),
        tau_ci_low=tau_low,
        tau_ci_high=tau_high,
        c=family.c(w_best, fit),
        c_ci_low=c_low,
        c_ci_high=c_high,
        w=w_best,
        w_ci_low=w_low,
        w_ci_high=w_high,
        confidence=confidence,
        chi2=fit.chi2,
        dof=dof,
        chi2_per_dof=fit.chi2 / dof,
        residual_rms=float(np.sqrt(np.mean(family.residuals(w_best, fit) ** 2))),
        identified=w_low > 0 and bool(np.isfinite(w_high)),
        reason=_reason(w_low, w_high),
        smallest_width=family.smallest,
        largest_width=family.largest,
        level=fit.level,
        drop=fit.drop,
    )


@dataclass(frozen=True)
class _Line:
    """The best line y = level - drop * e at fixed w, with what its errors need; for e see `_approach`."""

    level: float
    drop: float
    chi2: float
    mean_e: float
    spread_e: float


class _Family:
    """The lines of all w, parametrised so that both limits of w are ordinary members.

    With x = ln(N / Nmin) and X its largest value, e(x) = (1 - exp(-w x)) / (1 - exp(-w X)) goes from 0 to 1,
    is x / X at w = 0 and 1 for all but the narrowest at w = infinity. Then c N**-w + tau = level - drop * e
    gives tau = level - drop / E and c = (drop / E) Nmin**w with E = 1 - exp(-w X).
    """

    def __init__(self, width: Floats, y: Floats, standard_error: Floats) -> None:
        self.y = y
        self.smallest, self.largest = float(width.min()), float(width.max())
        self.x = np.log(width / self.smallest)
        self.span = float(self.x.max())
        self.first_gap = float(np.sort(self.x)[1])
        self.weight = standard_error**-2.0
        self.total = float(self.weight.sum())
        # Measured from a point, so that exactly equal exponents leave exactly zero.
        self.mean_y = float(y[0] + np.sum(self.weight * (y - y[0])) / self.total)

    def at(self, w: float) -> _Line:
        e = _approach(self.x, self.span, w)
        mean_e = float(np.sum(self.weight * e) / self.total)
        spread_e = float(np.sum(self.weight * (e - mean_e) ** 2))
        drop = -float(np.sum(self.weight * (e - mean_e) * (self.y - self.mean_y))) / spread_e
        residual = self.y - self.mean_y + drop * (e - mean_e)
        chi2 = float(np.sum(self.weight * residual**2))
        return _Line(self.mean_y + drop * mean_e, drop, chi2, mean_e, spread_e)

    def residuals(self, w: float, line: _Line) -> Floats:
        return self.y - line.level + line.drop * _approach(self.x, self.span, w)

    def tau(self, w: float, line: _Line) -> float:
        if line.drop == 0:
            return line.level
        return line.level - line.drop / self._whole(w) if w > 0 else float(-np.sign(line.drop) * np.inf)

    def c(self, w: float, line: _Line) -> float:
        if line.drop == 0:
            return 0.0
        if 0 < w < np.inf:
            return line.drop / self._whole(w) * self.smallest**w
        return float(np.sign(line.drop) * np.inf)

    def tau_interval(self, w: float, ceiling: float) -> tuple[float, float]:
        """The values of tau that, with this w, keep chi-squared under the ceiling."""
        line = self.at(w)
        slack = max(ceiling - line.chi2, 0.0)
        if w == 0:
            low, high = _diverging(line.drop, np.sqrt(slack / line.spread_e))
            return -high, -low
        lever = line.mean_e - 1.0 / self._whole(w)
        margin = np.sqrt(slack * (1.0 / self.total + lever**2 / line.spread_e))
        centre = self.mean_y + line.drop * lever
        return float(centre - margin), float(centre + margin)

    def c_interval(self, w: float, ceiling: float) -> tuple[float, float]:
        """The values of c that, with this w, keep chi-squared under the ceiling."""
        line = self.at(w)
        margin = np.sqrt(max(ceiling - line.chi2, 0.0) / line.spread_e)
        if not 0 < w < np.inf:
            return _diverging(line.drop, margin)
        factor = self.smallest**w / self._whole(w)
        return float(factor * (line.drop - margin)), float(factor * (line.drop + margin))

    def _whole(self, w: float) -> float:
        return float(-np.expm1(-w * self.span))


def _approach(x: Floats, span: float, w: float) -> Floats:
    """(1 - exp(-w x)) / (1 - exp(-w span)) and its limits at w = 0 and infinity (there NaN for x < 0)."""
    if w == 0:
        return x / span
    if np.isinf(w):
        return np.where(x > 0, 1.0, np.where(x == 0, 0.0, np.nan))
    return np.expm1(-w * x) / np.expm1(-w * span)


def _diverging(drop: float, margin: float) -> tuple[float, float]:
    """Range of drop * infinity for drop within the margin; a side not reached has the reversed infinity."""
    return (-np.inf if drop < margin else np.inf), (np.inf if drop > -margin else -np.inf)


def _refine(objective: Callable[[float], float], scan: Floats, best: int) -> float:
    """The minimiser near scan[best]; a limit of w if that is as good up to rounding."""
    lower, upper = scan[max(best - 1, 0)], scan[min(best + 1, scan.size - 2)]
    w = float(scan[best])
    if lower < upper and np.isfinite(w) and w > 0:
        found = minimize_scalar(objective, bounds=(lower, upper), method="bounded", options={"xatol": 1e-10})
        if found.fun <= objective(w):
            w = float(found.x)
    lowest = objective(w)
    for limit in (np.inf, 0.0):
        if objective(limit) <= lowest * (1 + 1e-9):
            return limit
    return w


def _accepted_range(family: _Family, scan: Floats, chi2: Floats, w_best: float, ceiling: float) -> tuple[float, float]:
    """Smallest and largest w with chi-squared under the ceiling; 0 and infinity if the limits are."""
    accepted = np.unique(np.append(scan[chi2 <= ceiling], w_best))
    low, high = float(accepted[0]), float(accepted[-1])

    def excess(w: float) -> float:
        return family.at(w).chi2 - ceiling

    if low > 0:
        outside = float(scan[scan < low][-1])
        if excess(outside) > 0 > excess(low):
            low = float(brentq(excess, outside, low))
    if np.isfinite(high):
        outside = float(scan[scan > high][0])
        if np.isfinite(outside) and excess(outside) > 0 > excess(high):
            high = float(brentq(excess, high, outside))
    return low, high


def _hull(interval: Callable[[float], tuple[float, float]], w: Floats) -> tuple[float, float]:
    """Smallest lower and largest upper end over the accepted w, refined between them."""
    low, high = np.array([interval(value) for value in w]).T
    return -_highest(lambda v: -interval(v)[0], w, -low), _highest(lambda v: interval(v)[1], w, high)


def _highest(function: Callable[[float], float], w: Floats, values: Floats) -> float:
    best = int(np.argmax(values))
    if np.isinf(values[best]):
        return float(values[best])
    finite = w[(w > 0) & np.isfinite(w)]
    lower, upper = max(w[max(best - 1, 0)], finite[0]), min(w[min(best + 1, w.size - 1)], finite[-1])
    if not lower < upper:
        return float(values[best])
    found = minimize_scalar(lambda v: -function(v), bounds=(lower, upper), method="bounded", options={"xatol": 1e-10})
    return max(float(values[best]), -float(found.fun))


def _reason(w_low: float, w_high: float) -> str:
    limits = []
    if w_low == 0:
        limits.append("w -> 0 (a straight line in ln N), where tau and c are unbounded")
    if np.isinf(w_high):
        limits.append("w -> infinity (only the narrowest network off a constant), where c is unbounded")
    return "the data allow " + " and ".join(limits) if limits else ""


def _points(width: ArrayLike, exponent: ArrayLike, standard_error: ArrayLike) -> tuple[Floats, Floats, Floats]:
    N, y, error = (np.asarray(a, dtype=np.float64) for a in (width, exponent, standard_error))
    if N.ndim != 1 or N.shape != y.shape or N.shape != error.shape:
        raise ValueError(
            f"width, exponent and standard_error must be equally long: {N.shape}, {y.shape}, {error.shape}"
        )
    if N.size < 4:
        raise ValueError(f"three parameters and their errors need at least 4 widths, got {N.size}")
    if not all(np.all(np.isfinite(a)) for a in (N, y, error)):
        raise ValueError("width, exponent and standard_error must be finite")
    if np.any(N <= 1) or np.unique(N).size != N.size:
        raise ValueError("widths must be distinct and greater than 1")
    if np.any(error <= 0):
        raise ValueError("standard_error must be positive")
    return N, y, error
