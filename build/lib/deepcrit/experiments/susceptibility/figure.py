"""Fig. 3d and 3e of ghavasieh2025: mean avalanche size and its derivative by the weight variance."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from deepcrit.core.figures.bias_colours import bias_colours, bias_scale, round_values
from deepcrit.core.figures.style import Drawn, grouped, label_panel, use_style

_ROWS = {"started": "started: $D \\geq 1$, censored counted", "kept": "kept: $1 \\leq D < L$, censored left out"}
_SIZE, _SLOPE = r"mean avalanche size $\bar{S}$", r"$\mathrm{d}\bar{S}/\mathrm{d}\sigma_w^2$"


def _draw_fig3de(plane: pd.DataFrame, derivatives: pd.DataFrame, against_field: pd.DataFrame) -> Figure:
    """Mean size and its derivative against the weight variance, one colour a bias variance, one row a way of counting.

    Args:
        plane: schema ``size_plane`` of one network.
        derivatives: schema ``derivatives`` of the same.
        against_field: schema ``size_against_field`` of the same.
    """
    use_style()
    figure, axes = plt.subplots(len(_ROWS), 2, figsize=(7.2, 5.6), layout="constrained", sharex=True)
    log10 = np.sort(plane.loc[plane["bias_variance"] > 0, "log10_bias_variance"].unique())
    colours = {-np.inf: "k", **bias_colours(log10)}
    for row, counting in zip(axes, _ROWS, strict=True):
        for panel, table, name in ((row[0], plane, "mean_size"), (row[1], derivatives, "derivative")):
            for log_value, curve in grouped(table[table["counting"] == counting], "log10_bias_variance"):
                _draw_curve(panel, curve, name, colours[log_value])
        _mark_ridges(row[1], derivatives[derivatives["counting"] == counting], against_field, colours)
        row[0].set(yscale="log", ylabel=_SIZE)
        row[1].set(ylabel=_SLOPE)
        row[0].text(0.97, 0.06, _ROWS[counting], transform=row[0].transAxes, ha="right")
    for panel in axes[-1]:
        panel.set(xlabel=r"weight variance $\sigma_w^2$", xlim=tuple(plane["weight_variance"].agg(["min", "max"])))
    axes[0, 1].legend(handles=_legend(), loc="upper right")
    bar = figure.colorbar(bias_scale(log10), ax=axes, pad=0.01, aspect=40, ticks=round_values(log10))
    bar.set_label(r"bias variance, $\log_{10}\sigma_b^2$")
    bar.ax.minorticks_off()
    for letter, panel in zip("de", axes[0], strict=True):
        label_panel(panel, letter)
    return figure


def _draw_curve(panel: Axes, curve: pd.DataFrame, name: str, colour: object) -> None:
    """The exact law as a line where anything is simulated, and simulated points with error bars."""
    seen = curve[curve[name].notna()]
    panel.plot(seen["weight_variance"], seen[f"exact_{name}"], color=colour, lw=0.9)
    ends = seen[["ci_low", "ci_high"]].sub(seen[name], axis=0).abs().to_numpy().T
    panel.errorbar(seen["weight_variance"], seen[name], yerr=ends, color=colour, fmt="o", ms=1.8, lw=0.6, zorder=3)


def _mark_ridges(
    panel: Axes, derivatives: pd.DataFrame, against_field: pd.DataFrame, colours: dict[float, object]
) -> None:
    """Where the susceptibility of an infinitely wide network is highest, on the exact curve."""
    for log_value, curve in grouped(derivatives[derivatives["derivative"].notna()], "log10_bias_variance"):
        at = against_field.loc[against_field["log10_bias_variance"] == log_value, "ridge_weight_variance"].iloc[0]
        if curve["weight_variance"].min() <= at <= curve["weight_variance"].max():
            height = np.interp(at, curve["weight_variance"], curve["exact_derivative"])
            panel.plot(at, height, "D", ms=5, color=colours[log_value], mec="w", mew=0.7, zorder=5)


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], color="k", label=r"$\sigma_b^2 = 0$"),
        Line2D([], [], color="0.5", lw=0.9, label="exact law"),
        Line2D([], [], color="0.5", marker="o", ms=2.5, lw=0, label="simulated, 95% interval"),
        Line2D([], [], color="0.5", marker="D", ms=5, mec="w", lw=0, label="mean-field ridge"),
    ]


def ghavasieh2025_fig3de(plane: pd.DataFrame, derivatives: pd.DataFrame, against_field: pd.DataFrame) -> Drawn:
    """Fig. 3d and 3e of ghavasieh2025; the networks drawn are those of the published size."""
    drawn = [table.query("network == 'published'") for table in (plane, derivatives, against_field)]
    return _draw_fig3de(*drawn), {"against_field": drawn[2]}
