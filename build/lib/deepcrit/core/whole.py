"""Whole numbers that arithmetic in double precision holds exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

EXACT = 2**53
"""From here up a double may be the rounding of its neighbour, and 64-bit integers may overflow in sums."""


def whole_numbers(name: str, values: ArrayLike) -> NDArray[np.int64]:
    """The values as 64-bit integers, in their shape.

    Every count, duration and other whole number that is fitted, summed, tested or binned passes through here, so that
    none is rounded, wrapped or cut off in silence.

    Raises:
        ValueError: naming the values, if one is not finite, not whole, or 2^53 or more in size.
    """
    raw = np.asarray(values)
    if raw.dtype.kind not in "biu":
        if raw.dtype.kind not in "fO":
            raise ValueError(f"{name} must be finite whole numbers, found values of type {raw.dtype}")
        raw = raw.astype(np.float64) if raw.dtype.kind == "O" else raw
        whole = np.isfinite(raw) & (raw == np.floor(raw))
        if not whole.all():
            raise ValueError(f"{name} must be finite whole numbers, found {raw[~whole].flat[0]}")
    if raw.size and (raw.max() >= EXACT or raw.min() <= -EXACT):
        largest = raw.max() if raw.max() >= EXACT else raw.min()
        raise ValueError(
            f"{name} must be finite whole numbers below 2^53 = {EXACT} in size, which arithmetic holds exactly, "
            f"found {largest}"
        )
    return raw.astype(np.int64)


def exact_total(name: str, counts: NDArray[np.int64]) -> int:
    """Sum of counts that are not negative.

    Raises:
        ValueError: naming the counts, if one is negative or their sum is 2^53 or more.
    """
    if (counts < 0).any():
        raise ValueError(f"{name} must not be negative, found {counts.min()}")
    # a sum that overflows is seen in floating point
    if counts.sum(dtype=np.float64) >= EXACT:
        raise ValueError(f"{name} must add up to less than 2^53 = {EXACT}, found {counts.sum(dtype=np.float64):g}")
    return int(counts.sum())
