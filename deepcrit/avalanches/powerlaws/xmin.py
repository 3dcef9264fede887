"""Choice of xmin by the smallest Kolmogorov-Smirnov distance (Clauset, Shalizi and Newman 2009, section 3.3)."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.avalanches.powerlaws.kernels import ks_discrete, log_moments, scan_continuous, solve_exponent
from deepcrit.avalanches.powerlaws.ranges import (
    MINIMUM_POINTS,
    checked_range,
    counts_in_range,
    sorted_in_range,
)
from deepcrit.core.arrays import Floats
from deepcrit.core.whole import whole_numbers

Limits = Literal["both", "left"]


@dataclass(frozen=True)
class XminScan:
    """Fits for each candidate xmin (arrays of shape (candidates,)) and the index of the chosen candidate.

    Candidates with too few points or a single value in range hold NaN and are never chosen.
    """

    candidates: Floats
    exponents: Floats
    standard_errors: Floats
    ks_distances: Floats
    n: NDArray[np.int64]
    chosen: int

    @property
    def xmin(self) -> float:
        """The chosen xmin."""
        return float(self.candidates[self.chosen])

    @property
    def exponent(self) -> float:
        """The exponent fitted above the chosen xmin."""
        return float(self.exponents[self.chosen])


def log_spaced_candidates(values: ArrayLike, number: int, minimum: int = MINIMUM_POINTS) -> Floats:
    """At most `number` candidates, log-spaced from the smallest positive value to the minimum-th largest.

    Whole numbers (integer dtype) give distinct whole numbers.

    Raises:
        ValueError: if number < 1 or fewer than `minimum` values are positive.
    """
    if number < 1:
        raise ValueError(f"number must be at least 1, got {number}")
    x = np.asarray(values)
    positive = x[x > 0]
    if positive.size < minimum:
        raise ValueError(f"values has {positive.size} positive ones; at least {minimum} are needed")
    top = float(np.partition(positive, positive.size - minimum)[positive.size - minimum])
    grid = np.geomspace(float(positive.min()), top, number)
    if x.dtype.kind in "iu":
        grid = np.rint(grid)
    return np.unique(grid).astype(np.float64)


def scan_xmin(
    values: ArrayLike,
    candidates: ArrayLike | None = None,
    xmax: float | None = None,
    counts: ArrayLike | None = None,
    minimum: int = MINIMUM_POINTS,
    assume_sorted: bool = False,
    limits: Limits = "both",
    discrete: bool = False,
) -> XminScan:
    """Fit [candidate, xmax] for each candidate xmin and choose the smallest Kolmogorov-Smirnov distance.

    Distances are exact. One thread.

    Args:
        values: shape (points,): real, or whole numbers; with counts, distinct ascending whole numbers.
        candidates: any order; None takes every distinct value below xmax.
        xmax: upper end shared by all candidates; None for none.
        counts: how often each value occurs, of whole numbers alone; None for once each.
        minimum: candidates with fewer points in range are not considered.
        assume_sorted: skips the sort of real values, which must then be ascending.
        limits: 'both' is the Kolmogorov-Smirnov distance; 'left' (real values only) compares only the left limits of
            the empirical distribution, as the code of Clauset, Shalizi and Newman and the powerlaw package do.
        discrete: whether values are whole numbers, as they are wherever counts are given.

    Raises:
        ValueError: for the reasons given by `fit_continuous` and `fit_discrete`, here for the range above the smallest
            candidate, and if a candidate is not positive, not below xmax, or, of whole numbers, not whole.

    Examples:
        Values that are uniform below 5, and a power law from there on:

        >>> import numpy as np
        >>> from deepcrit import sample_continuous, scan_xmin
        >>> rng = np.random.default_rng(1)
        >>> values = np.concatenate([rng.uniform(0.1, 5.0, 5000), sample_continuous(rng, 5000, 2.5, 5.0, None)])
        >>> scan_xmin(values, [0.5, 1.0, 2.0, 5.0, 10.0]).xmin
        5.0
    """
    if limits not in ("both", "left"):
        raise ValueError(f"limits must be 'both' or 'left', got {limits!r}")
    if counts is None and not discrete:
        return _scan_real(values, candidates, xmax, minimum, assume_sorted, 1.0 if limits == "both" else 0.0)
    if limits != "both":
        raise ValueError("limits='left' applies to real values only")
    return _scan_counts(values, counts, candidates, xmax, minimum)


def _candidates(given: ArrayLike | None, distinct: Floats, high: float) -> Floats:
    chosen = distinct[distinct < high] if given is None else np.unique(np.asarray(given, np.float64))
    if chosen.size == 0 or not np.isfinite(chosen).all() or chosen[0] <= 0:
        raise ValueError("candidates must be positive, finite and at least one")
    if chosen[-1] >= high:
        raise ValueError(f"candidates must lie below xmax={high:g}, got {chosen[-1]:g}")
    return chosen


def _result(candidates: Floats, exponents: Floats, errors: Floats, distances: Floats, n: NDArray[np.int64]) -> XminScan:
    return XminScan(candidates, exponents, errors, distances, n, int(np.nanargmin(distances)))


def _scan_real(
    values: ArrayLike,
    given: ArrayLike | None,
    xmax: float | None,
    minimum: int,
    assume_sorted: bool,
    jump: float,
) -> XminScan:
    x = np.asarray(values, np.float64)
    high = math.inf if xmax is None else float(xmax)
    lowest = np.finfo(np.float64).tiny if given is None else float(np.min(np.asarray(given, np.float64)))
    low, high = checked_range(lowest, high, discrete=False)
    x = sorted_in_range(x, low, high, minimum, assume_sorted)
    distinct = x[np.concatenate(([True], np.diff(x) > 0))] if given is None else x
    candidates = _candidates(given, distinct, high)
    starts = np.searchsorted(x, candidates, "left")
    exponents, errors, distances = scan_continuous(
        np.log(x), x.size, starts, np.log(candidates), math.log(high), max(minimum, 2), jump
    )
    return _result(candidates, exponents, errors, distances, (x.size - starts).astype(np.int64))


def _scan_counts(
    values: ArrayLike, counts: ArrayLike | None, given: ArrayLike | None, xmax: float | None, minimum: int
) -> XminScan:
    lowest = 1.0 if given is None else float(np.min(np.asarray(given, np.float64)))
    low, high = checked_range(lowest, xmax, discrete=True)
    value, count = counts_in_range(values, counts, low, high, minimum)
    candidates = _candidates(given, value, high)
    whole_numbers("candidates", candidates)
    starts = np.searchsorted(value, candidates, "left")
    points = np.append(np.cumsum(count[::-1])[::-1], 0.0)
    sums = np.append(np.cumsum((count * np.log(value))[::-1])[::-1], 0.0)
    fits = np.full((3, candidates.size), np.nan)
    for c, (candidate, start) in enumerate(zip(candidates, starts, strict=True)):
        n = points[start]
        if n < minimum or value.size - start < 2:
            continue
        exponent = solve_exponent(sums[start] / n - math.log(candidate), candidate, high, True)
        variance = log_moments(exponent, candidate, high, True)[2]
        distance = ks_discrete(value[start:], count[start:], exponent, candidate, high)
        fits[:, c] = exponent, 1 / math.sqrt(n * variance), distance
    return _result(candidates, fits[0], fits[1], fits[2], points[starts].astype(np.int64))
