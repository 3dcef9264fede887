"""Colours of bias variances, the same in every panel of Fig. 3."""

from __future__ import annotations

from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap
from numpy.typing import NDArray

SHADES = (0.2, 0.68)  # of inferno: purple to red, growing lighter


def bias_colours(log10: NDArray[np.float64]) -> dict[float, Any]:
    """Purple to red from small to large, growing lighter, so that the order survives in grey."""
    return dict(zip(log10, _shades(len(log10)), strict=True))


def _shades(count: int) -> list[Any]:
    inferno: Colormap = sns.color_palette("inferno", as_cmap=True)
    return [inferno(shade) for shade in np.linspace(*SHADES, count)]


def round_values(log10: NDArray[np.float64]) -> list[float]:
    """Whole powers of ten, and both ends."""
    return [float(value) for value in log10 if value in (log10[0], log10[-1]) or np.isclose(value, round(value))]


def bias_scale(log10: NDArray[np.float64]) -> ScalarMappable:
    """A colour bar with one block a bias variance."""
    middles = 0.5 * (log10[1:] + log10[:-1])
    edges = np.concatenate([[1.5 * log10[0] - 0.5 * log10[1]], middles, [1.5 * log10[-1] - 0.5 * log10[-2]]])
    return ScalarMappable(BoundaryNorm(edges, len(log10)), ListedColormap(_shades(len(log10))))
