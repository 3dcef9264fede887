"""What may go into a stable law, and what is refused."""

import math

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.core.arrays import Floats

SMALLEST_ALPHA = 0.5
FEWEST_VALUES = 20


class StableError(ValueError):
    """A parameter or a set of values that no stable law of the supported range can have."""


def checked_alpha(alpha: float, smallest: float = SMALLEST_ALPHA) -> float:
    """The index of stability.

    Args:
        alpha: the index.
        smallest: that is supported; laws are tabulated from 0.5 on.

    Raises:
        StableError: outside (0, 2], where no law exists, or below the smallest.
    """
    if not 0 < alpha <= 2:
        raise StableError(f"alpha: found {alpha}, expected a number in (0, 2]")
    if alpha < smallest:
        raise StableError(f"alpha: found {alpha}, expected at least {smallest:g}, the smallest supported")
    return float(alpha)


def checked_scale(scale: float) -> float:
    """A positive, finite scale.

    Raises:
        StableError: if it is not.
    """
    if not 0 < scale < math.inf:
        raise StableError(f"scale: found {scale}, expected a positive, finite number")
    return float(scale)


def checked_location(location: float) -> float:
    """A finite location.

    Raises:
        StableError: if it is not.
    """
    if not math.isfinite(location):
        raise StableError(f"location: found {location}, expected a finite number")
    return float(location)


def checked_values(values: ArrayLike) -> Floats:
    """Values of any shape as a vector of float64.

    Raises:
        StableError: fewer than 20, one that is not finite, or all equal.
    """
    x = np.asarray(values, np.float64).ravel()
    if x.size < FEWEST_VALUES:
        raise StableError(f"values: found {x.size}, expected at least {FEWEST_VALUES}")
    low, high = float(x.min()), float(x.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise StableError(f"values: found {int((~np.isfinite(x)).sum())} that are NaN or infinite, expected none")
    if low == high:
        raise StableError(f"values: found {x.size} all equal to {low}, expected a spread")
    return x
