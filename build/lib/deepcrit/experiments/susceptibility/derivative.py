"""The derivative of noisy values on a grid, as a linear estimator with known bias and variance.

A local cubic regression (Fan and Gijbels 1996, chapter 3) with Epanechnikov's kernel: inside the grid its bias is of
fourth order in the bandwidth, where that of central differences and of local parabolas is of second order. The estimate
is a matrix times the values, so that its variance follows from theirs, and its bias from applying it to the function.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import ncx2, norm

from deepcrit.core.arrays import Floats

_DEGREE = 3
FEWEST_POINTS = _DEGREE + 2
"""Windows that hold fewer points than this are widened, which happens at the ends of a grid."""

_FAR = 6.0  # bias in standard errors from which one tail of the noise is all that matters


def slope_operator(at: ArrayLike, x: ArrayLike, bandwidth: float) -> Floats:
    """Matrix of shape (at, x) that maps values at ``x`` to derivatives at ``at``.

    Args:
        at: where derivatives are wanted.
        x: where values are known, at least :data:`FEWEST_POINTS` distinct ones.
        bandwidth: half width of the window, in units of x.

    Raises:
        ValueError: for fewer points, or a bandwidth that is not positive.
    """
    grid = np.asarray(x, np.float64)
    if grid.size < FEWEST_POINTS:
        raise ValueError(f"x: found {grid.size} points, expected at least {FEWEST_POINTS}")
    if not bandwidth > 0:
        raise ValueError(f"bandwidth: found {bandwidth}, expected > 0")
    wanted = np.asarray(at, np.float64)
    rows = np.zeros((wanted.size, grid.size))
    for row, centre in zip(rows, wanted, strict=True):
        distance = np.abs(grid - centre)
        # a point on the rim of the window has no weight
        reach = max(bandwidth, 1.2 * np.sort(distance)[FEWEST_POINTS - 1])
        inside = distance < reach
        u = (grid[inside] - centre) / reach
        weight = 1.0 - u**2
        design = u ** np.arange(_DEGREE + 1)[:, None]
        row[inside] = np.linalg.solve((design * weight) @ design.T, design * weight)[1] / reach
    return rows


def difference_operator(x: ArrayLike) -> Floats:
    """The naive estimate as a matrix of shape (x, x): central differences, one-sided at both ends."""
    grid = np.asarray(x, np.float64)
    return np.stack([np.gradient(unit, grid) for unit in np.eye(grid.size)], axis=1)


def noise_of(operator: Floats, standard_errors: ArrayLike) -> Floats:
    """Standard deviation of each estimate, for independent errors of the values."""
    return np.asarray(np.sqrt(np.einsum("ij,j->i", operator**2, np.square(standard_errors))))


def margin(noise: ArrayLike, bias: ArrayLike, confidence: float) -> Floats:
    """Half width of an interval about the estimate that holds the truth, for normal noise and a known bias.

    The quantile of |noise + bias|, as in the fixed-length intervals of Armstrong and Kolesar (2018).
    """
    noise, shift = np.broadcast_arrays(np.asarray(noise, np.float64), np.abs(np.asarray(bias, np.float64)))
    ratio = np.divide(shift, noise, out=np.full(noise.shape, np.inf), where=noise > 0)
    near = noise * np.sqrt(ncx2.ppf(confidence, 1, np.minimum(ratio, _FAR) ** 2))
    return np.where(ratio < _FAR, near, shift + norm.ppf(confidence) * noise)


def coverage_of_noise(noise: ArrayLike, bias: ArrayLike, confidence: float) -> Floats:
    """Probability that an interval of the noise alone holds the truth in spite of the bias."""
    quantile = norm.ppf(0.5 + confidence / 2)
    ratio = np.asarray(bias, np.float64) / np.asarray(noise, np.float64)
    return np.asarray(norm.cdf(quantile - ratio) - norm.cdf(-quantile - ratio))
