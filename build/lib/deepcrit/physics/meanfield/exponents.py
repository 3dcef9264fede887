"""Power laws of exact curves: a slope on a declared range, and what the range does to it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats


class PowerFit(NamedTuple):
    """A straight line fitted to ln y against ln x.

    Attributes:
        exponent: least-squares slope.
        standard_error: of that slope, from the residuals. They are curvature, not noise, so that it understates how far
            the slope is from its limit.
        near, far: local slopes at the ends of the range near to and far from x = 0. ``near`` is closest to the limit.
    """

    exponent: float
    standard_error: float
    near: float
    far: float

    @property
    def truncation_bias(self) -> float:
        """Exponent minus the local slope nearest to x = 0: about what a finite range does to it."""
        return self.exponent - self.near

    def interval(self) -> tuple[float, float]:
        """95% interval of the fit, widened to both local slopes."""
        margin = 1.96 * self.standard_error
        ends = (self.exponent - margin, self.exponent + margin, self.near, self.far)
        return min(ends), max(ends)


def fit_power(x: Floats, y: Floats) -> PowerFit:
    """Fit y = c x^a to an exact curve.

    Args:
        x: positive, increasing, at least four.
        y: positive.

    Raises:
        ValueError: for fewer points, or values that have no logarithm.
    """
    if len(x) < 4 or not (np.isfinite([x, y]).all() and (x > 0).all() and (y > 0).all() and (np.diff(x) > 0).all()):
        raise ValueError("found values without logarithm, in disorder or too few, expected four or more, increasing")
    log_x, log_y = np.log(x), np.log(y)
    centred = log_x - log_x.mean()
    exponent = centred @ log_y / (centred @ centred)
    residual = log_y - log_y.mean() - exponent * centred
    error = np.sqrt(residual @ residual / (len(x) - 2) / (centred @ centred))
    local = np.gradient(log_y, log_x, edge_order=2)
    return PowerFit(float(exponent), float(error), float(local[0]), float(local[-1]))
