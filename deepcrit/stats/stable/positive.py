"""Positive stable laws: E exp(-s S) = exp(-c s^b), as the cavity equations of heavy-tailed matrices need them."""

import math

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable import kernels
from deepcrit.stats.stable.checks import StableError

SMALLEST_EXPONENT = 0.25
PANELS = 32
NODES = 16


def checked_exponent(b: float, c: float) -> tuple[float, float]:
    """Exponent and coefficient of the Laplace transform.

    Raises:
        StableError: b outside [0.25, 1], or c that is not positive and finite.
    """
    if not SMALLEST_EXPONENT <= b <= 1:
        raise StableError(f"b: found {b}, expected an exponent in [{SMALLEST_EXPONENT}, 1]")
    if not 0 < c < math.inf:
        raise StableError(f"c: found {c}, expected a positive, finite coefficient")
    return float(b), float(c)


def log_positive_density(y: ArrayLike, b: float, c: float = 1.0) -> Floats:
    """Density of ln S at y, relative error below 1e-8, where E exp(-s S) = exp(-c s^b).

    Args:
        y: points, any shape.
        b: exponent, from 0.25 to below 1; at 1, S is the constant c and has no density.
        c: coefficient, positive.

    Returns:
        Densities per unit of ln S in the shape of y.

    Raises:
        StableError: for a b or c outside its range.

    Examples:
        Of ln S, which integrates to one:

        >>> import numpy as np
        >>> from deepcrit import stable
        >>> y = np.linspace(-5.0, 40.0, 2000)
        >>> print(f"{np.trapezoid(stable.log_positive_density(y, b=0.5), y):.4f}")
        1.0000
    """
    b, c = checked_exponent(b, c)
    if b == 1:
        raise StableError("b: found 1, where S is the constant c and has no density")
    points = np.asarray(y, np.float64) - math.log(c) / b
    place, weight = np.polynomial.legendre.leggauss(NODES)
    nodes = (np.arange(PANELS)[:, None] + (place + 1) / 2) / PANELS
    weights = np.tile(weight / 2 / PANELS, PANELS)
    out = np.empty(points.size)
    kernels.log_positive_densities(np.ascontiguousarray(points).ravel(), b, nodes.ravel(), weights, out)
    return out.reshape(points.shape)
