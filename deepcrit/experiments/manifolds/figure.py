"""Fig. 4, S1 and 5 of qu2022: circles after many layers, and how much distances along them vary."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from deepcrit.core.figures.stable_plane import draw_ordered_lines
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style

_GAIN = r"$g = D_w^{1/\alpha}$"
_SHARES = 5
_BLUE = "#9ecae1"
_CUT = 0.05  # of the axes of projections, as published
_CONTRAST = 1.0  # largest variation of the colours, as published


def qu2022_fig4(projections: pd.DataFrame, summary: pd.DataFrame) -> Drawn:
    """One panel an index and gain: the circle on its first principal components, and its singular values inset.

    Args:
        projections: schema ``circle_projections``.
        summary: schema ``circle_summary``.
    """
    use_style()
    alphas, gains = (list(projections[name].unique()) for name in ("alpha", "gain"))
    figure = plt.figure(figsize=(2.9 * len(gains), 2.4 * len(alphas)), layout="constrained")
    panels = []
    for row, alpha in enumerate(alphas):
        for column, gain in enumerate(gains):
            axes = figure.add_subplot(len(alphas), len(gains), row * len(gains) + column + 1, projection="3d")
            panels.append(axes)
            point = "alpha == @alpha and gain == @gain"
            _draw_circle(axes, projections.query(point), summary.query(point))
            axes.set_title(rf"$\alpha = {alpha:g}$, $g = {gain:g}$", pad=0)
    colours = ScalarMappable(Normalize(0, 2 * np.pi), "twilight")
    bar = figure.colorbar(colours, ax=panels, shrink=0.5, aspect=30, ticks=[0, np.pi, 2 * np.pi])
    bar.ax.set_yticklabels(["0", r"$\pi$", r"$2\pi$"])
    bar.set_label(r"angle $\theta$")
    totals = summary[summary["quantity"] == "log10_total"].set_index(["alpha", "gain"])
    tops = summary[summary["quantity"] == "log10_top"].set_index(["alpha", "gain"])
    return figure, {
        "points": [
            (alpha, gain, 10 ** totals.loc[(alpha, gain), "value"], 10 ** tops.loc[(alpha, gain), "value"])
            for alpha in alphas
            for gain in gains
        ]
    }


def _draw_circle(axes: Any, curve: pd.DataFrame, summary: pd.DataFrame) -> None:
    inside = (curve[["first", "second", "third"]].abs() <= _CUT).all(axis=1)
    shown = curve[inside]
    axes.scatter(shown["first"], shown["second"], shown["third"], c=shown["angle"], cmap="twilight", vmin=0,
                 vmax=2 * np.pi, s=1.5, rasterized=True, depthshade=False)  # fmt: skip
    limits = (-_CUT, _CUT)
    axes.set(xlim=limits, ylim=limits, zlim=limits, xticks=[-_CUT, 0, _CUT], yticks=[-_CUT, 0, _CUT],
             zticks=[-_CUT, 0, _CUT])  # fmt: skip
    # all three axes have the same ends, and names where their middle is
    axes.set_xticklabels([f"{-_CUT:g}", "", f"{_CUT:g}"])
    axes.set_yticklabels(["", "", f"{_CUT:g}"])
    axes.set_zticklabels([])
    axes.tick_params(labelsize=4.5, pad=-3)
    for name, direction in (("PC 1", axes.xaxis), ("PC 2", axes.yaxis), ("PC 3", axes.zaxis)):
        direction.set_label_text(name, fontsize=5.5)
        direction.labelpad = -11
    shares = summary[summary["quantity"].str.fullmatch(rf"share_[1-{_SHARES}]")].sort_values("quantity")
    inset = axes.inset_axes((1.02, 0.72, 0.24, 0.28))
    errors = np.clip([shares["value"] - shares["ci_low"], shares["ci_high"] - shares["value"]], 0, None)
    inset.bar(range(1, _SHARES + 1), shares["value"], color=OURS, yerr=errors,
              error_kw={"lw": 0.6, "ecolor": REFERENCE})  # fmt: skip
    inset.set(ylim=(0, 1), yticks=[0, 1], xticks=[1, _SHARES])
    inset.tick_params(labelsize=4.5, length=1.5, pad=1)
    inset.set_title("share of PC", fontsize=5, pad=1)


def qu2022_fig5(plane: pd.DataFrame, widths: pd.DataFrame, lines: pd.DataFrame, boundaries: pd.DataFrame) -> Drawn:
    """The plane at every layer, with the lines of Fig. 2 over it; the region against width.

    Args:
        plane: schema ``distance_plane``.
        widths: schema ``crossover_widths``.
        lines: schema ``ordered_lines``.
        boundaries: schema ``phase_boundaries``.
    """
    use_style()
    layers = list(plane["layer"].unique())
    figure, axes = plt.subplots(1, len(layers) + 1, figsize=(2.1 * (len(layers) + 1), 2.7), layout="constrained",
                                width_ratios=[*([1] * len(layers)), 0.9])  # fmt: skip
    drawn = boundaries.query("family == 'shifted' and radii == 'window' and line == 'radius'")
    powers = drawn["power"].unique()
    for panel, (layer, of) in zip(axes, grouped(plane, "layer"), strict=False):
        table = of.pivot_table("variation", "gain", "alpha")
        mesh = panel.pcolormesh(table.columns, table.index, table, cmap="rocket", vmin=0, vmax=_CONTRAST,
                                shading="nearest", rasterized=True)  # fmt: skip
        for place, (_, curve) in enumerate(
            grouped(drawn[drawn["power"].isin(powers[:: max(1, len(powers) // 3)])], "power")
        ):
            seen = curve[np.isfinite(curve["upper_gain"])]
            panel.plot(
                seen["alpha"], seen["upper_gain"], color="w", lw=0.8, label="upper end of $f_2$" if place == 0 else None
            )
        draw_ordered_lines(panel, lines, _BLUE, "w")
        panel.plot(2, 1, "o", color="k", mfc="w", ms=4, zorder=5)
        panel.set(xlabel=r"$\alpha$", xlim=(0.98, 2.04), ylim=(0, 3), title=f"layer {layer}")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=True,
                  facecolor="0.6", framealpha=1.0, edgecolor="none")  # fmt: skip
    axes[0].set_ylabel(_GAIN)
    bar = figure.colorbar(mesh, ax=axes[len(layers) - 1])
    bar.set_label("coefficient of variation")
    region, slope = widths[widths["quantity"] == "region"], widths[widths["quantity"] == "slope"].iloc[0]
    last = axes[-1]
    last.errorbar(region["width"], region["value"], [region["value"] - region["ci_low"],
                  region["ci_high"] - region["value"]], fmt="o", color=PUBLISHED, ms=3.5, capsize=2)  # fmt: skip
    last.set(xscale="log", xlabel="$N$", ylabel="range in $g$ of variation", ylim=(0, None))
    last.set_xticks(region["width"], [f"{width}" for width in region["width"]], minor=False)
    last.minorticks_off()
    last.set_title(rf"$\alpha = {region['alpha'].iloc[0]:g}$, layer {region['layer'].iloc[0]}")
    for letter, panel in zip("abcdefgh", axes, strict=False):
        label_panel(panel, letter)
    return figure, {"slope": slope, "crossed": region}
