"""Fig. 1 of ghavasieh2025 from simulation, and avalanches against the strength of the input."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style

_LINES = {"fixed": "-", "matched": (0, (5, 1.5))}
_LEAST_ALIVE = 3e-5  # lower end of the axis of survival


def _draw_fig1(paths: pd.DataFrame, rates: pd.DataFrame, example: pd.DataFrame) -> Figure:
    """Signal strength along the layers at several weight variances, and one avalanche.

    Args:
        paths: schema ``signal_paths``.
        rates: schema ``growth_rates``.
        example: schema ``example_avalanche``.
    """
    use_style()
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 2.7), layout="constrained")
    _draw_paths(axes[0], paths, rates)
    _draw_avalanche(axes[1], example)
    for letter, panel in zip("ab", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_paths(axes: Axes, paths: pd.DataFrame, rates: pd.DataFrame) -> None:
    shades = sns.color_palette("flare_r", len(rates))
    for colour, (sw2, of) in zip(shades, grouped(paths, "weight_variance"), strict=True):
        series = of.pivot_table("signal_strength", "layer", "series")
        axes.fill_between(series.index, series["low"], series["high"], color=colour, alpha=0.25, lw=0)
        axes.plot(series.index, series.filter(like="network_"), color=colour, lw=0.5)
        axes.plot(series.index, series["mean_field"], color="k", lw=0.9, ls=(0, (4, 2)), zorder=4)
        axes.annotate(f"$\\sigma_w^2 = {sw2:g}$", (series.index[-1], series["median"].iloc[-1]), (4, 0),
                      textcoords="offset points", va="center", color=colour)  # fmt: skip
    steady = rates.loc[rates["steady_strength"] > 0, "steady_strength"]
    for strength in steady:
        axes.axhline(strength, color=REFERENCE, lw=0.8, ls=":")
    axes.plot([], [], color=shades[-1], lw=0.6, label="networks")
    axes.fill_between([], [], [], color=shades[-1], alpha=0.25, lw=0, label="95% of networks")
    axes.plot([], [], color="k", lw=0.9, ls=(0, (4, 2)), label="infinite width")
    axes.plot([], [], color=REFERENCE, lw=0.8, ls=":", label="its steady state")
    axes.legend(loc="lower left")
    axes.set(yscale="log", xlabel=r"layer $\ell$", ylabel=r"signal strength $\sqrt{q_\ell}$",
             xlim=(0, paths["layer"].max()))  # fmt: skip


def _draw_avalanche(axes: Axes, example: pd.DataFrame) -> None:
    threshold, lasted, size = (example[name].iloc[0] for name in ("threshold", "duration", "size"))
    inside = example[example["layer"] <= lasted + 1]
    top = example["signal_strength"].max()
    axes.fill_between(inside["layer"], threshold, inside["signal_strength"].clip(lower=threshold), color=OURS,
                      alpha=0.2, lw=0)  # fmt: skip
    axes.plot(example["layer"], example["signal_strength"], color=OURS, marker=".", ms=2.5, lw=0.9)
    axes.axhline(threshold, color=PUBLISHED, lw=1.0, ls="--")
    axes.annotate("threshold: strength of the input", (0, threshold), (4, -3), textcoords="offset points", va="top",
                  color=PUBLISHED, fontsize=7)  # fmt: skip
    below = threshold - 0.25 * (top - threshold)
    arrow = {"arrowstyle": "<->", "lw": 0.8, "color": "k", "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (0, below), (lasted, below), arrowprops=arrow)
    axes.text(0.5 * lasted, below, f"duration $D = {lasted}$", ha="center", va="bottom", fontsize=7)
    axes.text(0.5 * lasted, threshold + 0.25 * (top - threshold), f"size $S = {size:.2g}$", ha="center", fontsize=7)
    axes.set(xlabel=r"layer $\ell$", ylabel=r"signal strength $\sqrt{q_\ell}$", xlim=(0, example["layer"].max()),
             ylim=(min(below - 0.1 * (top - threshold), 0.97 * example["signal_strength"].min()), None))  # fmt: skip


def _draw_input_strength(strengths: pd.DataFrame, survival: pd.DataFrame) -> Figure:
    """Survival of avalanches at each input strength, at both tunings of the weight variance, and how long they last.

    Args:
        strengths: schema ``input_strengths``.
        survival: schema ``input_strength_survival``.
    """
    use_style()
    figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.6), layout="constrained")
    logs = sorted(strengths["log10_squared_norm"].unique())
    colours = dict(zip(logs, sns.color_palette("flare_r", len(logs)), strict=True))
    titles = {"fixed": r"$\sigma_w^2$ fixed", "matched": r"$\sigma_w^2$ follows the input"}
    for panel, (tuning, curves) in zip(axes, grouped(survival, "tuning"), strict=False):
        for log10, curve in grouped(curves, "log10_squared_norm"):
            panel.plot(curve["duration"], curve["alive"].where(curve["alive"] > 0), color=colours[log10], lw=0.9,
                       label=f"$10^{{{log10:g}}}$" if float(log10).is_integer() else None)  # fmt: skip
        panel.plot(curve["duration"], curve["random_walk"], color="k", ls=":", lw=1.2, zorder=5)
        panel.set(xscale="log", yscale="log", xlabel="$n$ (layers)", ylim=(_LEAST_ALIVE, 1), title=titles[tuning])
    axes[0].set_ylabel("$P(D \\geq n)$")
    axes[0].legend(axes[0].get_lines()[-1:], ["random walk"], loc="upper right", handlelength=1.4)
    axes[1].legend(loc="lower left", title="$q_0$", title_fontsize=7, handlelength=1.4, labelspacing=0.2)
    _draw_lengths(axes[2], strengths)
    for letter, panel in zip("abc", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_lengths(axes: Axes, strengths: pd.DataFrame) -> None:
    for tuning, of in grouped(strengths, "tuning"):
        q0 = 10.0 ** of["log10_squared_norm"]
        for column, colour, label in (("mean_duration", OURS, "mean $D$"), ("cutoff", PUBLISHED, "cutoff")):
            axes.plot(q0, of[column], color=colour, ls=_LINES[tuning], label=f"{label}, {tuning}")
        seen = of["sampled_mean"] > 0
        axes.errorbar(q0[seen], of["sampled_mean"][seen], 1.96 * of["sampled_error"][seen], color=OURS, fmt="o", ms=2.5,
                      lw=0.8, mfc="w" if tuning == "matched" else OURS)  # fmt: skip
    fixed = strengths[strengths["tuning"] == "fixed"]
    settles = np.interp(0.0, -np.log(fixed["steady_over_input"]), fixed["log10_squared_norm"])
    axes.axvline(10.0**settles, 0.35, color=REFERENCE, lw=0.8, ls=":")
    top = 5.0 * strengths["cutoff"].max()
    axes.text(10.0**settles, top, " $N q_{\\mathrm{ss}}$", fontsize=7, color=REFERENCE, va="top")
    axes.set(xscale="log", yscale="log", xlabel="$q_0$, squared norm of the input", ylabel="layers", ylim=(1e-2, top))
    axes.legend(loc="lower left", handlelength=1.8)


def ghavasieh2025_fig1(paths: pd.DataFrame, growth_rates: pd.DataFrame, example: pd.DataFrame) -> Drawn:
    """Fig. 1 of ghavasieh2025."""
    return _draw_fig1(paths, growth_rates, example), {"rates": growth_rates, "avalanche": example.iloc[0]}


def ghavasieh2025_input_strength(strengths: pd.DataFrame, survival: pd.DataFrame) -> Drawn:
    """Avalanches against the strength of the input."""
    return _draw_input_strength(strengths, survival), {"strengths": strengths}
