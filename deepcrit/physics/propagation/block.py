"""The outcome of one block of avalanches, and the sums of their profiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class AvalancheBlock:
    """Avalanches of one block (or one network), with those that died in the first layer only counted.

    Attributes:
        launched: inputs sent through the block.
        duration: D >= 1 of each started avalanche in layers; the depth L where it was censored. int32, (n,).
        size: S = sqrt(N) sum_l (sqrt(q_l) - threshold) over its layers; a lower bound where censored. (n,).
        censored: alive at the last layer, bool, (n,).
        profile_count: uncensored avalanches of each duration in the profile range, int64, (durations,).
        profile_sum: their summed profiles sqrt(N)(sqrt(q_l) - threshold), l = 1..D, packed by
            `profile_offsets`, float64.
    """

    launched: int
    duration: NDArray[np.int32]
    size: NDArray[np.float64]
    censored: NDArray[np.bool_]
    profile_count: NDArray[np.int64]
    profile_sum: NDArray[np.float64]


def profile_offsets(shortest: int, longest: int) -> NDArray[np.int64]:
    """Where the profile of each duration starts in the packed triangle; the last entry is its length.

    Duration d in [shortest, longest] occupies d entries from ``offsets[d - shortest]``.
    """
    return np.concatenate(([0], np.cumsum(np.arange(shortest, longest + 1)))).astype(np.int64)


def summed_profiles(
    duration: NDArray[np.int32],
    censored: NDArray[np.bool_],
    excess: NDArray[np.float64],
    shortest: int,
    longest: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts and summed profiles by duration, packed as in `AvalancheBlock`.

    Args:
        duration: of every launched avalanche, 0 where none started, shape (launched,).
        censored: alive at the last layer, shape (launched,).
        excess: sqrt(N)(sqrt(q_l) - threshold) at layers 1, 2, ..., shape (launched, layers).
        shortest: shortest duration that is summed.
        longest: longest duration that is summed.
    """
    offsets = profile_offsets(shortest, longest)
    counts = np.zeros(longest - shortest + 1, np.int64)
    sums = np.zeros(offsets[-1])
    in_range = ~censored & (duration >= shortest) & (duration <= longest)
    for d in np.unique(duration[in_range]):
        rows = in_range & (duration == d)
        counts[d - shortest] = rows.sum()
        sums[offsets[d - shortest] : offsets[d - shortest + 1]] = excess[rows, :d].sum(axis=0)
    return counts, sums
