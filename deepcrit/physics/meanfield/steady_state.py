"""The variance at which signals settle in an infinitely wide network, and how it responds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.arrays import Floats
from deepcrit.physics.meanfield.bending import bending
from deepcrit.physics.meanfield.moments import moments

_TOLERANCE = 1e-14  # of the last Newton step, relative
_MOST_STEPS = 200
_LARGEST = 1e12  # a fixed point beyond it counts as none


@dataclass(frozen=True)
class SteadyState:
    """The stable fixed point of q' = sw2 V(q) + sb2, all arrays of one shape.

    Attributes:
        q: variance of the pre-activations; infinite where signals grow without bound.
        weight_susceptibility: d sqrt(q) / d sw2. Where q = 0 it is zero, and infinite at the critical point, from which
            sqrt(q) rises with a vertical tangent.
        bias_susceptibility: d sqrt(q) / d sb2; infinite where q = 0.
        chi_1: sw2 E[phi'(sqrt(q) x)^2], above one where inputs that differ little grow apart.
    """

    q: Floats
    weight_susceptibility: Floats
    bias_susceptibility: Floats
    chi_1: Floats

    @property
    def signal_strength(self) -> Floats:
        """sqrt(q)."""
        return np.sqrt(self.q)


def steady_state(weight_variance: ArrayLike, bias_variance: ArrayLike, activation: str) -> SteadyState:
    """Fixed point and its derivatives by the implicit function theorem, on the broadcast shape of the variances.

    From the fixed point itself, 1 - sw2 V' = sb2/q + sw2 (V/q - V'), two terms that do not cancel. Needs V(q)/q not to
    increase, which holds for every activation here and makes the fixed point unique.

    Raises:
        ValueError: for a variance that is negative or not finite.

    Examples:
        >>> from deepcrit import steady_state
        >>> state = steady_state([0.5, 1.5, 2.0], 0.0, "tanh")
        >>> state.q.round(3).tolist(), state.chi_1.round(3).tolist()
        ([0.0, 0.287, 0.618], [0.5, 1.041, 1.106])
    """
    sw2, sb2 = np.broadcast_arrays(np.asarray(weight_variance, float), np.asarray(bias_variance, float))
    for key, found in (("weight_variance", sw2), ("bias_variance", sb2)):
        if not (np.isfinite(found) & (found >= 0)).all():
            raise ValueError(f"{key}: found {found[~(np.isfinite(found) & (found >= 0))][0]}, expected finite, >= 0")
    q = _fixed_point(sw2.ravel(), sb2.ravel(), activation).reshape(sw2.shape)
    finite = np.where(np.isfinite(q), q, 1.0)
    at = moments(finite, activation)
    with np.errstate(divide="ignore", invalid="ignore"):
        restoring = sb2 / finite + sw2 * (at.growth - at.square)
        by_bias = 0.5 / (np.sqrt(finite) * restoring)
        by_weight = at.mean_square * by_bias
    silent = q == 0
    critical = silent & (sw2 * at.gain == 1.0)
    by_weight = np.where(silent, np.where(critical, np.inf, 0.0), by_weight)
    by_bias = np.where(silent, np.inf, by_bias)
    exploding = np.isinf(q)
    return SteadyState(
        q,
        np.where(exploding, np.nan, by_weight),
        np.where(exploding, np.nan, by_bias),
        np.where(exploding, np.nan, sw2 * at.mean_square_slope),
    )


def _fixed_point(sw2: Floats, sb2: Floats, activation: str) -> Floats:
    """Root of F(q) = q (1 - sw2 gain + sw2 square(q)) - sb2, by Newton's method within a bracket.

    F is convex for these activations, so that Newton steps from the right end at the root; a step that leaves the
    bracket is replaced by its geometric middle.

    Raises:
        ArithmeticError: if they do not converge.
    """
    distance = 1.0 - sw2 * bending(activation).gain
    q = np.zeros_like(sw2)
    work = np.flatnonzero((sb2 > 0) | (distance < 0))

    def excess(rows: NDArray[np.intp], at: Floats) -> tuple[Floats, Floats]:
        found = moments(at, activation)
        value = at * (distance[rows] + sw2[rows] * found.square) - sb2[rows]
        return value, distance[rows] + sw2[rows] * found.growth

    low, high = sb2.copy(), sw2 + sb2
    rising = work
    while rising.size:
        rising = rising[excess(rising, high[rising])[0] < 0]
        low[rising] = np.maximum(low[rising], high[rising])
        high[rising] *= 1e3
        rising = rising[high[rising] < _LARGEST]
    q[work] = np.where(high[work] < _LARGEST, _start(sw2, sb2, distance, high, activation)[work], np.inf)
    work = work[np.isfinite(q[work])]
    for _ in range(_MOST_STEPS):
        if not work.size:
            return q
        at = q[work]
        value, slope = excess(work, at)
        high[work] = np.where(value >= 0, at, high[work])
        low[work] = np.where(value <= 0, at, low[work])
        with np.errstate(divide="ignore", invalid="ignore"):
            new = at - value / slope
        lost = ~((new >= low[work]) & (new <= high[work])) | (slope <= 0)
        middle = np.where(low[work] > 0, np.sqrt(low[work] * high[work]), 0.25 * high[work])
        new = np.where(lost, middle, new)
        q[work] = new
        work = work[np.abs(new - at) > _TOLERANCE * new]
    raise ArithmeticError(f"no fixed point at sw2 = {sw2[work[0]]}, sb2 = {sb2[work[0]]} in {_MOST_STEPS} steps")


def _start(sw2: Floats, sb2: Floats, distance: Floats, high: Floats, activation: str) -> Floats:
    """Root of the quadratic that F is at small q, kept inside the bracket."""
    tiny = 1e-8
    curvature = sw2 * moments(tiny, activation).square / tiny
    root = np.sqrt(distance**2 + 4.0 * curvature * sb2)
    with np.errstate(divide="ignore", invalid="ignore"):
        # of the two forms of the positive root, the one without cancellation
        found = np.where(distance > 0, 2.0 * sb2 / (distance + root), 0.5 * (root - distance) / curvature)
    return np.clip(np.where(np.isfinite(found), found, high), sb2, high)
