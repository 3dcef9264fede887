"""Lines in the plane of weight and bias variance: the edge of chaos, and the ridge of the weight susceptibility.

Both are found along the variance q of the signal instead of the weight variance: at fixed sb2 the steady state is
sw2 = (q - sb2) / V(q), an explicit function of q, so that no fixed point is solved for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar

from deepcrit.core.arrays import Floats
from deepcrit.physics.meanfield.bending import bending
from deepcrit.physics.meanfield.moments import moments

_SMALLEST_Q, _LARGEST_Q = 1e-12, 1e3
_GRID = 600
_AT_THE_END = 1e-5  # relative distance from sw2 = 0 at which the rise of the susceptibility is looked at


def edge_of_chaos(bias_variance: ArrayLike, activation: str) -> Floats:
    """Weight variance at which chi_1 = sw2 E[phi'^2] = 1, at each bias variance; NaN where there is none.

    On the edge sb2 = q - V / E[phi'^2], which is inverted for q.

    Raises:
        ValueError: for a bias variance that is negative or not finite.

    Examples:
        >>> from deepcrit import edge_of_chaos
        >>> edge_of_chaos([0.0, 0.05], "tanh").round(3).tolist()
        [1.0, 1.761]
    """
    sb2 = _checked(np.atleast_1d(np.asarray(bias_variance, dtype=np.float64)))
    return np.array([_edge(float(value), activation) for value in sb2])


def _checked(bias_variance: Floats) -> Floats:
    valid = np.isfinite(bias_variance) & (bias_variance >= 0)
    if not valid.all():
        raise ValueError(f"bias_variance: found {bias_variance[~valid][0]}, expected finite, >= 0")
    return bias_variance


def _edge(sb2: float, activation: str) -> float:
    if sb2 == 0:
        return 1.0 / bending(activation).gain

    def excess(log_q: float) -> float:
        at = moments(np.exp(log_q), activation)
        return float(at.q * (at.square - at.slope) / at.mean_square_slope / sb2 - 1.0)

    low, high = np.log(_SMALLEST_Q), np.log(_LARGEST_Q)
    if excess(low) > 0 or excess(high) < 0:
        return float("nan")
    log_q = brentq(excess, low, high, xtol=1e-14, rtol=1e-14)
    return float(1.0 / moments(np.exp(log_q), activation).mean_square_slope)


class Ridge(NamedTuple):
    """The maximum of the weight susceptibility over sw2 at one bias variance, the Widom-like line.

    Attributes:
        weight_variance: where it is.
        height: d sqrt(q) / d sw2 there.
        low: weight variance below at which it is half as high, zero where it never is.
        high: weight variance above at which it is.
        interior: the maximum lies above sw2 = 0.
    """

    weight_variance: float
    height: float
    low: float
    high: float
    interior: bool

    @property
    def width(self) -> float:
        """Between the two halves of the height."""
        return self.high - self.low


def ridge(bias_variance: float, activation: str) -> Ridge:
    """Highest weight susceptibility over all weight variances at one bias variance.

    Raises:
        ValueError: for a bias variance that is negative or not finite, or if the susceptibility grows without end, as
            it does for an activation that does not saturate.

    Examples:
        >>> from deepcrit import ridge
        >>> found = ridge(0.05, "tanh")
        >>> print(f"{found.weight_variance:.3f}, between {found.low:.2f} and {found.high:.2f}")
        1.392, between 0.54 and 5.98
    """
    _checked(np.asarray(bias_variance, dtype=np.float64))
    critical = 1.0 / bending(activation).gain
    if bias_variance == 0:
        return Ridge(critical, np.inf, critical, critical, True)
    start, stop = np.log(bias_variance), np.log(_LARGEST_Q * (1.0 + bias_variance))
    grid = np.linspace(start, stop, _GRID)
    heights = _log_susceptibility(grid, bias_variance, activation)
    best = int(np.argmax(heights))
    if best == _GRID - 1:
        raise ValueError(f"activation: found {activation!r}, expected one that saturates")
    refined = minimize_scalar(
        lambda log_q: -float(_log_susceptibility(log_q, bias_variance, activation)),
        bounds=(grid[max(best - 1, 0)], grid[best + 1]),
        method="bounded",
        options={"xatol": 1e-10},
    )
    interior = best > 0 or _rises_from_zero(np.log(bias_variance), activation)
    log_q, top = (refined.x, -refined.fun) if interior else (start, heights[0])

    def above_half(at: float) -> float:
        return float(_log_susceptibility(at, bias_variance, activation) - top + np.log(2.0))

    low = brentq(above_half, start, log_q) if heights[0] < top - np.log(2.0) else start
    high = brentq(above_half, log_q, stop)
    found = [0.0 if at == start else _weight_variance(at, bias_variance, activation) for at in (log_q, low, high)]
    return Ridge(found[0], float(np.exp(top)), found[1], found[2], bool(interior))


def ridge_end(activation: str, smallest: float = 1e-6, largest: float = 1e3) -> float:
    """Bias variance beyond which the weight susceptibility falls from sw2 = 0 on: the end of the ridge.

    Raises:
        ValueError: if the ridge does not end between the two bias variances.
    """
    ends = (np.log(smallest), np.log(largest))
    if [_rises_from_zero(end, activation) for end in ends] != [True, False]:
        raise ValueError(f"found no end of the ridge between bias variances {smallest} and {largest}")
    return float(np.exp(brentq(lambda log_sb2: _rise_from_zero(log_sb2, activation), *ends, xtol=1e-10)))


def _rises_from_zero(log_sb2: float, activation: str) -> bool:
    return _rise_from_zero(log_sb2, activation) > 0


def _rise_from_zero(log_sb2: float, activation: str) -> float:
    """d ln(susceptibility) / d ln(q) at sw2 = 0, where q = sb2."""
    near = np.array([log_sb2, log_sb2 + _AT_THE_END])
    heights = _log_susceptibility(near, float(np.exp(log_sb2)), activation)
    return float(heights[1] - heights[0]) / _AT_THE_END


def _log_susceptibility(log_q: ArrayLike, sb2: float, activation: str) -> Floats:
    """ln d sqrt(q) / d sw2 at the steady state of variance q, from the derivative of (q - sb2) / V(q)."""
    at = moments(np.exp(log_q), activation)
    restoring = at.q * (at.growth - at.square) + sb2 * at.mean_square_growth
    return np.asarray(2.0 * np.log(at.mean_square) - np.log(restoring) - np.log(2.0) - 0.5 * np.log(at.q))


def _weight_variance(log_q: float, sb2: float, activation: str) -> float:
    at = moments(np.exp(log_q), activation)
    return float(np.maximum(at.q - sb2, 0.0) / at.mean_square)
