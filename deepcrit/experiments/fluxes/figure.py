"""Fig. 3 of liu2025: fluxes of losses and weights."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from deepcrit.core.figures.style import PUBLISHED, Drawn, grouped, use_style, width_colours

_SHIFTS = (100, 10_000)  # printed iterations
NAMES = {"loss_flux": r"$|\hat J_L|$ (nat/it.)", "weight_flux": r"$|\hat J_w|$ (1/it.)"}
_SIGNS = {  # printed signs of slopes, by stage, flux and what it is held against
    ("early", "loss_flux", "neurons"): "rising", ("early", "weight_flux", "neurons"): "falling",
    ("early", "loss_flux", "mobility"): "rising", ("early", "weight_flux", "mobility"): "rising",
    ("late", "loss_flux", "neurons"): "falling", ("late", "weight_flux", "neurons"): "falling",
    ("late", "loss_flux", "mobility"): "two branches", ("late", "weight_flux", "mobility"): "two branches",
}  # fmt: skip


def liu2025_fig3(fluxes: pd.DataFrame, slopes: pd.DataFrame, followed: pd.DataFrame, branches: pd.DataFrame) -> Drawn:
    """Fig. 3 of liu2025, in the order of its panels."""
    use_style()
    figure, axes = plt.subplots(4, 4, figsize=(7.6, 7.8), layout="constrained")
    _draw_trajectories(axes[0, 0], followed[followed["quantity"] == "loss"], "loss of an image (nat)")
    axes[0, 0].set_yscale("log")
    _draw_trajectories(axes[0, 1], followed[followed["quantity"] == "weight"], "weight")
    for panel, quantity in zip(axes[0, 2:], NAMES, strict=True):
        _draw_in_time(panel, fluxes[fluxes["sample"] == "terminal"], quantity)
    plane = fluxes[fluxes["sample"] == "phases"]
    sizes = width_colours([int(size) for size in plane["neurons"].unique()])
    rates = Normalize(float(plane["log_mobility"].min()), float(plane["log_mobility"].max()))
    colour = plt.get_cmap("viridis")
    for place, (quantity, name) in enumerate(NAMES.items()):
        by_size, by_rate = axes[1, 2 * place], axes[1, 2 * place + 1]
        for neurons, part in grouped(plane, "neurons"):
            mean = (
                part[part[quantity] > 0]
                .groupby("iteration")[quantity]
                .agg(lambda values: np.exp(np.log(values).mean()))
            )
            by_size.plot(mean.index, mean, color=sizes[int(neurons)], marker=".", ms=3, label=f"$M = {neurons}$")
        for rate, part in grouped(plane, "log_mobility"):
            mean = (
                part[part[quantity] > 0]
                .groupby("iteration")[quantity]
                .agg(lambda values: np.exp(np.log(values).mean()))
            )
            by_rate.plot(mean.index, mean, color=colour(rates(rate)), marker=".", ms=3)
        for panel in (by_size, by_rate):
            panel.set(xscale="log", yscale="log", xlabel="iteration $t$", ylabel=name)
    low, high = axes[1, 0].get_ylim()
    axes[1, 0].set_ylim(low, high * (high / low) ** 0.6)
    axes[1, 0].legend(loc="upper left", ncols=2, handlelength=0.8, columnspacing=0.6, fontsize=5.5)
    bar = figure.colorbar(ScalarMappable(rates, colour), ax=axes[1, 3], aspect=12, pad=0.03)
    bar.set_label(r"$\ln\gamma$")
    for row, stage in ((2, "early"), (3, "late")):
        at = plane[plane["iteration"] == int(slopes.loc[slopes["stage"] == stage, "iteration"].iloc[0])]
        panels = [(quantity, against) for quantity in NAMES for against in ("neurons", "mobility")]
        for panel, (quantity, against) in zip(axes[row], panels, strict=True):
            _draw_slope(panel, at, slopes[slopes["stage"] == stage], stage, quantity, against, sizes)
    for letter, panel in zip("abcdefghijklmnop", axes.ravel(), strict=True):
        # beside titles of two lines
        panel.text(-0.45, 1.03, letter, transform=panel.transAxes, fontweight="bold", fontsize=10, va="bottom")
    return figure, {"slopes": slopes, "branches": branches, "fluxes": fluxes}


def _draw_trajectories(axes: Axes, followed: pd.DataFrame, name: str) -> None:
    lines = followed.pivot_table(index="iteration", columns="number", values="value")
    axes.plot(np.maximum(lines.index.to_numpy(float), 0.5), lines, color="k", alpha=0.08, lw=0.5)
    axes.plot(
        np.maximum(lines.index.to_numpy(float), 0.5), lines.median(axis=1), color=PUBLISHED, lw=1.2, label="median"
    )
    axes.set(xscale="log", xlabel="iteration $t$", ylabel=name)
    axes.legend(loc="lower left")


def _draw_in_time(axes: Axes, fluxes: pd.DataFrame, quantity: str) -> None:
    """Geometric means over seeds, one line a size, with the printed iterations of shifts."""
    colours = width_colours([int(size) for size in fluxes["neurons"].unique()])
    for neurons, part in grouped(fluxes[fluxes[quantity] > 0], "neurons"):
        mean = part.groupby("iteration")[quantity].agg(lambda values: np.exp(np.log(values).mean()))
        axes.plot(mean.index, mean, color=colours[int(neurons)], marker=".", ms=3, label=f"$M = {neurons}$")
    for shift in _SHIFTS:
        axes.axvline(shift, color=PUBLISHED, ls="--", lw=0.8)
    axes.set(xscale="log", yscale="log", xlabel="iteration $t$", ylabel=NAMES[quantity])
    axes.legend(loc="lower left", handlelength=1.0)


def _draw_slope(
    axes: Axes,
    at: pd.DataFrame,
    slopes: pd.DataFrame,
    stage: str,
    quantity: str,
    against: str,
    sizes: dict[int, Any],
) -> None:
    """Every network a dot, and the line fitted alone; what is printed above."""
    part = at[at[quantity] > 0]
    x = np.log(part["neurons"].to_numpy(float)) if against == "neurons" else part["log_mobility"].to_numpy()
    y = np.log(part[quantity].to_numpy())
    axes.scatter(x, y, s=8, c=[sizes[int(size)] for size in part["neurons"]], lw=0)
    chosen = slopes[(slopes["quantity"] == quantity) & (slopes["against"] == against)].set_index("fitted")
    slope = chosen["slope"]["alone"]
    if np.isfinite(slope):
        ends = np.array([x.min(), x.max()])
        axes.plot(ends, y.mean() + slope * (ends - x.mean()), "k-", lw=0.9)
    told = f"{slope:.2f} alone, {chosen['slope']['together']:.2f} with both"
    axes.set_title(f"{told}\nprinted: {_SIGNS[stage, quantity, against]}", fontsize=6)
    axes.set(xlabel=r"$\ln M$" if against == "neurons" else r"$\ln\gamma$")
    axes.set_ylabel(r"$\ln|\hat J_L|$" if quantity == "loss_flux" else r"$\ln|\hat J_w|$", labelpad=1)
