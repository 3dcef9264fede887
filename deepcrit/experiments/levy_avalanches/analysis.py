"""How far avalanches follow power laws, and the crackling relation between their exponents."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.avalanches.observables import Observable
from deepcrit.avalanches.powerlaws import MINIMUM_POINTS, PowerLawFit, fit_continuous, fit_discrete
from deepcrit.core.arrays import Floats


class StraightRange(NamedTuple):
    """The longest range above a lower end on which values are a straight power law.

    Attributes:
        fit: on that range, or on the shortest that was tried if none is straight; None where too few values are there.
        decades: log10 of its ends' ratio, zero if none is straight.
    """

    fit: PowerLawFit | None
    decades: float


def straight_range(observable: Observable, low: float, ends: Floats, limit: float, confidence: float) -> StraightRange:
    """Try upper ends in order until the Kolmogorov-Smirnov distance of the fit exceeds a limit.

    Args:
        observable: durations or sizes.
        low: lower end of the range.
        ends: upper ends, ascending; whole numbers for durations.
        limit: largest distance of a range that is straight.
        confidence: level of the intervals of exponents.
    """
    values = np.sort(observable.values[observable.values >= low])
    found, decades = None, 0.0
    for end in ends:
        inside = np.searchsorted(values, end, side="right")
        if inside < MINIMUM_POINTS or values[0] == values[inside - 1]:
            continue
        fit = _fitted(values[:inside], observable.discrete, low, end, confidence)
        if fit.ks_distance > limit:
            return StraightRange(found or fit, decades)
        # ends beyond the largest value add nothing to what is straight
        found, decades = fit, float(np.log10(min(end, values[-1]) / low))
        if inside == values.size:
            break
    return StraightRange(found, decades)


def _fitted(values: NDArray[Any], discrete: bool, low: float, high: float, confidence: float) -> PowerLawFit:
    if discrete:
        return fit_discrete(values, int(low), int(high), confidence)
    return fit_continuous(values, low, high, confidence, assume_sorted=True)
