"""Mean temporal profiles of avalanches: packed sums, common grid, reference shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.arrays import Floats

__all__ = [
    "MeanProfiles",
    "ProfileGrid",
    "ProfileSums",
    "excursion_shape",
    "mean_profiles",
    "packed_index",
    "packed_length",
    "packed_offset",
]


def packed_offset(d: int, dmin: int) -> int:
    """Position of layer 1 of duration d in a packed triangular array: the sum of dmin..d - 1."""
    return (d * (d - 1) - dmin * (dmin - 1)) // 2


def packed_index(d: int, layer: int, dmin: int) -> int:
    """Position of layer 1 <= layer <= d of duration d; integer arithmetic only, so numba compiles it."""
    return (d * (d - 1) - dmin * (dmin - 1)) // 2 + layer - 1


def packed_length(dmin: int, dmax: int) -> int:
    """Length of the packed array of all durations dmin..dmax."""
    return (dmax * (dmax + 1) - dmin * (dmin - 1)) // 2


@dataclass(frozen=True, eq=False)
class ProfileSums:
    """Sums of avalanche profiles sqrt(N) (sqrt(q_l) - threshold), per block and duration.

    The numerators and denominators of Ghavasieh (2025), eq. 10.

    Attributes:
        dmin: shortest duration, in layers.
        dmax: longest.
        total: summed profiles, of each duration d its layers 1 to d, one duration after another, shape (blocks,
            packed_length(dmin, dmax)).
        count: avalanches of every duration, shape (blocks, dmax - dmin + 1).

    Raises:
        ValueError: for another shape, a negative count, a value that is not finite, or unless 1 <= dmin <= dmax.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import ProfileSums
        >>> profile = {1: [2.0], 2: [1.0, 2.0]}  # one avalanche of each of two durations
        >>> sums = ProfileSums(1, 2, total=np.array([profile[1] + profile[2]]), count=np.ones((1, 2)))
        >>> sums.n_blocks
        1
    """

    dmin: int
    dmax: int
    total: Floats
    count: Floats

    def __post_init__(self) -> None:
        if not 1 <= self.dmin <= self.dmax:
            raise ValueError(f"profiles need 1 <= dmin <= dmax, got [{self.dmin}, {self.dmax}]")
        blocks = self.total.shape[0]
        for name, array, width in (
            ("total", self.total, packed_length(self.dmin, self.dmax)),
            ("count", self.count, self.dmax - self.dmin + 1),
        ):
            if array.shape != (blocks, width):
                raise ValueError(f"{name} must have shape ({blocks}, {width}), got {array.shape}")
        if np.any(self.count < 0):
            raise ValueError("count must not be negative")
        if not np.all(np.isfinite(self.total)):
            raise ValueError("total holds values that are not finite")

    @property
    def n_blocks(self) -> int:
        """Blocks that were summed."""
        return self.total.shape[0]


@dataclass(frozen=True, eq=False)
class MeanProfiles:
    """Mean profiles of the durations that occurred, on the grid u_j = (j + 1/2) / n_grid.

    durations (durations,)  mean (durations, n_grid)  count (durations,)  u (n_grid,)
    n_empty   durations of the range that have no avalanche
    """

    durations: NDArray[np.int64]
    mean: Floats
    count: Floats
    u: Floats
    n_empty: int


class ProfileGrid:
    """Linear interpolation of packed profiles, u = l / D, onto u_j = (j + 1/2) / n_grid.

    Ghavasieh (2025), Methods, "Shape-collapse analysis". A profile is known at u = 1/D, 2/D, ..., 1; below 1/D the
    paper says nothing. Here the first value continues to u = 0, which is what numpy.interp does and eq. 10 (layers from
    1) suggests; going through V = 0 at l = 0 would be exact when the threshold is the strength of the input. They
    differ on a fraction 1/D of the unit interval, where the first lifts the short profiles more than the long ones and
    so lowers gamma*; start at durations of 20 or more and the shift is far inside the published error.

    Raises:
        ValueError: for n_grid under one.
    """

    def __init__(
        self,
        dmin: int,
        dmax: int,
        *,
        n_grid: int,
    ) -> None:
        if n_grid < 1:
            raise ValueError(f"n_grid must be at least 1, got {n_grid}")
        self.dmin = dmin
        self.durations = np.arange(dmin, dmax + 1, dtype=np.int64)
        self.u = (np.arange(n_grid) + 0.5) / n_grid
        d = self.durations[:, np.newaxis]
        layer = d * self.u
        below = layer < 1.0
        left = np.clip(np.floor(layer).astype(np.int64), 1, d)
        fraction = np.where(below, 0.0, layer - left)
        base = packed_offset(1, dmin) + d * (d - 1) // 2 - 1
        self._left = base + left
        self._right = base + np.minimum(left + 1, d)
        self._left_weight = 1.0 - fraction
        self._right_weight = fraction

    def means(self, total: Floats, count: Floats) -> MeanProfiles:
        """Mean profiles from packed sums, shape (packed_length,), and counts, shape (dmax - dmin + 1,)."""
        chosen = count[self.durations - self.dmin]
        present = chosen > 0
        left = self._left_weight[present] * total[self._left[present]]
        right = self._right_weight[present] * total[self._right[present]]
        mean = (left + right) / chosen[present, np.newaxis]
        return MeanProfiles(self.durations[present], mean, chosen[present], self.u, int(np.sum(~present)))


def mean_profiles(
    sums: ProfileSums,
    *,
    n_grid: int = 100,
) -> MeanProfiles:
    """Mean profiles over all blocks on a common grid (Ghavasieh 2025, eq. 10 and the interpolation after it).

    Args:
        sums: profile sums per block.
        n_grid: points on the unit interval.

    Raises:
        ValueError: as `ProfileGrid`.
    """
    grid = ProfileGrid(sums.dmin, sums.dmax, n_grid=n_grid)
    return grid.means(sums.total.sum(axis=0), sums.count.sum(axis=0))


def excursion_shape(u: ArrayLike, area: float = 1.0) -> Floats:
    """Mean shape of a Brownian excursion, (8 area / pi) sqrt(u (1 - u)), of integral `area` over [0, 1].

    The profile of a critical signal whose logarithm is a driftless random walk, while duration << width. Takes and
    returns the shape of u.

    Raises:
        ValueError: for u outside [0, 1].
    """
    x = np.asarray(u, dtype=np.float64)
    if np.any((x < 0) | (x > 1)):
        raise ValueError("u must lie in [0, 1]")
    return 8.0 * area / np.pi * np.sqrt(x * (1.0 - x))
