"""The declared range [xmin, xmax] of a fit, and the checks every fit makes on it and on its data."""

import math

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.whole import EXACT, exact_total, whole_numbers

MINIMUM_POINTS = 50
"""Fewest points in range for which a maximum-likelihood exponent is reported (Clauset, Shalizi and Newman
2009, section 3)."""


def checked_range(xmin: float, xmax: float | None, discrete: bool) -> tuple[float, float]:
    """(xmin, xmax) as floats, with None read as infinity.

    Raises:
        ValueError: naming the argument, if xmin is not positive and finite, if xmin >= xmax, or, for a lattice law, if
            an end is not a whole number or is 2^53 or more.
    """
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


def require_points(name: str, found: int, distinct: bool, xmin: float, xmax: float, minimum: int) -> None:
    """Raise ValueError, naming the data argument, if too few points or a single value lie in [xmin, xmax]."""
    if found < minimum:
        raise ValueError(f"{name} has {found} points in [{xmin:g}, {xmax:g}]; a power-law fit needs at least {minimum}")
    if not distinct:
        raise ValueError(f"{name} takes a single value in [{xmin:g}, {xmax:g}]; its exponent is not defined")


def counts_in_range(
    values: NDArray[np.int64], counts: NDArray[np.int64], xmin: float, xmax: float, minimum: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values and counts (floats, zero counts dropped) inside [xmin, xmax].

    Raises:
        ValueError: if values are not whole numbers in strictly ascending order, if counts do not match them or are
            negative or not whole, if a number or the sum of counts is not held exactly (2^53), or if too little lies in
            range.
    """
    value, count = whole_numbers("values", values), whole_numbers("counts", counts)
    if value.ndim != 1 or value.shape != count.shape:
        raise ValueError(f"counts must be one-dimensional and match values, got shapes {count.shape} and {value.shape}")
    if (np.diff(value) <= 0).any():
        raise ValueError("values must be strictly ascending; compress() makes them so")
    exact_total("counts", count)
    keep = (value >= xmin) & (value <= xmax) & (count > 0)
    value, count = value[keep], count[keep]
    require_points("values", int(count.sum()), value.size > 1, xmin, xmax, minimum)
    return value.astype(np.float64), count.astype(np.float64)


def sorted_in_range(
    sample: NDArray[np.float64], xmin: float, xmax: float, minimum: int, assume_sorted: bool = False
) -> NDArray[np.float64]:
    """The sample inside [xmin, xmax], ascending.

    assume_sorted skips the sort; a sample that is not ascending then gives wrong results.

    Raises:
        ValueError: if the sample is not one-dimensional, holds a non-finite number, or has too little in range.
    """
    x = np.asarray(sample, dtype=np.float64)
    if x.ndim != 1:
        raise ValueError(f"sample must be one-dimensional, got shape {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError("sample must be finite; it contains nan or infinity")
    if assume_sorted:
        x = x[np.searchsorted(x, xmin, "left") : np.searchsorted(x, xmax, "right")]
    else:
        x = np.sort(x[(x >= xmin) & (x <= xmax)])
    require_points("sample", x.size, bool(x.size) and bool(x[0] < x[-1]), xmin, xmax, minimum)
    return x
