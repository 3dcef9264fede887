"""Avalanches of networks of stable weights: distributions, how far they are power laws, and their exponents."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style

_MARKERS = "osD^vP"
_DEEP = 100  # layers, across the line
_RANDOM_WALK = {"tau_d": 1.5, "tau_s": 4 / 3, "gamma": 1.5}  # area under a driftless walk that moves little


def qu2022_avalanches(exponents: pd.DataFrame, curves: pd.DataFrame) -> Drawn:
    """Distributions of durations and sizes and mean sizes at drift-free gains; decades, exponents, and across the line.

    Args:
        exponents: schema ``levy_exponents``.
        curves: schema ``levy_curves``.
    """
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(8.2, 5.0), layout="constrained")
    free = exponents[exponents["drift_free"]]
    narrowest = exponents["width"].min()
    colours = dict(
        zip(sorted(free["alpha"].unique()), sns.color_palette("flare_r", free["alpha"].nunique()), strict=True)
    )
    shown = curves[curves["drift_free"] & (curves["width"] == narrowest)]
    for panel, observable, label in (
        (axes[0, 0], "duration", "$P(D \\geq n)$"),
        (axes[0, 1], "size", "$P(S \\geq s)$"),
        (axes[0, 2], "mean_size", r"mean size $\langle S \rangle_D$"),
    ):
        _draw_curves(panel, shown[shown["observable"] == observable], colours)
        panel.set(xscale="log", yscale="log", ylabel=label)
    axes[0, 0].set(xlabel="duration $n$ (layers)", ylim=(3e-4, 1.2))
    axes[0, 1].set(xlabel=r"size $s$ ($1/\sqrt{N}$)", ylim=(3e-4, 1.2))
    axes[0, 2].set_xlabel("duration $D$ (layers)")
    axes[0, 0].legend(title=f"drift-free, $N = {narrowest}$", title_fontsize=6.5, loc="lower left")
    _draw_decades(axes[1, 0], free)
    _draw_exponents(axes[1, 1], free[free["width"] == narrowest])
    _draw_across(axes[1, 2], curves[curves["width"] == narrowest], colours)
    for letter, panel in zip("abcdef", axes.flat, strict=True):
        label_panel(panel, letter)
    decades = free[free["quantity"].isin(["tau_d", "tau_s"]) & (free["width"] == narrowest)]
    return figure, {"straight": decades.pivot_table("decades", "alpha", "quantity"), "narrowest": narrowest}


def _draw_curves(axes: Axes, curves: pd.DataFrame, colours: dict[float, Any]) -> None:
    for place, (alpha, of) in enumerate(grouped(curves, "alpha")):
        axes.plot(of["at"], of["value"].where(of["value"] > 0), color=colours[alpha], ls=["-", "--", "-."][place % 3],
                  label=rf"$\alpha = {alpha:g}$")  # fmt: skip


def _draw_decades(axes: Axes, free: pd.DataFrame) -> None:
    for quantity, colour, name in (("tau_d", OURS, "durations"), ("tau_s", PUBLISHED, "sizes")):
        for place, (width, of) in enumerate(grouped(free[free["quantity"] == quantity], "width")):
            axes.plot(of["alpha"], of["decades"], color=colour, marker=_MARKERS[place % 6], ms=3.5,
                      ls="-" if place == 0 else ":", mfc="w" if place else colour,
                      label=f"{name}, $N = {width}$")  # fmt: skip
    axes.set(xlabel=r"$\alpha$", ylabel="decades of straight power law", ylim=(0, 6.2))
    axes.legend(loc="upper left")


def _draw_exponents(axes: Axes, free: pd.DataFrame) -> None:
    for place, (quantity, label) in enumerate(
        (("tau_d", r"$\tau_d$"), ("tau_s", r"$\tau_s$"), ("gamma", r"$\gamma$"),
         ("ratio", r"$(\tau_d - 1)/(\tau_s - 1)$"))
    ):  # fmt: skip
        of = free[(free["quantity"] == quantity) & free["value"].notna()]
        ends = [(of["value"] - of["ci_low"]).clip(0, 9), (of["ci_high"] - of["value"]).clip(0, 9)]
        colour = sns.color_palette("deep")[place]
        axes.errorbar(of["alpha"] + 0.008 * (place - 1.5), of["value"], ends, color=colour, marker=_MARKERS[place],
                      ms=3.5, lw=0.8, elinewidth=0.7, capsize=1.5, label=label)  # fmt: skip
        if quantity in _RANDOM_WALK:
            axes.plot(2.06, _RANDOM_WALK[quantity], marker=_MARKERS[place], color=REFERENCE, mfc="w", ms=3.5, ls="")
    axes.set(xlabel=r"$\alpha$", ylabel="exponent on the straight range", ylim=(0.8, 3.2))
    axes.legend(loc="upper center", ncols=2)


def _draw_across(axes: Axes, curves: pd.DataFrame, colours: dict[float, Any]) -> None:
    durations = curves[(curves["observable"] == "duration") & ~curves["drift_free"]]
    for place, (alpha, of) in enumerate(grouped(durations, "alpha")):
        alive = {gain: at.loc[at["at"] >= _DEEP, "value"].max() for gain, at in grouped(of, "relative_gain")}
        axes.plot(list(alive), pd.Series(alive).fillna(0.0), color=colours[alpha], marker=_MARKERS[place % 6], ms=3.5,
                  label=rf"$\alpha = {alpha:g}$")  # fmt: skip
    axes.axvline(1.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xlabel="gain over the ordered line, $q^* = 0.01$", ylabel=f"$P(D \\geq {_DEEP})$", ylim=(-0.02, 1))
    axes.legend(loc="upper left")
