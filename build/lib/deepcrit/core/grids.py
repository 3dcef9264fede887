"""Grids of the plane of weight and bias variance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from deepcrit.core.arrays import Floats
from deepcrit.core.keys import grid_points

_DECIMALS = 12


def regular_grid(start: float, stop: float, step: float) -> Floats:
    """Values from start to stop, both included, rounded so that 1.0 is 1.0.

    Raises:
        ValueError: if steps from start do not meet stop.
    """
    return np.asarray(np.round(start + step * np.arange(grid_points(start, stop, step)), _DECIMALS))


def bias_grid(log_bias_variances: Mapping[str, float]) -> tuple[Floats, Floats]:
    """No bias, then a grid in log10: log10 of the bias variances, minus infinity first, and the variances."""
    log10 = np.append(-np.inf, regular_grid(**log_bias_variances))
    return log10, np.asarray(10.0**log10)
