"""Fig. 4 of vock2025: training with the criticality loss."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from deepcrit.core.figures.style import REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.criticality_loss.schemas import EVERY, PENALISED, PENALTY_DERIVATIVES, PLAIN

_MARKERS = "osD^v"
_TARGETS = "vo^sD"
_STYLES: dict[str, dict[str, Any]] = {PLAIN: {"ls": "--", "alpha": 0.45}, PENALISED: {"ls": "-", "alpha": 1.0}}
_SIGNIFICANCE = ((1e-3, "***"), (1e-2, "**"), (0.05, "*"))


def _draw_fig4(
    curves: pd.DataFrame, means: pd.DataFrame, tests: pd.DataFrame, scan: pd.DataFrame, averaged: int
) -> Figure:
    """Exponents and accuracies along training, and accuracy over the scan of targets and strengths.

    Args:
        curves: schema ``criticality_curves``.
        means: schema ``criticality_means``.
        tests: schema ``criticality_tests``.
        scan: schema ``criticality_scan``.
        averaged: last epochs of which the inset has the mean.
    """
    use_style()
    figure, axes = plt.subplots(1, 3, figsize=(7.4, 3.0), layout="constrained", width_ratios=[1, 1, 1.25])
    names = sorted(curves["initialisation"].unique())
    colours = dict(zip(names, sns.color_palette("flare", len(names)), strict=True))
    _draw_curves(axes[0], curves, "exponent", colours)
    axes[0].axhline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes[0].set(xlabel="epoch", ylabel=r"Lyapunov exponent $\lambda_0$ (nat per layer)")
    handles = [Line2D([], [], color=colours[name], marker=marker, ms=3, lw=1.1, label=name)
               for name, marker in zip(names, _MARKERS, strict=False)]  # fmt: skip
    handles += [Line2D([], [], color="k", label=loss, **style) for loss, style in _STYLES.items()]
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderpad=0.1, columnspacing=1.2)
    _draw_curves(axes[1], curves, "accuracy", colours)
    axes[1].set(xlabel="epoch", ylabel="test accuracy (%)", ylim=(0, 100))
    _draw_inset(axes[1].inset_axes((0.36, 0.12, 0.61, 0.42)), means, tests, colours, averaged)
    _draw_scan(figure, axes[2], scan)
    for letter, panel in zip("abc", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_curves(axes: Axes, curves: pd.DataFrame, quantity: str, colours: dict[str, tuple[float, ...]]) -> None:
    """Means over networks with standard errors; cross-entropy light and dashed, the criticality loss solid."""
    markers = dict(zip(sorted(colours), _MARKERS, strict=False))
    for (name, loss), line in grouped(curves, "initialisation", "loss"):
        every = max(1, len(line) // 10)
        axes.errorbar(line["epoch"], line[quantity], yerr=line[f"{quantity}_error"], errorevery=every, ms=2.5,
                      color=colours[name], marker=markers[name], markevery=every, elinewidth=0.7, capsize=1.2,
                      **_STYLES[loss])  # fmt: skip


def _draw_inset(
    axes: Axes, means: pd.DataFrame, tests: pd.DataFrame, colours: dict[str, tuple[float, ...]], averaged: int
) -> None:
    """Mean accuracy of the last epochs with 95% intervals, and marks of Mann and Whitney's test for the better loss."""
    names = sorted(colours)
    for place, name in enumerate(names):
        rows = means[means["initialisation"] == name]
        for offset, loss in ((-0.17, PLAIN), (0.17, PENALISED)):
            row = rows[rows["loss"] == loss]
            spread = [row["accuracy"] - row["accuracy_low"], row["accuracy_high"] - row["accuracy"]]
            axes.errorbar(place + offset, row["accuracy"], yerr=spread, color=colours[name], ms=3, capsize=1.5,
                          elinewidth=0.8, marker=_MARKERS[place], mfc="w" if loss == PLAIN else colours[name],
                          alpha=1.0 if loss == PENALISED else 0.7)  # fmt: skip
    chosen = tests[(tests["of"] == "accuracy") & (tests["between"] == "losses")]
    known = {
        name: (float(p), float(difference))
        for name, p, difference in chosen[["within", "p_value", "difference"]].to_numpy()
    }
    top = means["accuracy_high"].max()
    reach = top - means["accuracy_low"].min()
    for place, name in enumerate(names):
        axes.text(place, top + 0.05 * reach, _mark(*known[name]), ha="center", va="bottom", fontsize=5.5)
    axes.set_title(f"last {averaged} epochs; all {_mark(*known[EVERY], ' ')}", fontsize=5.5, pad=2)
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(top - 1.1 * reach, top + 0.5 * reach))
    axes.set_xticks(range(len(names)), names, fontsize=5.5)
    axes.tick_params(axis="y", labelsize=5.5, pad=1)
    axes.tick_params(length=2)


def _mark(p_value: float, difference: float, between: str = "\n") -> str:
    """Stars, and the loss that is the more accurate."""
    stars = next((mark for level, mark in _SIGNIFICANCE if p_value < level), "")
    return f"{PENALISED if difference > 0 else PLAIN}{between}{stars}" if stars else "n.s."


def _draw_scan(figure: Figure, axes: Axes, scan: pd.DataFrame) -> None:
    """One point a setting: marker by target, area by strength, shade by accuracy."""
    shades = {"vmin": scan["accuracy"].min(), "vmax": scan["accuracy"].max(), "cmap": "cividis"}
    places = {strength: place for place, strength in enumerate(sorted(scan["strength"].unique()))}
    for marker, (_, rows) in zip(_TARGETS, scan.groupby("target"), strict=False):
        sizes = 8 + 9 * rows["strength"].map(places)
        image = axes.scatter(rows["exponent"], rows["adjustment"], c=rows["accuracy"], s=sizes, marker=marker,
                             edgecolors="k", linewidths=0.5, **shades)  # fmt: skip
        axes.plot(rows["exponent"], rows["adjustment"], color=REFERENCE, lw=0.5, zorder=0)
        last = rows.sort_values("strength").iloc[-1]
        axes.annotate(rf"$\alpha$ = {last['strength']:g}", (last["exponent"], last["adjustment"]), fontsize=5.5,
                      xytext=(0, 6), textcoords="offset points", ha="center")  # fmt: skip
    axes.axvline(0.0, color=REFERENCE, lw=0.8, ls="--")
    axes.set_yscale("log")
    axes.margins(0.1, 0.12)
    axes.set(xlabel=r"$\lambda_0$ after training (nat per layer)")
    axes.set_ylabel(r"$|\partial L_\lambda / \partial e|$ (nat per epoch)", labelpad=1)
    handles = [
        Line2D([], [], ls="", marker=marker, mfc="w", mec="k", mew=0.5, ms=4.5, label=f"{target:g}")
        for marker, target in zip(_TARGETS, sorted(scan["target"].unique()), strict=False)
    ]
    axes.legend(handles=handles, title=r"target $\lambda_t$", loc="lower right", title_fontsize=6.5, handletextpad=0.1)
    bar = figure.colorbar(image, ax=axes, pad=0.02, aspect=30)
    bar.set_label("test accuracy (%)")


def vock2025_fig4(
    curves: pd.DataFrame,
    means: pd.DataFrame,
    tests: pd.DataFrame,
    scan: pd.DataFrame,
    effects: pd.DataFrame,
    averaged_epochs: int,
) -> Drawn:
    """Fig. 4 of vock2025."""
    judged = effects[effects["derivative"] == next(iter(PENALTY_DERIVATIVES))].set_index(["exponent", "effect"])
    losses = tests[(tests["of"] == "accuracy") & (tests["between"] == "losses")].set_index("within")
    quoted = {"protocol": means["protocol"].iloc[0], "losses": losses, "scan": scan, "effects": judged}
    return _draw_fig4(curves, means, tests, scan, averaged_epochs), quoted
