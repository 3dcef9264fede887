"""Fig. 3 and S2 of qu2022, and what fractal dimensions tend to as N grows."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from deepcrit.core.figures.stable_plane import draw_ordered_lines, draw_stable_plane
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.levy_training.schemas import FINALLY, INITIALLY, MIDWAY, ON_GRID
from deepcrit.experiments.multifractality.schemas import EVERY_VECTOR, FIFTHS

_LOOKS = {1.2: (OURS, "-"), 2.0: (PUBLISHED, "--")}  # alpha of Fig. 3a
_GAIN = 1.5  # g of Fig. 3a


def _draw_spectra(axes: Axes, trained: pd.DataFrame, snapshot: str) -> None:
    """D_q of the networks of Fig. 3a, mean and standard deviation over eigenvectors, and what delocalised ones have."""
    there = trained[(trained["snapshot"] == snapshot) & (trained["sample"] == ON_GRID)]
    for alpha, (colour, style) in _LOOKS.items():
        of = there[np.isclose(there["alpha"], alpha) & np.isclose(there["gain"], _GAIN)].sort_values("power")
        axes.plot(of["power"], of["dimension"], style, color=colour, label=rf"$\alpha = {alpha:g}$")
        axes.fill_between(
            of["power"], of["dimension"] - of["spread"], of["dimension"] + of["spread"], color=colour, alpha=0.15, lw=0
        )
    for null, style in (("real_null", ":"), ("complex_null", "-.")):
        axes.plot(of["power"], of[null], style, color=REFERENCE, lw=0.9, label=f"delocalised, {null.split('_')[0]}")
    axes.set(xlabel="$q$", ylabel="$D_q$", ylim=(0, 1.05), xlim=(0, 2), title=f"{snapshot}, $g = {_GAIN:g}$")
    axes.legend(loc="lower left")


def _draw_map(figure: Figure, axes: Axes, trained: pd.DataFrame, snapshot: str, lines: pd.DataFrame) -> None:
    """D_2 over the plane, with the lines of Fig. 2."""
    second = trained[(trained["power"] == trained["power"].max()) & (trained["sample"] == ON_GRID)]
    there = second[second["snapshot"] == snapshot]
    image = draw_stable_plane(axes, there, "dimension", sns.color_palette("viridis", as_cmap=True), Normalize(0, 1))
    figure.colorbar(image, ax=axes, label="$D_2$")
    draw_ordered_lines(axes, lines, "w", "w")
    axes.set_title(snapshot)


def _told(landmarks: pd.DataFrame) -> dict[str, Any]:
    return {"landmarks": landmarks.set_index("quantity")}


def qu2022_fig3(dimensions: pd.DataFrame, landmarks: pd.DataFrame, lines: pd.DataFrame) -> Drawn:
    """Fig. 3 of qu2022."""
    use_style()
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.1), layout="constrained")
    _draw_spectra(axes[0], dimensions, FINALLY)
    _draw_map(figure, axes[1], dimensions, FINALLY, lines)
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    for letter, panel in zip("ab", axes, strict=True):
        label_panel(panel, letter)
    return figure, _told(landmarks)


def qu2022_figS2(dimensions: pd.DataFrame, landmarks: pd.DataFrame, lines: pd.DataFrame) -> Drawn:  # noqa: N802
    """Fig. S2 of qu2022."""
    use_style()
    figure, axes = plt.subplots(2, 2, figsize=(7.2, 5.6), layout="constrained")
    for panel, snapshot in zip(axes[0], (INITIALLY, MIDWAY), strict=True):
        _draw_spectra(panel, dimensions, snapshot)
    for panel, snapshot in zip(axes[1], (INITIALLY, MIDWAY), strict=True):
        _draw_map(figure, panel, dimensions, snapshot, lines)
    figure.legend(*axes[1, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    for letter, panel in zip("abcd", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure, _told(landmarks)


def qu2022_multifractality(random: pd.DataFrame, scaling: pd.DataFrame) -> Drawn:
    """D_2 against N, limits against q, and limits by the modulus of the eigenvalue."""
    use_style()
    figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.7), layout="constrained")
    colours = dict(
        zip(sorted(random["alpha"].unique()), sns.color_palette("flare", random["alpha"].nunique()), strict=True)
    )
    markers = dict(zip(colours, "osDv^P*", strict=False))
    second = random[(random["power"] == random["power"].max()) & (random["fifth"] == EVERY_VECTOR)]
    _draw_sizes(axes[0], second, colours, markers)
    whole = scaling[scaling["between_widths"] == "all"]
    _draw_limits(axes[1], whole[whole["fifth"] == EVERY_VECTOR], colours)
    _draw_fifths(axes[2], whole[whole["power"] == whole["power"].max()], colours, markers)
    for letter, panel in zip("abc", axes, strict=True):
        label_panel(panel, letter)
    limits = whole[(whole["fifth"] == EVERY_VECTOR) & (whole["power"] == whole["power"].max())]
    # where tails are heavy and D_2 is far from zero, its drift is seen best
    middle = sorted(colours)[len(colours) // 2]
    local = scaling[(scaling["alpha"] == middle) & (scaling["fifth"] == EVERY_VECTOR)]
    return figure, {"limits": limits, "middle": middle, "neighbours": local[local["between_widths"] != "all"]}


def _draw_sizes(axes: Axes, second: pd.DataFrame, colours: Any, markers: Any) -> None:
    for alpha, of in grouped(second, "alpha"):
        ordered = of.sort_values("width")
        ends = [ordered["dimension"] - ordered["ci_low"], ordered["ci_high"] - ordered["dimension"]]
        axes.errorbar(ordered["width"], ordered["dimension"], ends, fmt=markers[alpha], ms=3, capsize=2, lw=0.9,
                      color=colours[alpha], label=rf"$\alpha = {alpha:g}$")  # fmt: skip
        axes.plot(ordered["width"], ordered["stable_null"], color=colours[alpha], lw=0.8, ls="--")
    for null, style in (("real_null", ":"), ("complex_null", "-.")):
        axes.plot(ordered["width"], ordered[null], style, color=REFERENCE, lw=0.9)
    widths = sorted(second["width"].unique())
    axes.set(xscale="log", xlabel="$N$", ylabel="$D_2$", ylim=(0, 1))
    axes.set_xticks(widths, [str(width) for width in widths])
    axes.minorticks_off()
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, columnspacing=0.8, handletextpad=0.2)


def _draw_limits(axes: Axes, limits: pd.DataFrame, colours: Any) -> None:
    for alpha, of in grouped(limits, "alpha"):
        ordered = of.sort_values("power")
        axes.plot(ordered["power"], ordered["limit"], color=colours[alpha])
        axes.fill_between(
            ordered["power"], ordered["ci_low"], ordered["ci_high"], color=colours[alpha], alpha=0.2, lw=0
        )
        axes.plot(ordered["power"], ordered["stable_limit"], color=colours[alpha], lw=0.9, ls="--")
    axes.axhline(0, color=REFERENCE, lw=0.6)
    axes.set(xlabel="$q$", ylabel=r"$D_q$, $N \to \infty$", xlim=(0, 2), ylim=(-0.1, 1.1))
    axes.plot([], [], color=REFERENCE, label="measured")
    axes.plot([], [], color=REFERENCE, ls="--", lw=0.9, label="independent entries")
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0))


def _draw_fifths(axes: Axes, second: pd.DataFrame, colours: Any, markers: Any) -> None:
    places = np.arange(1, FIFTHS + 1)
    for shift, (alpha, of) in zip(np.linspace(-0.2, 0.2, len(colours)), grouped(second, "alpha"), strict=True):
        ordered = of[of["fifth"] != EVERY_VECTOR].sort_values("fifth")
        ends = [ordered["limit"] - ordered["ci_low"], ordered["ci_high"] - ordered["limit"]]
        axes.errorbar(places + shift, ordered["limit"], ends, fmt=markers[alpha], ms=3, lw=0.9, color=colours[alpha])
    axes.axhline(0, color=REFERENCE, lw=0.6)
    axes.axhline(1, color=REFERENCE, lw=0.6, ls=":")
    axes.set(xlabel=r"fifth of $|\lambda|$, least first", ylabel=r"$D_2$, $N \to \infty$", ylim=(-0.6, 1.2))
    axes.set_xticks(places)
