"""Symmetric stable laws S_alpha(scale): characteristic function exp(-|scale u|^alpha + i location u)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc, erfcinv

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable import kernels
from deepcrit.stats.stable.checks import StableError, checked_alpha, checked_location, checked_scale
from deepcrit.stats.stable.tables import density_table

Kernel = Callable[[Floats, float, Floats, Floats, Floats], None]

LOG_NORMAL = -0.5 * float(np.log(4 * np.pi))
"""ln of the normal density of variance 2 at zero."""


def _standardised(x: ArrayLike, scale: float, location: float) -> tuple[Floats, float]:
    scale = checked_scale(scale)
    return (np.asarray(x, np.float64) - checked_location(location)) / scale, scale


def _evaluate(kernel: Kernel, x: Floats, alpha: float, cells: Floats, tail: Floats) -> Floats:
    out = np.empty(x.size)
    kernel(np.ascontiguousarray(x).ravel(), alpha, cells, tail, out)
    return out.reshape(x.shape)


def density(x: ArrayLike, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """Density per unit of x, relative error below 1e-8 wherever it exceeds 1e-12 of its maximum.

    Args:
        x: points, any shape.
        alpha: index of stability, from 0.5 to 2. At 2 the law is normal, of variance 2 scale^2.
        scale: in units of x.
        location: centre of symmetry, in units of x.

    Returns:
        Densities in the shape of x.

    Raises:
        StableError: for an alpha, scale or location that is not allowed.

    Examples:
        Cauchy's law, with 1 / (pi (1 + x^2)):

        >>> from deepcrit import stable
        >>> stable.density([0.0, 1.0], alpha=1.0).round(4).tolist()
        [0.3183, 0.1592]
    """
    y, scale = _standardised(x, scale, location)
    alpha = checked_alpha(alpha)
    if alpha == 2:
        return np.exp(LOG_NORMAL - y * y / 4) / scale
    law = density_table(2 - alpha)
    return _evaluate(kernels.densities, y, alpha, law.density[0], law.density_tail[0]) / scale


def log_density(x: ArrayLike, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """Natural logarithm of `density`, finite however far out x lies; arguments and errors as there.

    Examples:
        >>> from deepcrit import stable
        >>> print(f"{stable.log_density(1e9, alpha=1.5):.2f}")  # falls as -2.5 ln x
        -53.01
    """
    y, scale = _standardised(x, scale, location)
    alpha = checked_alpha(alpha)
    if alpha == 2:
        return LOG_NORMAL - y * y / 4 - np.log(scale)
    law = density_table(2 - alpha)
    return _evaluate(kernels.log_densities, y, alpha, law.density[0], law.density_tail[0]) - np.log(scale)


def survival(x: ArrayLike, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """P(X > x), with the relative accuracy of `density`; arguments and errors as there.

    Examples:
        >>> from deepcrit import stable
        >>> stable.survival([0.0, 1.0], alpha=1.0).round(4).tolist()
        [0.5, 0.25]
    """
    y, _ = _standardised(x, scale, location)
    alpha = checked_alpha(alpha)
    if alpha == 2:
        return np.asarray(erfc(y / 2) / 2, np.float64)
    law = density_table(2 - alpha)
    return _evaluate(kernels.survivals, y, alpha, law.survival, law.survival_tail)


def distribution(x: ArrayLike, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """P(X <= x), with relative accuracy in the lower tail; arguments and errors as in `density`.

    Examples:
        >>> from deepcrit import stable
        >>> stable.distribution([-1.0, 0.0], alpha=1.0).round(4).tolist()
        [0.25, 0.5]
    """
    return survival(2 * location - np.asarray(x, np.float64), alpha, scale, location)


def upper_quantile(probability: ArrayLike, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """x with P(X > x) = probability: the inverse of `survival`.

    Args:
        probability: in [0, 1], any shape; 0 and 1 lead to infinity.
        alpha: as in `density`.
        scale: likewise.
        location: likewise.

    Returns:
        Quantiles in the shape of probability.

    Raises:
        StableError: for an argument outside its range.

    Examples:
        >>> from deepcrit import stable
        >>> print(f"{stable.upper_quantile(0.25, alpha=1.0):.4f}")
        1.0000
    """
    q = np.asarray(probability, np.float64)
    if not ((q >= 0) & (q <= 1)).all():
        raise StableError("probability: found a number outside [0, 1] or NaN, expected a probability")
    alpha, scale, location = checked_alpha(alpha), checked_scale(scale), checked_location(location)
    if alpha == 2:
        return np.asarray(location + 2 * scale * erfcinv(2 * q), np.float64)
    law = density_table(2 - alpha)
    return location + scale * _evaluate(kernels.upper_quantiles, q, alpha, law.survival, law.survival_tail)


def quantile(probability: ArrayLike, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """x with P(X <= x) = probability: the inverse of `distribution`; arguments and errors as in `upper_quantile`.

    Examples:
        >>> from deepcrit import stable
        >>> print(f"{stable.quantile(0.25, alpha=1.0):.4f}")
        -1.0000
    """
    return 2 * location - upper_quantile(probability, alpha, scale, location)
