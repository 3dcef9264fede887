"""The plane of alpha and g, with a square for every network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize


def draw_stable_plane(
    axes: Axes, networks: pd.DataFrame, column: str, colours: Any, norm: Normalize | None = None
) -> QuadMesh:
    """Values as shades of cells, whose borders lie half-way between networks; white where there is none.

    Args:
        axes: to draw into.
        networks: with columns ``alpha`` and ``gain``.
        column: whose values are shown.
        colours: colour map.
        norm: of the values; their range if None.
    """
    table = networks.pivot_table(index="gain", columns="alpha", values=column, dropna=False)
    alphas, gains = table.columns.to_numpy(float), table.index.to_numpy(float)
    image = axes.pcolormesh(_borders(alphas), _borders(gains), table.to_numpy(float), cmap=colours, norm=norm)
    axes.plot(*(grid.ravel() for grid in np.meshgrid(alphas, gains)), ".", color="k", ms=1.5, alpha=0.6)
    axes.set(xlabel=r"$\alpha$", ylabel=r"$g = D_w^{1/\alpha}$")
    return image


def _borders(centres: np.ndarray) -> np.ndarray:
    between = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - between[0]], between, [2 * centres[-1] - between[-1]]])
