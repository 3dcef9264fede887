"""Fig. 4 of ghavasieh2025: avalanches through the operations of residual networks."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from deepcrit.core.figures.style import PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style

_JUDGED, _SHOWN = "gaussian", 2  # case and multiplier of the panels of distributions
_MARKERS = ("o", "s", "^", "D", "v", "P")
# of mean-field directed percolation
_PERCOLATION = {"size": 3 / 2, "duration": 2.0, "gamma": 2.0}


def _draw_fig4(fits: pd.DataFrame, densities: pd.DataFrame, sizes: pd.DataFrame) -> Figure:
    """Sizes, durations, size against duration, and both exponents at every multiplier.

    Args:
        fits: schema ``layer_fits``.
        densities: schema ``layer_densities``.
        sizes: schema ``layer_sizes``.
    """
    use_style()
    figure, axes = plt.subplots(2, 2, figsize=(7.2, 5.6), layout="constrained")
    fits, densities, sizes = (frame[frame["case"] == _JUDGED] for frame in (fits, densities, sizes))
    fits = fits[fits["normalisation"] == "components"]
    models = list(dict.fromkeys(fits["model"]))
    looks = {
        model: {"color": colour, "marker": marker}
        for model, colour, marker in zip(models, sns.color_palette("flare", len(models)), _MARKERS, strict=False)
    }
    shown = fits[fits["multiplier"] == _SHOWN].set_index(["model", "quantity"])
    _draw_density(axes[0, 0], densities, shown, looks, "size")
    _draw_density(axes[0, 1], densities, shown, looks, "duration")
    _draw_size_duration(axes[1, 0], sizes, shown, looks)
    _draw_exponents(axes[1, 1], fits, looks)
    for letter, panel in zip("abcd", axes.flat, strict=True):
        label_panel(panel, letter)
    for panel in (axes[0, 0], axes[0, 1], axes[1, 0]):
        # on short axes they would overlap
        panel.xaxis.set_minor_formatter(NullFormatter())
    return figure


def _interval(row: pd.Series) -> str:
    if not np.isfinite(row["value"]):
        return "too few"
    if not np.isfinite([row["ci_low"], row["ci_high"]]).all():
        return f"{row['value']:.2f} (unbounded)"
    return f"{row['value']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}]"


def _draw_density(
    axes: Axes, densities: pd.DataFrame, shown: pd.DataFrame, looks: dict[str, dict[str, Any]], observable: str
) -> None:
    letter = observable[0]
    chosen = densities[(densities["observable"] == observable) & (densities["multiplier"] == _SHOWN)]
    for model, curve in grouped(chosen, "model"):
        fit = shown.loc[(model, f"tau_{letter}")]
        label = rf"{model}, $\tau_{letter}$ = {_interval(fit)}"
        axes.plot(curve["centre"], curve["density"], ms=3, lw=0.6, **looks[model], label=label)
        if np.isfinite(fit["value"]):
            inside = curve[curve["centre"].between(fit["xmin"], fit["xmax"])]
            slope = -fit["value"]
            # through the logarithmic centre of the fitted bins
            height = np.log(inside["density"]).mean() - slope * np.log(inside["centre"]).mean()
            ends = np.array([fit["xmin"], fit["xmax"]])
            axes.plot(ends, np.exp(height) * ends**slope, ls="--", lw=1.0, color=looks[model]["color"])
    axes.set(xscale="log", yscale="log")
    low, high = axes.get_ylim()
    _guide(axes, -_PERCOLATION[observable], rf"${-_PERCOLATION[observable]:g}$")
    axes.set_ylim(low / 30, high)
    if observable == "size":
        axes.set(xlabel=r"size $\tilde S$, of $\Vert x\Vert/N$", ylabel=r"$P(\tilde S)$")
    else:
        axes.set(xlabel="duration $D$ (layers)", ylabel="$P(D)$")
    axes.legend(loc="lower left", handlelength=1.6, labelspacing=0.25)


def _draw_size_duration(axes: Axes, sizes: pd.DataFrame, shown: pd.DataFrame, looks: dict[str, dict[str, Any]]) -> None:
    for model, curve in grouped(sizes[sizes["multiplier"] == _SHOWN], "model"):
        fit = shown.loc[(model, "gamma")]
        axes.plot(curve["duration"], curve["mean_size"], ls="", ms=3, mew=0.5, mfc="none", **looks[model],
                  label=rf"{model}, $\gamma$ = {_interval(fit)}")  # fmt: skip
        often = curve[curve["count"] >= 2]
        axes.plot(often["duration"], often["mean_size"], ls="", ms=3, **looks[model])
    axes.set(xscale="log", yscale="log", xlabel="duration $D$ (layers)", ylabel=r"$\langle\tilde S\rangle_D$")
    low, high = axes.get_ylim()
    _guide(axes, _PERCOLATION["gamma"], "published, $\\gamma$ = 2")
    axes.set_ylim(low, high * 30)
    axes.legend(loc="upper left", handlelength=1.2, labelspacing=0.25)


def _guide(axes: Axes, slope: float, label: str) -> None:
    """A line of that slope through the middle of the panel's data, over one decade."""
    x, y = (np.concatenate([line.get_data()[index] for line in axes.get_lines()]) for index in (0, 1))
    middle, height = np.exp(np.log(x).mean()), np.exp(np.log(y).mean())
    ends = middle * np.array([10**-0.5, 10**0.5])
    # beside the data: above falling ones, below rising ones
    level = height * (6.0 if slope < 0 else 1 / 12)
    line = level * (ends / middle) ** slope
    look: dict[str, Any] = {"color": REFERENCE, "ls": ":"} if slope < 0 else {"color": PUBLISHED, "label": label}
    axes.plot(ends, line, lw=1.2, **look)
    if slope < 0:
        axes.text(ends[1], line[1], f"  {label}", fontsize=6.5, color=REFERENCE, va="center")


def _draw_exponents(axes: Axes, fits: pd.DataFrame, looks: dict[str, dict[str, Any]]) -> None:
    wide = fits[fits["quantity"].isin(["tau_s", "tau_d"]) & (fits["multiplier"] >= 0)].dropna(subset="value")
    for model, rows in grouped(wide, "model"):
        points = rows.pivot_table(index="multiplier", columns="quantity", values=["value", "ci_low", "ci_high"])
        middle = points["value"]
        # an interval without an end is drawn across the panel
        reach = {
            name: np.nan_to_num(
                np.abs(points[["ci_low", "ci_high"]].xs(name, axis=1, level=1).to_numpy().T - middle[name].to_numpy()),
                posinf=10.0,
            )
            for name in ("tau_s", "tau_d")
        }
        axes.errorbar(middle["tau_s"], middle["tau_d"], reach["tau_d"], reach["tau_s"], ls="", lw=0.6, ms=8,
                      mec="w", mew=0.6, **looks[model], label=model)  # fmt: skip
        for multiplier, row in middle.iterrows():
            axes.text(row["tau_s"], row["tau_d"], f"{multiplier}", color="w", fontsize=5.5, ha="center", va="center")
    counts = fits[(fits["quantity"] == "tau_d") & (fits["multiplier"] >= 0)]
    lacking = counts[counts["value"].isna()]
    for row, (multiplier, missing) in enumerate(grouped(lacking, "multiplier")):
        found = f"{missing['n'].min()} to {missing['n'].max()}" if len(missing) > 1 else f"{missing['n'].iloc[0]}"
        who = "" if len(missing) == len(looks) else f", {', '.join(missing['model'])}"
        axes.text(0.98, 0.03 + 0.05 * row, f"n = {multiplier}{who}: too few avalanches in range ({found})",
                  transform=axes.transAxes, ha="right", fontsize=6)  # fmt: skip
    tau_s = np.array([1.0, 2.0])
    axes.plot(tau_s, 1 + 2 * (tau_s - 1), color=PUBLISHED, lw=1.0, label=r"published, $\tau_d - 1 = 2(\tau_s - 1)$")
    axes.plot(_PERCOLATION["size"], _PERCOLATION["duration"], "*", ms=9, color="k", mec="w", mew=0.5, zorder=1.5,
              label="directed percolation")  # fmt: skip
    axes.set(xlabel=r"$\tau_s$", ylabel=r"$\tau_d$", xlim=(0.95, 2.0), ylim=(0.7, 2.9))
    axes.legend(loc="upper left", labelspacing=0.25, handlelength=1.4)


def ghavasieh2025_fig4(fits: pd.DataFrame, counts: pd.DataFrame, densities: pd.DataFrame, sizes: pd.DataFrame) -> Drawn:
    """Fig. 4 of ghavasieh2025."""
    return _draw_fig4(fits, densities, sizes), {"fits": fits, "counts": counts}
