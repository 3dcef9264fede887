"""Fig. 2 of qu2022: densities of eigenvalues, and the phase diagram, in two readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from deepcrit.core.figures.stable_plane import draw_ordered_lines
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style

_GAIN = r"$g = D_w^{1/\alpha}$"
_GREEN = "#1b7837"
_STYLES = {0: "-", 1: "--", 2: "-.", 3: ":"}  # of gains, so that curves are told apart in grey
_READINGS = {("window", "radius"): "as computed by the authors", ("all", "fixed_point"): "as printed"}


def qu2022_fig2(
    densities: pd.DataFrame,
    drawn: pd.DataFrame,
    matrices: pd.DataFrame,
    fitted: pd.DataFrame,
    lines: pd.DataFrame,
    diagram: pd.DataFrame,
    boundaries: pd.DataFrame,
) -> Drawn:
    """Densities of two indices with eigenvalues inset; pseudolengths; the phase diagram in two readings.

    Args:
        densities: schema ``radial_densities``.
        drawn: schema ``drawn_eigenvalues``.
        matrices: schema ``matrix_spectra``.
        fitted: schema ``pseudolengths``.
        lines: schema ``ordered_lines``.
        diagram: schema ``phase_diagram``.
        boundaries: schema ``phase_boundaries``.
    """
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(8.8, 5.8), layout="constrained")
    for panel, (alpha, of) in zip(axes[0, :2], grouped(densities, "alpha"), strict=False):
        _draw_densities(panel, of, drawn[drawn["alpha"] == alpha])
        panel.set_title(rf"$\alpha = {alpha:g}$")
    _draw_distributions(axes[0, 2], densities[densities["alpha"] == densities["alpha"].min()])
    powers = sorted(boundaries.loc[boundaries["family"] == "log", "power"].unique())
    for panel, ((radii, line), title) in zip(axes[1, :2], _READINGS.items(), strict=True):
        mesh = _draw_phases(
            panel,
            diagram.query(f"radii == {radii!r} and line == {line!r}"),
            boundaries.query(f"radii == {radii!r} and line == {line!r} and family == 'shifted'"),
            powers,
        )
        draw_ordered_lines(panel, lines)
        panel.set_title(title)
    figure.legend(*axes[1, 1].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    bar = figure.colorbar(mesh, ax=axes[1, 1], ticks=[0, *powers])
    bar.set_label("largest $L$ of $f_1$")
    _draw_pseudolengths(axes[1, 2], fitted)
    for letter, panel in zip(["a", "", "", "b", "", ""], axes.flat, strict=True):
        label_panel(panel, letter)
    largest = matrices[matrices["quantity"] == "area"]
    return figure, {
        "widest_area": largest.sort_values("value").iloc[-1],
        "furthest": float(lines.loc[lines["line"] == "radius", "over_fixed_point"].abs().max()),
    }


def _draw_densities(axes: Axes, densities: pd.DataFrame, drawn: pd.DataFrame) -> None:
    gains = list(densities["gain"].unique())
    for place, (gain, of) in enumerate(grouped(densities, "gain")):
        shown = of[of["plane_density"] > 0]
        axes.plot(shown["radius"], shown["plane_density"], ls=_STYLES[place % 4], label=f"$g = {gain:g}$",
                  color=sns.color_palette("flare", len(gains))[place])  # fmt: skip
    axes.set(yscale="log", xlim=(0, 4), ylim=(1e-4, 30), xlabel="$|z|$", ylabel=r"$\rho(|z|)$ per unit of area")
    axes.legend(loc="lower left")
    inset = axes.inset_axes((0.6, 0.54, 0.38, 0.38))
    inset.plot(drawn["real"], drawn["imaginary"], ".", color=OURS, ms=0.8, rasterized=True)
    radius = float(drawn["characteristic_radius"].iloc[0])
    angle = np.linspace(0, 2 * np.pi, 200)
    inset.plot(radius * np.cos(angle), radius * np.sin(angle), color=PUBLISHED, lw=0.8)
    limit = 1.5 * radius
    inset.set(xlim=(-limit, limit), ylim=(-limit, limit), xticks=[], yticks=[], aspect="equal")
    inset.set_title(f"eigenvalues, $g = {drawn['gain'].iloc[0]:g}$", fontsize=6, pad=2)


def _draw_distributions(axes: Axes, densities: pd.DataFrame) -> None:
    gains = list(densities["gain"].unique())
    for place, (gain, of) in enumerate(grouped(densities, "gain")):
        colour = sns.color_palette("flare", len(gains))[place]
        axes.plot(of["radius"], of["distribution"], color=colour, ls=_STYLES[place % 4], label=f"$g = {gain:g}$")
        axes.plot(of["radius"][::5], of["simulated"][::5], ".", color=colour, ms=3)
    axes.plot([], [], "k.", ms=3, label="simulated")
    axes.set(xlabel="$|z|$", ylabel=r"share of eigenvalues within $|z|$", xlim=(0, 4), ylim=(0, 1.02))
    axes.set_title(rf"$\alpha = {densities['alpha'].iloc[0]:g}$")
    axes.legend(loc="lower right")


def _draw_phases(axes: Axes, diagram: pd.DataFrame, boundaries: pd.DataFrame, powers: Sequence[int]) -> Any:
    table = diagram.pivot_table("largest_log_power", "gain", "alpha")
    colours = ListedColormap(["white", *sns.light_palette(OURS, len(powers) + 1)[1:]])
    edges = [-0.5, *(power - 0.5 for power in powers), powers[-1] + 0.5]
    mesh = axes.pcolormesh(table.columns, table.index, table, cmap=colours, norm=BoundaryNorm(edges, colours.N),
                           shading="nearest", rasterized=True)  # fmt: skip
    for place, (power, of) in enumerate(grouped(boundaries, "power")):
        seen = of[np.isfinite(of["upper_gain"])]
        axes.plot(seen["alpha"], seen["upper_gain"], color=_GREEN, lw=0.7,
                  label=f"$f_2$, $L = {power}$ to {boundaries['power'].max()}" if place == 0 else None)  # fmt: skip
    axes.plot(2, 1, "o", color="k", mfc="w", ms=4, label="classical point", zorder=5)
    axes.set(xlabel=r"$\alpha$", ylabel=_GAIN, xlim=(1, 2.02), ylim=(0, 3))
    return mesh


def _draw_pseudolengths(axes: Axes, pseudolengths: pd.DataFrame) -> None:
    alphas = list(pseudolengths["alpha"].unique())
    for place, (alpha, of) in enumerate(grouped(pseudolengths, "alpha")):
        colour = sns.color_palette("flare_r", len(alphas))[place]
        lives = of[of["fixed_point"] > 0]
        axes.plot(lives["gain"], lives["fixed_point"], color=colour, lw=0.9)
        axes.plot(lives["gain"], lives["fitted"], "osD^v"[place % 5], color=colour, ms=3.5, mfc="w",
                  label=rf"$\alpha = {alpha:g}$")  # fmt: skip
    axes.axhline(0.01, color=REFERENCE, lw=0.8, ls=":")
    axes.set(yscale="log", xlabel=_GAIN, ylabel="pseudolength $q^*$", ylim=(1e-5, 20))
    axes.set_title(f"simulated, $N = {pseudolengths['width'].iloc[0]}$, and mean field")
    axes.legend(loc="lower right")
