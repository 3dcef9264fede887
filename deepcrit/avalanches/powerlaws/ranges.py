"""The declared range [xmin, xmax] of a fit, and the checks every fit makes on it and on its data."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.whole import EXACT, exact_total, whole_numbers

MINIMUM_POINTS = 50
"""Fewest points in range for which a maximum-likelihood exponent is reported (Clauset, Shalizi and Newman
2009, section 3)."""


def checked_range(xmin: float, xmax: float | None, discrete: bool) -> tuple[float, float]:
    """(xmin, xmax) as floats, with None read as infinity.

    Raises:
        ValueError: naming the argument, if xmin is an array, not positive or not finite, if xmin >= xmax, or, for a
            lattice law, if an end is not a whole number or is 2^53 or more.
    """
    if np.ndim(xmin) > 0:
        raise ValueError(f"xmin must be a number, got an array of shape {np.shape(xmin)}; counts are given as counts=")
    low = float(xmin)
    high = math.inf if xmax is None else float(xmax)
    if not (low > 0 and math.isfinite(low)):
        raise ValueError(f"xmin must be positive and finite, got {xmin}")
    if math.isnan(high):
        raise ValueError("xmax must be a number, None or infinity, got nan")
    if low >= high:
        raise ValueError(f"xmin must be below xmax, got xmin={xmin} and xmax={xmax}")
    if discrete:
        for name, end, given in (("xmin", low, xmin), ("xmax", high, xmax)):
            if math.isfinite(end) and end != math.floor(end):
                raise ValueError(f"{name} must be a whole number for discrete data, got {given}")
            if EXACT <= end < math.inf:
                raise ValueError(f"{name} must be below 2^53 for discrete data, got {given}")
    return low, high


def require_points(found: int, distinct: bool, xmin: float, xmax: float, minimum: int) -> None:
    """Raise ValueError if too few points, or a single value, lie in [xmin, xmax]."""
    where = f"in [{xmin:g}, {xmax:g}]"
    if found < minimum:
        raise ValueError(f"values has {found} points {where}; a power-law fit needs at least {minimum}")
    if not distinct:
        raise ValueError(f"values takes a single value {where}; its exponent is not defined")


def compress(values: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct whole numbers, ascending, and how often each occurs: all the discrete likelihood depends on.

    values has any shape.

    Raises:
        ValueError: if an entry is not finite, not a whole number, or 2^53 or more in size.
    """
    flat = whole_numbers("values", values).ravel()
    if flat.size and flat.min() >= 0 and flat.max() <= 4 * flat.size + 65536:
        tally = np.bincount(flat)
        unique = np.flatnonzero(tally)
        return unique.astype(np.int64), tally[unique].astype(np.int64)
    unique, counts = np.unique(flat, return_counts=True)
    return unique, counts.astype(np.int64)


def counts_in_range(
    values: ArrayLike, counts: ArrayLike | None, xmin: float, xmax: float, minimum: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distinct values and their counts (floats, zero counts dropped) inside [xmin, xmax].

    Without counts, values are in any order and any shape.

    Raises:
        ValueError: if values are not whole numbers, or with counts not in strictly ascending order, if counts do not
            match them or are negative or not whole, if a number or the sum of counts is not held exactly (2^53), or if
            too little lies in range.
    """
    if counts is None:
        values, counts = compress(values)
    value, count = whole_numbers("values", values), whole_numbers("counts", counts)
    if value.ndim != 1 or value.shape != count.shape:
        raise ValueError(f"counts must be one-dimensional and match values, got shapes {count.shape} and {value.shape}")
    if (np.diff(value) <= 0).any():
        raise ValueError("values must be strictly ascending; compress() makes them so")
    exact_total("counts", count)
    keep = (value >= xmin) & (value <= xmax) & (count > 0)
    value, count = value[keep], count[keep]
    require_points(int(count.sum()), value.size > 1, xmin, xmax, minimum)
    return value.astype(np.float64), count.astype(np.float64)


def sorted_in_range(
    values: ArrayLike, xmin: float, xmax: float, minimum: int, assume_sorted: bool = False
) -> NDArray[np.float64]:
    """The values inside [xmin, xmax], ascending.

    assume_sorted skips the sort; values that are not ascending then give wrong results.

    Raises:
        ValueError: if the values are not one-dimensional, hold a non-finite number, or have too little in range.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1:
        raise ValueError(f"values must be one-dimensional, got shape {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError("values must be finite; they contain nan or infinity")
    if assume_sorted:
        x = x[np.searchsorted(x, xmin, "left") : np.searchsorted(x, xmax, "right")]
    else:
        x = np.sort(x[(x >= xmin) & (x <= xmax)])
    require_points(x.size, bool(x.size) and bool(x[0] < x[-1]), xmin, xmax, minimum)
    return x
