"""The maximum of a smooth function within bounds, by safeguarded Newton steps."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats, Mask

Function = Callable[[Floats], tuple[float, Floats, Floats]]
"""From a point, shape (k,), to value, gradient, shape (k,), and Hessian, shape (k, k)."""

ITERATIONS = 80
GAIN = 1e-9
"""Steps end when the next one promises less than this, in units of the function."""

LONGEST_STEP = 1.0


class Optimum(NamedTuple):
    """Where the function is largest over the free coordinates, with gradient and Hessian there."""

    point: Floats
    value: float
    gradient: Floats
    hessian: Floats
    converged: bool


def maximise(
    function: Function, start: Floats, free: Mask, lower: Floats, upper: Floats, gain: float = GAIN
) -> Optimum:
    """Climb from start over the free coordinates; never downhill, never out of bounds.

    Where the function is not concave, a step goes along each axis of the Hessian as if it were. A coordinate at a bound
    that its gradient points to is held there.

    Args:
        function: to maximise, in coordinates of order one.
        start: shape (k,), moved within the bounds.
        free: coordinates to move, shape (k,).
        lower: bound of each coordinate, shape (k,).
        upper: bound of each coordinate, shape (k,).
        gain: steps end when the next one promises less.

    Returns:
        The optimum, not converged if the steps ran out, none went uphill or the function was not finite.
    """
    point = np.clip(start, lower, upper)
    value, gradient, hessian = function(point)
    for _ in range(ITERATIONS):
        outward = ((point == lower) & (gradient <= 0)) | ((point == upper) & (gradient >= 0))
        active = free & ~outward
        slope, curvature = gradient[active], hessian[np.ix_(active, active)]
        if not (np.isfinite(slope).all() and np.isfinite(curvature).all()):
            break
        sizes, axes = np.linalg.eigh(-curvature)
        along = np.einsum("ij,i->j", axes, slope)
        stiff = np.maximum(np.abs(sizes), 1e-12 * np.abs(sizes).max(initial=0.0) + 1e-300)
        if (sizes > 0).all() and float((along * along / stiff).sum()) / 2 < gain:
            return Optimum(point, value, gradient, hessian, True)
        step = np.zeros(point.size)
        step[active] = np.einsum("ij,j->i", axes, along / stiff)
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        for _ in range(50):
            new = np.clip(point + step, lower, upper)
            found = function(new)
            if found[0] >= value - 1e-13 * abs(value):
                break
            step /= 2
        else:
            break
        point, (value, gradient, hessian) = new, found
    return Optimum(point, value, gradient, hessian, False)
