"""Probability density on bins that widen until each holds enough points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.whole import exact_total, whole_numbers

__all__ = ["AdaptiveDensity", "adaptive_density"]


@dataclass(frozen=True, eq=False)
class AdaptiveDensity:
    """A piecewise constant density; `density * numpy.diff(edges)` sums to one.

    Attributes:
        centre: (bins,) geometric centre of each bin, in the unit of the values.
        density: (bins,) probability per unit of the values (per lattice point if discrete).
        count: (bins,) number of observations in each bin.
        edges: (bins + 1,) bin edges; half-integers if discrete.
    """

    centre: NDArray[np.float64]
    density: NDArray[np.float64]
    count: NDArray[np.int64]
    edges: NDArray[np.float64]


def adaptive_density(
    values: ArrayLike,
    counts: ArrayLike | None = None,
    *,
    minimum_per_bin: int = 50,
    discrete: bool = False,
) -> AdaptiveDensity:
    """Estimate a density on bins that each hold at least `minimum_per_bin` observations.

    Implements the adaptive binning of Ghavasieh (2025), Methods, "Distributions, exponents, and fitting": the
    smallest value is the left edge of the first bin, every bin is extended until it holds k observations (k
    is not given there), and the density is count / (n * width).

    Continuous values: a bin is [left, right), its right edge being the first value that is not in it; the
    last bin is closed at the maximum. Equal values never straddle an edge. Since edges sit on data points,
    the density of a bin of k points is high by about one part in k.

    Discrete values are integers. The width of a bin is the number of lattice points it spans, empty ones
    included, `edges` are half-integers, and the centre is the geometric mean of the first and last lattice
    points, so that a bin of one point is centred on it.

    The last bin, when the data run out before it is full (or when it has no width), is merged into the one
    before: nothing is dropped and total probability is one. With fewer than `minimum_per_bin` observations in
    all there is one bin.

    Args:
        values: shape (n,), positive, in any order.
        counts: shape (n,), how often each value occurred; None means once.
        minimum_per_bin: smallest number of observations in a bin.
        discrete: whether the values are lattice points.

    Raises:
        ValueError: no values, a value that is not finite and positive, one that is not a whole number below 2^53 if
            `discrete`, counts of another shape or negative, `minimum_per_bin` below one, or continuous values that
            are all equal.
    """
    if minimum_per_bin < 1:
        raise ValueError(f"minimum_per_bin must be at least 1, got {minimum_per_bin}")
    points, cumulative = _tally(whole_numbers("discrete values", values) if discrete else values, counts)
    if not discrete and points.size == 1:
        raise ValueError(f"continuous values are all equal to {points[0]}: the density has no width")

    starts = _bin_starts(cumulative, minimum_per_bin)
    if not discrete and starts.size > 1 and starts[-1] == points.size - 1:
        starts = starts[:-1]
    ends = np.append(starts[1:], points.size) - 1
    count = np.diff(cumulative[ends], prepend=0)
    if discrete:
        last = points[ends]
        first = np.append(points[0], last[:-1] + 1.0)
        edges = np.append(first - 0.5, last[-1] + 0.5)
        centre = np.sqrt(first * last)
    else:
        edges = np.append(points[starts], points[-1])
        centre = np.sqrt(edges[:-1] * edges[1:])
    density = count / (cumulative[-1] * np.diff(edges))
    return AdaptiveDensity(centre, density, count, edges)


def _tally(values: ArrayLike, counts: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distinct values in ascending order, and the cumulative number of observations up to each."""
    x = np.asarray(values, dtype=np.float64).ravel()
    if counts is not None:
        n = whole_numbers("counts", counts).ravel()
        if n.shape != x.shape:
            raise ValueError(f"counts has {n.size} entries for {x.size} values")
        exact_total("counts", n)
        x, n = x[n > 0], n[n > 0]
    if x.size == 0:
        raise ValueError("no values to bin")
    if not np.all(np.isfinite(x)) or x.min() <= 0:
        raise ValueError("values must be finite and positive: bin centres are geometric means")
    if counts is None:
        points, tally = np.unique(x, return_counts=True)
        return points, np.cumsum(tally, dtype=np.int64)
    order = np.argsort(x, kind="stable")
    x, cumulative = x[order], np.cumsum(n[order])
    is_last = np.append(x[1:] != x[:-1], True)
    return x[is_last], cumulative[is_last]


def _bin_starts(cumulative: NDArray[np.int64], minimum: int) -> NDArray[np.int64]:
    """Index of the first distinct value of every bin; an unfilled last bin is merged into its predecessor."""
    starts = [0]
    consumed = 0
    while True:
        end = int(cumulative.searchsorted(consumed + minimum))
        if end + 1 >= cumulative.size:
            break
        consumed = int(cumulative[end])
        starts.append(end + 1)
    if len(starts) > 1 and cumulative[-1] - consumed < minimum:
        starts.pop()
    return np.asarray(starts, dtype=np.int64)
