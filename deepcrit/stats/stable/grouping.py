"""Values as counts in logarithmic bins: one pass over any number of them, and every fit costs bins afterwards."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable.checks import FEWEST_VALUES, StableError, checked_location
from deepcrit.stats.stable.kernels import BIN_SHIFT, count_in_bins

Counts = NDArray[np.int64]

BINS = 1 << (63 - BIN_SHIFT)
FIRST_INFINITE = 2047 << (52 - BIN_SHIFT)


@dataclass(frozen=True)
class GroupedValues:
    """How many values lie at which distance from a center, above and below it.

    Bins divide every octave of the distance in 128 equal parts, some 4,000 bins for 9 decades, and only those that hold
    a value are kept. Their edges are exact doubles, so no value lies on the wrong side of one.

    Attributes:
        center: distances are from here.
        lower: lower edges of the bins, which they include, ascending, shape (bins,).
        upper: upper edges.
        above: values at or above the center, shape (bins,).
        below: values below it.
    """

    center: float
    lower: Floats
    upper: Floats
    above: Counts
    below: Counts

    @property
    def n(self) -> int:
        """Number of values."""
        return int(self.above.sum() + self.below.sum())

    @property
    def folded(self) -> Counts:
        """Values at either side, shape (bins,)."""
        return self.above + self.below


def group(values: ArrayLike, center: float = 0.0) -> GroupedValues:
    """Group values of any shape by their distance from the center; single precision is read as it is, uncopied.

    Raises:
        StableError: fewer than 20 values, one that is not finite, or all equal.

    Examples:
        A million weights are fitted as fast as their bins:

        >>> import numpy as np
        >>> from deepcrit import stable
        >>> values = stable.sample(np.random.default_rng(1), 1_000_000, alpha=1.5)
        >>> grouped = stable.group(values)
        >>> grouped.n, grouped.lower.size < 20_000
        (1000000, True)
        >>> print(f"{stable.fit(grouped).alpha:.2f}")
        1.50
    """
    center = checked_location(center)
    x = np.asarray(values)
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(np.float64)
    x = np.ascontiguousarray(x).ravel()
    if x.size < FEWEST_VALUES:
        raise StableError(f"values: found {x.size}, expected at least {FEWEST_VALUES}")
    counts = np.zeros((2, BINS), np.int64)
    count_in_bins(x, center, counts)
    infinite = int(counts[:, FIRST_INFINITE:].sum())
    if infinite:
        raise StableError(f"values: found {infinite} that are NaN or infinite, expected none")
    occupied = np.flatnonzero(counts[0] + counts[1])
    if occupied.size == 1 and (x == x[0]).all():
        raise StableError(f"values: found {x.size} all equal to {x[0]}, expected a spread")
    return GroupedValues(
        center=center,
        lower=(occupied << BIN_SHIFT).view(np.float64),
        upper=((occupied + 1) << BIN_SHIFT).view(np.float64),
        above=counts[0, occupied],
        below=counts[1, occupied],
    )


def quadrature_nodes(grouped: GroupedValues, signed: bool) -> tuple[Floats, Floats]:
    """Two Gauss-Legendre nodes a bin, shape (bins, 2), and the counts, shape (bins,), relative to the center.

    The mean of a density over its nodes is the probability of the bin per unit length to 1e-9 of itself. Unsigned, they
    are distances; signed, each occupied side of a bin is a row of its own.
    """
    middle, half = (grouped.lower + grouped.upper) / 2, (grouped.upper - grouped.lower) / 2
    nodes = middle[:, None] + half[:, None] * np.array([-1, 1]) / math.sqrt(3)
    if not signed:
        return nodes, grouped.folded.astype(np.float64)
    both = np.concatenate([nodes, -nodes])
    counts = np.concatenate([grouped.above, grouped.below]).astype(np.float64)
    return both[counts > 0], counts[counts > 0]
