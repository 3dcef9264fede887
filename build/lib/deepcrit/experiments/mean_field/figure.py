"""Fig. 3a, 3b and 5 of ghavasieh2025: infinitely wide networks."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.core.figures.bias_colours import bias_colours, bias_scale, round_values
from deepcrit.core.figures.style import PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style

_SHARPEST = 7.0  # top of the axis of susceptibilities, above the highest peak that is finite
_EDGE = "#08306b"
_ORDERED, _CHAOTIC = "#cfe1f2", "#6a9fd0"
_LARGEST_DOT = 70.0  # area in points squared of the dot of the highest peak
_DRAWN_BIASES = 200
_SIMULATED: dict[str, Any] = {"fmt": "o", "ms": 2.8, "mew": 0.4, "elinewidth": 0.7, "zorder": 6}
_MARKERS = "vos^D"  # of widths, narrowest first


def _draw_fig3ab(plane: pd.DataFrame, closed_forms: pd.DataFrame, finite: pd.DataFrame, width: int) -> Figure:
    """Signal strength and weight susceptibility against the weight variance, one line a bias variance.

    Args:
        plane: schema ``plane``.
        closed_forms: schema ``closed_forms``.
        finite: schema ``finite_width``.
        width: the width of which simulated points are drawn.
    """
    use_style()
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 2.9), layout="constrained")
    log10 = np.sort(plane.loc[plane["bias_variance"] > 0, "log10_bias_variance"].unique())
    colours = bias_colours(log10)
    for panel, column in zip(axes, ("signal_strength", "weight_susceptibility"), strict=True):
        for log_value, curve in grouped(plane[plane["bias_variance"] > 0], "log10_bias_variance"):
            panel.plot(curve["weight_variance"], curve[column], color=colours[log_value], lw=0.9)
        for log_value, points in grouped(
            finite[(finite["quantity"] == column) & (finite["width"] == width)], "log10_bias_variance"
        ):
            # the nearest shade, for a bias variance that is not among the lines
            colour = colours[log10[np.abs(log10 - log_value).argmin()]] if np.isfinite(log_value) else "k"
            bars = points["value"] - points["ci_low"], points["ci_high"] - points["value"]
            panel.errorbar(points["weight_variance"], points["value"], bars, color=colour, mec="w", **_SIMULATED)
    start, stop = plane["weight_variance"].min(), plane["weight_variance"].max()
    variance, response = (closed_forms[closed_forms["form"] == name] for name in ("variance", "weight_susceptibility"))
    no_bias = {"color": "k", "lw": 1.6, "zorder": 4, "label": r"$\sigma_b^2 = 0$"}
    printed = {"color": REFERENCE, "lw": 1.1, "ls": (0, (4, 2)), "zorder": 5}
    axes[0].plot([start, 1.0, *(1.0 + variance["distance"])], [0.0, 0.0, *np.sqrt(variance["exact"])], **no_bias)
    axes[1].plot(1.0 + response["distance"], response["exact"], **no_bias)
    axes[0].plot(1.0 + variance["distance"], np.sqrt(variance["printed"]), **printed,
                 label=r"printed: $\left[\frac{1}{2}(1 - 1/\sigma_w^2)\right]^{1/2}$")  # fmt: skip
    axes[1].plot(1.0 + response["distance"], response["printed"], **printed, label="printed: Eq. 9")
    for panel in axes:
        panel.set(xlabel=r"weight variance $\sigma_w^2$", xlim=(start, stop))
    axes[0].set(ylabel=r"signal strength $\sqrt{q_{\mathrm{ss}}}$", ylim=(0, None))
    axes[1].set(
        ylabel=r"susceptibility $\chi_w = \mathrm{d}\sqrt{q_{\mathrm{ss}}}/\mathrm{d}\sigma_w^2$", yscale="log",
        ylim=(0.03, _SHARPEST),
    )  # fmt: skip
    axes[1].set_yticks([0.1, 1], ["0.1", "1"])
    axes[0].errorbar([], [], [], color="0.4", mec="w", label=f"simulated, $N = {width}$", **_SIMULATED)
    axes[0].legend(loc="upper left")
    axes[1].legend(loc="upper right")
    bar = figure.colorbar(bias_scale(log10), ax=axes, pad=0.01, aspect=30, ticks=round_values(log10))
    bar.set_label(r"bias variance, $\log_{10}\sigma_b^2$")
    bar.ax.minorticks_off()
    for letter, panel in zip("ab", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_fig5(lines: pd.DataFrame, finite: pd.DataFrame) -> Figure:
    """The edge of chaos and the Widom-like line, on a linear and a logarithmic axis of bias variances.

    Args:
        lines: schema ``critical_lines``.
        finite: schema ``finite_width_lines``.
    """
    use_style()
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained", sharex=True)
    biased = lines[lines["bias_variance"] > 0].sort_values("bias_variance")
    _draw_lines(axes[0], biased, "bias_variance")
    _draw_lines(axes[1], biased, "log10_bias_variance")
    simulated = _draw_simulated(axes[0], finite, "bias_variance")
    _draw_simulated(axes[1], finite, "log10_bias_variance")
    for panel in axes:
        panel.set(xlim=(0.95, biased["edge_weight_variance"].max() + 0.04), xlabel=r"weight variance $\sigma_w^2$")
    axes[0].plot(1.0, 0.0, marker="*", ms=10, color="k", mec="w", mew=0.6, clip_on=False, zorder=6)
    axes[0].annotate("(1, 0)", (1.0, 0.0), (-17, 13), textcoords="offset points", fontsize=7)
    axes[0].set(ylim=(0, biased["bias_variance"].max()), ylabel=r"bias variance $\sigma_b^2$")
    axes[0].ticklabel_format(axis="y", style="sci", scilimits=(-3, -3), useMathText=True)
    axes[0].text(0.12, 0.45, "ordered", transform=axes[0].transAxes, fontsize=8, color=_EDGE)
    axes[0].text(0.72, 0.1, "chaotic", transform=axes[0].transAxes, fontsize=8, color="k")
    axes[1].set(ylim=tuple(biased["log10_bias_variance"].iloc[[0, -1]]), ylabel=r"$\log_{10}\sigma_b^2$")
    top = biased["ridge_height"].max()
    examples = [axes[1].scatter([], [], s=_LARGEST_DOT * share, color=PUBLISHED, ec="w", lw=0.4,
                                label=f"{share * top:.2g}") for share in (1.0, 0.5, 0.2)]  # fmt: skip
    handles = [*axes[1].get_lines()[:2], *examples]
    labels = ["edge of chaos", "Widom-like line", *(f"$\\chi_w$ = {dot.get_label()}" for dot in examples)]
    axes[1].legend(handles, labels, loc="lower right", frameon=True, framealpha=0.85, edgecolor="none")
    axes[0].legend(handles=simulated, loc="upper left", handletextpad=0.2)
    for letter, panel in zip("ab", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_lines(axes: Axes, biased: pd.DataFrame, column: str) -> None:
    """Both phases, the edge between them, and the ridge with dots as large as it is high."""
    drawn = np.geomspace(biased["bias_variance"].min(), biased["bias_variance"].max(), _DRAWN_BIASES)
    edge, middle = (
        # next to the critical point both lines are powers of the bias variance
        1.0 + np.exp(np.interp(np.log(drawn), np.log(biased["bias_variance"]), np.log(biased[name] - 1.0)))
        for name in ("edge_weight_variance", "ridge_weight_variance")
    )
    height = np.log10(drawn)
    if column == "bias_variance":
        height, edge, middle = np.append(0.0, drawn), np.append(1.0, edge), np.append(1.0, middle)
    axes.fill_betweenx(height, 0.0, edge, color=_ORDERED, lw=0)
    axes.fill_betweenx(height, edge, 10.0, color=_CHAOTIC, lw=0)
    axes.plot(edge, height, color=_EDGE, lw=1.6)
    axes.plot(middle, height, color=PUBLISHED, lw=0.8, ls="--")
    area = _LARGEST_DOT * biased["ridge_height"] / biased["ridge_height"].max()
    axes.scatter(biased["ridge_weight_variance"], biased[column], s=area, color=PUBLISHED, ec="w", lw=0.4, zorder=5,
                 clip_on=False)  # fmt: skip


def _draw_simulated(axes: Axes, finite: pd.DataFrame, height: str) -> list[Any]:
    """Edge and ridge of simulated networks with error bars, one marker a width; the handles of a legend."""
    handles = []
    for marker, (width, of) in zip(_MARKERS, grouped(finite, "width"), strict=False):
        for line, colour in (("edge", _EDGE), ("ridge", PUBLISHED)):
            found = of[(of["line"] == line) & of["ci_low"].notna()]
            bars = found["weight_variance"] - found["ci_low"], found["ci_high"] - found["weight_variance"]
            axes.errorbar(found["weight_variance"], found[height], xerr=bars, fmt=marker, ms=3.4, mfc="w", mec=colour,
                          mew=0.8, ecolor=colour, elinewidth=0.8, zorder=7, clip_on=False)  # fmt: skip
        handles += axes.plot([], [], marker=marker, ls="", ms=4, mfc="w", mec="k", mew=0.8, label=f"$N = {width}$")
    return handles


def ghavasieh2025_fig3ab(plane: pd.DataFrame, closed_forms: pd.DataFrame, finite: pd.DataFrame) -> Drawn:
    """Fig. 3a and 3b of ghavasieh2025."""
    widths = finite["width"].unique()
    drawn = int(widths[len(widths) // 2])
    susceptibility = finite[finite["quantity"] == "weight_susceptibility"]
    deviation = {
        int(of["width"].iloc[0]): float((of["value"] / of["infinite_width"] - 1.0).abs().max())
        for _, of in susceptibility.groupby("width")
    }
    figure = _draw_fig3ab(plane, closed_forms, finite, drawn)
    return figure, {"closed_forms": closed_forms, "drawn": drawn, "deviation": deviation}


def ghavasieh2025_fig5(
    critical_lines: pd.DataFrame, landmarks: pd.DataFrame, finite_lines: pd.DataFrame, decay: pd.DataFrame
) -> Drawn:
    """Fig. 5 of ghavasieh2025."""
    biased = critical_lines[critical_lines["bias_variance"] > 0].sort_values("bias_variance")
    quoted = {
        "first": biased.iloc[0],
        "last": biased.iloc[-1],
        "landmarks": landmarks.set_index("quantity")["value"].to_dict(),
        "finite": finite_lines,
        "decay": decay,
    }
    return _draw_fig5(critical_lines, finite_lines), quoted
