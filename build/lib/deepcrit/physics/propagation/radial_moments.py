"""Moments of mean(phi(z)^2) over a uniform direction of z at given radius.

Given q = mean(z^2), the direction of z is uniform on the sphere of radius sqrt(N q). The mean of phi^2 then has
a conditional mean mu(q) and a variance of order 1/N; the radial chain needs nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from deepcrit.physics.activations import activation

GRID_POINTS = 4097
QUADRATURE_NODES = 96


@dataclass(frozen=True)
class RadialMoments:
    """Tables on a uniform grid of x = q / (1 + q) in [0, 1), interpolated linearly.

    Attributes:
        ratio: mu(q) / q, shape (GRID_POINTS,).
        relative_deviation: a such that (1 + a xi)^2 / (1 + a^2), xi standard normal, has the relative variance of
            mean(phi^2); a positive multiplier with exact mean and variance, shape (GRID_POINTS,).
    """

    ratio: NDArray[np.float64]
    relative_deviation: NDArray[np.float64]


@lru_cache(maxsize=64)
def radial_moments(activation_name: str, width: int) -> RadialMoments:
    """Tabulate the conditional moments for one activation and width by Gauss-Legendre quadrature.

    One coordinate of a uniform direction in N dimensions has density (1 - t^2)^((N-3)/2); a second one,
    given the first, is sqrt(1 - t^2) times a coordinate of a direction in N - 1 dimensions.

    Args:
        activation_name: see :mod:`deepcrit.physics.activations`.
        width: N >= 4.
    """
    phi = activation(activation_name)
    x = np.arange(GRID_POINTS) / GRID_POINTS
    q = x / (1.0 - x)
    q[0] = 1e-12
    t, weight_t = _half_line_rule(width)
    s, weight_s = _half_line_rule(width - 1)
    # radius = sqrt(N q); f(t) = phi^2 averaged over the sign of the coordinate
    radius = np.sqrt(width * q)

    def even_square(coordinate: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.5 * (phi(coordinate) ** 2 + phi(-coordinate) ** 2)

    def fourth(coordinate: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.5 * (phi(coordinate) ** 4 + phi(-coordinate) ** 4)

    second_coordinate = np.sqrt(1.0 - t[:, None] ** 2) * s[None, :]
    ratio = np.empty(GRID_POINTS)
    relative_variance = np.empty(GRID_POINTS)
    for i in range(GRID_POINTS):
        # in units of q, so that nothing underflows
        f_t = even_square(radius[i] * t) / q[i]
        mu = weight_t @ f_t
        inner = (even_square(radius[i] * second_coordinate) / q[i]) @ weight_s
        second = (weight_t @ (fourth(radius[i] * t) / q[i] ** 2) + (width - 1) * (weight_t @ (f_t * inner))) / width
        ratio[i] = mu
        relative_variance[i] = max(second / mu**2 - 1.0, 0.0)
    # (4 a^2 + 2 a^4) / (1 + a^2)^2 = R  has the positive root below
    a_squared = np.sqrt(1.0 + relative_variance / (2.0 - relative_variance)) - 1.0
    return RadialMoments(ratio, np.sqrt(a_squared))


def _half_line_rule(dimension: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes in (0, 1) and normalised weights for |t|, t a coordinate of a uniform direction.

    Half a line, because an activation may have a kink at zero.
    """
    upper = min(1.0, 12.0 / np.sqrt(dimension))
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
    # t = upper sin(theta) removes the end-point singularity of low dimensions
    theta = 0.25 * np.pi * (nodes + 1.0)
    t = upper * np.sin(theta)
    density = weights * np.cos(theta) * np.exp(0.5 * (dimension - 3) * np.log1p(-(np.minimum(t, 1 - 1e-16) ** 2)))
    return t, density / density.sum()
