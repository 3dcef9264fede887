"""The plane of alpha and g, with a square for every network, and the lines that divide it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.patheffects import Normal, Stroke

from deepcrit.core.figures.style import PUBLISHED


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


def draw_ordered_lines(axes: Axes, lines: pd.DataFrame, colour: Any = PUBLISHED, edge: Any = "k") -> None:
    """The ordered line in both readings, and the edge of chaos that the authors published later.

    Args:
        axes: with alpha along x and g along y.
        lines: schema ``ordered_lines``.
        colour: of the lines.
        edge: colour of the edge; what is white has an outline, to be seen on any shade.
    """
    labels = {"fixed_point": r"ordered line, $q^* = 0.01$", "radius": "ordered line, radius 1"}
    for (name, label), dashes in zip(labels.items(), ("-", "--"), strict=True):
        of = lines[lines["line"] == name]
        axes.plot(of["alpha"], of["gain"], color=colour, ls=dashes, label=label, path_effects=_outline(colour))
    later = lines[lines["line"] == "later_edge"]
    axes.plot(later["alpha"], later["gain"], "x", color=edge, ms=5, mew=1.3, path_effects=_outline(edge),
              label="delocalised edge (authors, 2026)")  # fmt: skip


def _outline(colour: Any) -> list[Any]:
    return [Stroke(linewidth=2.4, foreground="k"), Normal()] if colour == "w" else []


def _borders(centres: np.ndarray) -> np.ndarray:
    between = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - between[0]], between, [2 * centres[-1] - between[-1]]])
