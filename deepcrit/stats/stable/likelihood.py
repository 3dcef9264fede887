"""The log likelihood of a symmetric stable law, its maximum and its profile.

Coordinates are (sqrt(2 - alpha), ln scale, location / unit). Near alpha = 2 the likelihood of k far values has the
shape k ln(eps) - m eps in eps = 2 - alpha, on which Newton steps in eps or ln eps run away; in sqrt(eps) they never
leave the domain, and the normal law is the point zero, where the likelihood is even.
"""

import math

import numpy as np

from deepcrit.core.arrays import Floats, Mask
from deepcrit.stats.stable import kernels
from deepcrit.stats.stable.checks import SMALLEST_ALPHA
from deepcrit.stats.stable.newton import GAIN, Optimum, maximise
from deepcrit.stats.stable.tables import density_table

FARTHEST = math.sqrt(2 - SMALLEST_ALPHA)
NEAREST = 1e-8
"""Smallest sqrt(2 - alpha): alpha is 2 in double precision, and what is left of the tail keeps logarithms finite."""

LOWER = np.array([NEAREST, -math.inf, -math.inf])
UPPER = np.array([FARTHEST, math.inf, math.inf])

PROFILE_TOLERANCE = 1e-4
"""An end of an interval is found when twice the drop of the log likelihood is met to this: to 1e-5 of its width."""


class Likelihood:
    """Log likelihood of values or grouped values, a function of a point in the coordinates of the module.

    Attributes:
        nodes: where the density is averaged for the likelihood of one value, shape (n, nodes a bin).
        counts: how many values that is, shape (n,).
        unit: of the location coordinate, in the unit of the values, about the scale.
    """

    def __init__(self, nodes: Floats, counts: Floats, unit: float) -> None:
        self.nodes = nodes
        self.counts = counts
        self.unit = unit

    def __call__(self, point: Floats) -> tuple[float, Floats, Floats]:
        """Value, gradient, shape (3,), and Hessian, shape (3, 3)."""
        s, log_scale, location = (float(coordinate) for coordinate in point)
        law = density_table(s * s)
        total = np.empty(10)
        kernels.sum_log_likelihood(
            self.nodes,
            self.counts,
            law.alpha,
            law.density,
            law.density_tail,
            math.exp(log_scale),
            self.unit * location,
            self.unit,
            total,
        )
        by_alpha = total[1]
        second = np.array(
            [[total[4], total[5], total[6]], [total[5], total[7], total[8]], [total[6], total[8], total[9]]]
        )
        chain = np.array([-2 * s, 1.0, 1.0])  # dalpha/ds first
        hessian = second * np.outer(chain, chain)
        hessian[0, 0] -= 2 * by_alpha
        return float(total[0]), total[1:4] * chain, hessian


def best(likelihood: Likelihood, start: Floats, free: Mask) -> Optimum:
    """The maximum from start, moved to the boundary alpha = 2 where that is no worse.

    On the way to the boundary steps end when nothing more is to be gained, a little before it.
    """
    found = maximise(likelihood, start, free, LOWER, UPPER)
    if not found.converged or found.point[0] > 0.05:
        return found
    normal = maximise(likelihood, found.point * [0, 1, 1], free & [False, True, True], LOWER, UPPER)
    return normal if normal.converged and normal.value > found.value - 10 * GAIN else found


def profile_end(
    likelihood: Likelihood, optimum: Optimum, free: Mask, index: int, bound: float, drop: float, guess: Floats | None
) -> Optimum:
    """Where the profile likelihood of one coordinate is `drop` below its maximum.

    Args:
        likelihood: as maximised.
        optimum: its maximum.
        free: coordinates that were free there, shape (3,).
        index: the coordinate profiled; the other free ones are maximised over.
        bound: end of its range on the side to search, infinite if there is none.
        drop: of the log likelihood.
        guess: a point near the end, if one is known.

    Returns:
        The maximum over the other coordinates at the end found, or at the bound if the profile is still above there.
    """
    others = free.copy()
    others[index] = False
    centre = float(optimum.point[index])

    def profile(coordinate: float, start: Floats) -> Optimum:
        point = start.copy()
        point[index] = coordinate
        return maximise(likelihood, point, others, LOWER, UPPER, PROFILE_TOLERANCE / 10)

    side = math.copysign(1.0, bound - centre)
    near, far = 0.0, abs(bound - centre)
    if math.isfinite(bound) and (guess is None or float(guess[index]) == bound):
        found = profile(bound, optimum.point)
        if not found.converged or optimum.value - found.value <= drop:
            return found
    target = math.sqrt(2 * drop)
    curvature = -float(optimum.hessian[index, index])
    distance = target / math.sqrt(curvature) if curvature > 0 else 0.1
    start = optimum.point
    if guess is not None:
        distance, start = abs(float(guess[index]) - centre), guess
    distance = min(distance, far / 2)
    for _ in range(60):
        found = profile(centre + side * distance, start)
        fall = max(optimum.value - found.value, 0.0)
        if not found.converged or abs(2 * fall - 2 * drop) < PROFILE_TOLERANCE:
            return found
        if fall < drop:
            near = distance
        else:
            far = distance
        root = math.sqrt(2 * fall)
        slope = -side * float(found.gradient[index]) / root if root > 0 else 0.0
        new = distance + (target - root) / slope if slope > 0 else math.inf
        if not near < new < min(far, 4 * near if near > 0 else far):
            new = (near + far) / 2 if math.isfinite(far) else 2 * near
        distance, start = new, found.point
    return found._replace(converged=False)
