"""Sizes of avalanches summed by duration: a table of moments, or sums per block for a bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.arrays import Floats
from deepcrit.core.whole import whole_numbers

__all__ = ["SizeDurationSums", "check_durations", "check_range", "duration_statistics"]


@dataclass(frozen=True, eq=False)
class SizeDurationSums:
    """Sufficient statistics of sizes, per block of avalanches (such as one network) and duration.

    duration (durations,) ascending, in layers count (blocks, durations) N_D sum_size (blocks, durations) sum of S
    sum_log_size (blocks, durations) sum of ln S sum_log_size_squared (blocks, durations) sum of (ln S)**2

    Raises:
        ValueError: for arrays of other shapes, negative counts, or durations that are not ascending and positive.
    """

    duration: NDArray[np.int64]
    count: Floats
    sum_size: Floats
    sum_log_size: Floats
    sum_log_size_squared: Floats

    def __post_init__(self) -> None:
        check_durations(self.duration)
        for name in ("count", "sum_size", "sum_log_size", "sum_log_size_squared"):
            array = getattr(self, name)
            if array.ndim != 2 or array.shape[1] != self.duration.size:
                raise ValueError(f"{name} must have shape (blocks, {self.duration.size}), got {array.shape}")
            if array.shape != self.count.shape:
                raise ValueError(f"{name} has {array.shape[0]} blocks, count has {self.count.shape[0]}")
        if np.any(self.count < 0):
            raise ValueError("count must not be negative")

    @classmethod
    def from_avalanches(
        cls, duration: ArrayLike, size: ArrayLike, block: ArrayLike, *, n_blocks: int, dmin: int, dmax: int
    ) -> SizeDurationSums:
        """Sum avalanches of dmin <= duration <= dmax per block.

        The three arrays have shape (n,); `block` runs from 0 to n_blocks - 1.

        Raises:
            ValueError: for arrays of different lengths, sizes that are not positive, blocks out of range, or an empty
                range of durations.
        """
        check_range(dmin, dmax)
        d, s = _avalanches(duration, size)
        b = whole_numbers("block", block)
        if b.shape != d.shape:
            raise ValueError(f"block has shape {b.shape}, duration has shape {d.shape}")
        if b.size and (b.min() < 0 or b.max() >= n_blocks):
            raise ValueError(f"block must lie in 0..{n_blocks - 1}, found {b.min()}..{b.max()}")
        inside = (d >= dmin) & (d <= dmax)
        s = s[inside]
        width = dmax - dmin + 1
        cell = b[inside] * width + (d[inside] - dmin)
        log_size = np.log(s)

        def total(weights: Floats | None) -> Floats:
            summed = np.bincount(cell, weights=weights, minlength=n_blocks * width)
            return summed.astype(np.float64).reshape(n_blocks, width)

        return cls(
            np.arange(dmin, dmax + 1, dtype=np.int64),
            total(None),
            total(s),
            total(log_size),
            total(log_size**2),
        )


def duration_statistics(duration: ArrayLike, size: ArrayLike) -> pd.DataFrame:
    """Count, mean size and spread of ln S at every duration that occurs.

    Args:
        duration: shape (n,), positive integers, in layers.
        size: shape (n,), positive, dimensionless.

    Returns:
        One row per duration, ascending: `duration`, `count` (N_D), `mean_size` (<S>_D), `mean_log_size`, and
        `var_log_size`, the sample variance of ln S (ddof = 1; NaN where N_D = 1).

    Raises:
        ValueError: arrays of different lengths, no avalanches, durations under one or not whole, sizes not
        positive.
    """
    d, s = _avalanches(duration, size)
    if d.size == 0:
        raise ValueError("no avalanches")
    tally = np.bincount(d)
    present = np.flatnonzero(tally)
    count = tally[present]
    log_size = np.log(s)
    mean_log = np.zeros(tally.size)
    mean_log[present] = np.bincount(d, weights=log_size)[present] / count
    squares = np.bincount(d, weights=(log_size - mean_log[d]) ** 2)[present]
    variance = np.full(present.size, np.nan)
    np.divide(squares, count - 1, out=variance, where=count > 1)
    return pd.DataFrame(
        {
            "duration": present.astype(np.int64),
            "count": count.astype(np.int64),
            "mean_size": np.bincount(d, weights=s)[present] / count,
            "mean_log_size": mean_log[present],
            "var_log_size": variance,
        }
    )


def _avalanches(duration: ArrayLike, size: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
    d = whole_numbers("durations", duration)
    s = np.asarray(size, dtype=np.float64)
    if d.ndim != 1 or d.shape != s.shape:
        raise ValueError(f"duration and size must be one-dimensional and equally long, got {d.shape} and {s.shape}")
    if np.any(d < 1):
        raise ValueError(f"durations must be at least 1 layer, found {d.min()}")
    if not np.all(np.isfinite(s)) or np.any(s <= 0):
        raise ValueError(f"sizes must be finite and positive; {np.sum(~(s > 0))} are not positive")
    return d, s


def check_durations(duration: NDArray[np.int64]) -> None:
    """Raise ValueError unless durations are positive and strictly ascending."""
    if duration.ndim != 1 or np.any(duration < 1) or np.any(np.diff(duration) <= 0):
        raise ValueError("duration must be one-dimensional, positive and strictly ascending")


def check_range(dmin: int, dmax: int) -> None:
    """Raise ValueError unless 1 <= dmin < dmax."""
    if not 1 <= dmin < dmax:
        raise ValueError(f"the range of durations needs 1 <= dmin < dmax, got [{dmin}, {dmax}]")
