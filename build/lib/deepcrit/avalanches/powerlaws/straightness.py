"""How far a distribution is straight on logarithmic axes: over which range its local exponent stays the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.avalanches.powerlaws.likelihood import exponent_from_sums
from deepcrit.core.arrays import Floats

_WINDOW = 0.5  # decades in which a local exponent is fitted
_PER_DECADE = 10  # windows that begin in a decade
_FEWEST = 10_000  # values in a window: its exponent then has an error of about 0.03


class LocalExponents(NamedTuple):
    """Exponents fitted in windows of half a decade, in ascending order.

    Attributes:
        low, high: ends of the windows, in units of the values, shape (windows,).
        exponent: maximum-likelihood exponents, shape (windows,).
    """

    low: Floats
    high: Floats
    exponent: Floats


class StraightSpan(NamedTuple):
    """The longest range of a distribution that is straight.

    Attributes:
        low, high: its ends; NaN where no window holds enough values.
        decades: log10(high / low).
        ends_within: whether the exponent leaves the limit at the upper end; otherwise there are too few values to say
            how much further it is straight.
    """

    low: float
    high: float
    decades: float
    ends_within: bool


def local_exponents(ordered: Floats | NDArray[np.int64], discrete: bool) -> LocalExponents:
    """Exponents in windows of half a decade that begin ten to a decade.

    Windows of under ten thousand values are left out.

    Args:
        ordered: positive values in ascending order, shape (n,).
        discrete: whether they are whole numbers.
    """
    first, last = np.log10([ordered[0], ordered[-1]]) if len(ordered) else (0.0, 0.0)
    starts = 10.0 ** (np.arange(np.floor(first * _PER_DECADE), last * _PER_DECADE) / _PER_DECADE)
    starts = np.unique(np.ceil(starts - 1e-9)) if discrete else starts
    sums = np.concatenate(([0.0], np.cumsum(np.log(ordered))))
    rows = []
    for start in starts:
        end = np.ceil(start * 10**_WINDOW) - 1.0 if discrete else start * 10**_WINDOW
        below, above = np.searchsorted(ordered, [start, end], "left")
        above = np.searchsorted(ordered, end, "right") if discrete else above
        if above - below < _FEWEST or end <= start:
            continue
        exponent = exponent_from_sums(above - below, sums[above] - sums[below], start, end, discrete)
        rows.append((start, end, float(exponent)))
    low, high, exponent = np.array(rows, float).reshape(-1, 3).T
    return LocalExponents(low, high, exponent)


def straight_span(local: LocalExponents, within: float) -> StraightSpan:
    """The longest run of windows whose exponents lie within a distance of their middle.

    A cut-off shows at once, while the distance between distributions hardly notices it, since few values are there.

    Args:
        local: of :func:`local_exponents`.
        within: how far from the middle of least and greatest they may lie.
    """
    best = StraightSpan(np.nan, np.nan, np.nan, False)
    for first in range(len(local.exponent)):
        lowest = np.minimum.accumulate(local.exponent[first:])
        highest = np.maximum.accumulate(local.exponent[first:])
        straight = np.flatnonzero(highest - lowest <= 2.0 * within)
        if not straight.size:  # an exponent that is NaN
            continue
        last = first + int(straight[-1])
        decades = float(np.log10(local.high[last] / local.low[first]))
        if not decades <= best.decades:
            ends = last < len(local.exponent) - 1
            best = StraightSpan(float(local.low[first]), float(local.high[last]), decades, ends)
    return best
