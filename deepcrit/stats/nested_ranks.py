"""Rank correlations over networks that share settings: plain, partial, and within settings.

Networks of one setting, a cell, differ in their seed alone and are no independent points of a plane. Intervals resample
cells with all their networks (Davison and Hinkley 1997, section 3.8), so that they hold for other settings and other
seeds alike. The null exchanges whole cells, and networks within each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from deepcrit.core.arrays import Floats
from deepcrit.stats.intervals import percentile_interval


class NestedCorrelation(NamedTuple):
    """A rank correlation over networks in cells.

    Attributes:
        value: between -1 and 1; NaN where one side does not vary.
        ci_low, ci_high: 95% percentile interval over resampled cells.
        null_low, null_high: the middle 95% of what exchanged networks have.
        p_value: share of exchanged networks whose correlation is as far from zero, two-sided, themselves included.
    """

    value: float
    ci_low: float
    ci_high: float
    null_low: float
    null_high: float
    p_value: float


def partial_correlation(x: Floats, y: Floats, controls: Floats) -> Floats:
    """Pearson correlation of what least squares on the controls and a constant leave of both, shape (...,).

    Of ranks it is the partial rank correlation.

    Args:
        x: shape (..., n).
        y: shape (..., n).
        controls: shape (..., k, n).

    Returns:
        NaN where nothing is left of either.
    """
    left = [_without(values, controls) for values in (x, y)]
    return _cosine(left[0], left[1], *(_length(values - values.mean(axis=-1, keepdims=True)) for values in (x, y)))


def _without(values: Floats, controls: Floats) -> Floats:
    """What least squares on the controls and a constant leave."""
    left = values - values.mean(axis=-1, keepdims=True)
    basis: list[Floats] = []
    # one control after another, twice, without which rounding would be left of those that nearly repeat others
    for place in range(controls.shape[-2]):
        control = controls[..., place, :] - controls[..., place, :].mean(axis=-1, keepdims=True)
        size = _length(control)
        for known in basis * 2:
            control = control - known * (known * control).sum(axis=-1, keepdims=True)
        rest = _length(control)
        basis.append(np.where(rest > 1e-9 * size, control / np.where(rest > 0, rest, 1.0), 0.0))
    for known in basis * 2:
        left = left - known * (known * left).sum(axis=-1, keepdims=True)
    return np.asarray(left)


def _length(values: Floats) -> Floats:
    return np.sqrt((values**2).sum(axis=-1, keepdims=True))


def _cosine(x: Floats, y: Floats, x_size: Floats, y_size: Floats) -> Floats:
    """Cosine of the angle between rows; NaN where one is rounding beside what it was."""
    lengths = [_length(values) for values in (x, y)]
    varies = (lengths[0] > 1e-9 * x_size) & (lengths[1] > 1e-9 * y_size)
    product = np.where(varies, lengths[0] * lengths[1], np.nan)[..., 0]
    return np.clip((x * y).sum(axis=-1) / product, -1.0, 1.0)


class NestedNetworks:
    """Networks in cells of as many each, and how they are resampled and exchanged, the same for all correlations."""

    def __init__(self, cells: ArrayLike, rng: np.random.Generator, replicates: int) -> None:
        """Choose networks for all replicates.

        Args:
            cells: the cell of every network, shape (networks,).
            rng: for the bootstrap and the null.
            replicates: of each.

        Raises:
            ValueError: unless there are two cells or more, of as many networks each, two or more.
        """
        names, places, counts = np.unique(np.asarray(cells), return_inverse=True, return_counts=True)
        if len(names) < 2 or len(set(counts)) > 1 or counts[0] < 2:
            found = sorted(set(counts.tolist()))
            raise ValueError(
                f"cells: found {len(names)} of {found} networks, expected two or more of as many networks each, "
                "two or more"
            )
        self._each = int(counts[0])
        self._order = np.argsort(places, kind="stable").reshape(len(names), self._each)
        self._resampled = self._order[rng.integers(0, len(names), (replicates, len(names)))].reshape(replicates, -1)
        exchanged = self._order[rng.permuted(np.tile(np.arange(len(names)), (replicates, 1)), axis=1)]
        self._exchanged = rng.permuted(exchanged, axis=2).reshape(replicates, -1)
        within = np.broadcast_to(self._order, (replicates, *self._order.shape))
        self._reordered = rng.permuted(within, axis=2).reshape(replicates, -1)

    def correlation(self, x: ArrayLike, y: ArrayLike) -> NestedCorrelation:
        """Spearman's correlation over all networks.

        Args:
            x: shape (networks,).
            y: shape (networks,).
        """
        return self.controlled(x, y, np.empty((0, self._order.size)))

    def controlled(self, x: ArrayLike, y: ArrayLike, controls: ArrayLike) -> NestedCorrelation:
        """Partial rank correlation: of what the ranks of controls leave of the ranks of both.

        The null exchanges what is left of x (Freedman and Lane 1983).

        Args:
            x: shape (networks,).
            y: shape (networks,).
            controls: shape (k, networks).
        """
        first, second, fixed = (np.asarray(values, np.float64) for values in (x, y, controls))

        def of(chosen: np.ndarray) -> Floats:
            ranks = [rankdata(values[..., chosen], axis=-1) for values in (first, second, fixed)]
            return partial_correlation(ranks[0], ranks[1], np.moveaxis(ranks[2], 0, -2))

        place = self._order.ravel()
        left, ranks, known = (rankdata(values[..., place], axis=-1) for values in (first, second, fixed))
        left = _without(left, known)
        back = np.empty(place.size, np.int64)
        back[place] = np.arange(place.size)
        null = partial_correlation(left[back[self._exchanged]], ranks, known)
        return _nested(of(place[None])[0], of(self._resampled), null)

    def within(self, x: ArrayLike, y: ArrayLike) -> NestedCorrelation:
        """Correlation of ranks within cells, of all networks together: do networks of one setting have one order?

        The null reorders networks within cells.

        Args:
            x: shape (networks,).
            y: shape (networks,).
        """
        first, second = (np.asarray(values, np.float64) for values in (x, y))

        def of(values: Floats, chosen: np.ndarray) -> Floats:
            ranks = rankdata(values[chosen].reshape(len(chosen), -1, self._each), axis=-1)
            return np.asarray((ranks - ranks.mean(axis=-1, keepdims=True)).reshape(len(chosen), -1))

        def correlations(chosen: np.ndarray, other: np.ndarray) -> Floats:
            ones = np.ones((1, 1))
            return _cosine(of(first, chosen), of(second, other), ones, ones)

        place = self._order.reshape(1, -1)
        return _nested(
            correlations(place, place)[0],
            correlations(self._resampled, self._resampled),
            correlations(self._reordered, place),
        )


def _nested(value: float, resampled: Floats, null: Floats) -> NestedCorrelation:
    value = float(value)
    if np.isnan(value):
        return NestedCorrelation(*[np.nan] * 6)
    far = np.abs(null[~np.isnan(null)]) >= abs(value) - 1e-12
    p_value = (1 + int(far.sum())) / (1 + far.size)
    return NestedCorrelation(value, *percentile_interval(resampled), *percentile_interval(null), p_value)
