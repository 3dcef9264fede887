"""Are they power laws? Straightness against xmin, goodness of fit against sample size, and the alternatives."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.core.figures.style import REFERENCE, grouped, label_panel, use_style, width_colours

_JUDGED = "radial"
_NAMES = {"size": r"size $S\sqrt{N}$", "duration": "duration $D$"}
_SHIFT = 1.05  # points of neighbouring widths stand side by side
_SHORT = {
    "truncated_power_law": "truncated\npower law",
    "lognormal": "lognormal",
    "stretched_exponential": "stretched\nexponential",
    "exponential": "exponential",
}


def draw_fits(xmin_scan: pd.DataFrame, goodness: pd.DataFrame, alternatives: pd.DataFrame, level: float) -> Figure:
    """Sizes above, durations below.

    Args:
        xmin_scan: schema ``xmin_scan``.
        goodness: schema ``goodness``.
        alternatives: schema ``alternatives``.
        level: p below which the power law is rejected.
    """
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.2), layout="constrained")
    colours = width_colours(sorted(goodness["width"].unique()))
    for row, observable in zip(axes, _NAMES, strict=True):
        scan, tested, compared = (
            table[(table["observable"] == observable) & (table["sample"] == _JUDGED)]
            for table in (xmin_scan, goodness, alternatives)
        )
        _draw_scan(row[0], scan, colours, _NAMES[observable])
        _draw_goodness(row[1], tested, colours, level, _NAMES[observable])
        _draw_alternatives(row[2], compared, colours, _NAMES[observable])
    axes[1, 0].legend(loc="upper center", ncol=2, handlelength=1.2, columnspacing=0.8, labelspacing=0.25, fontsize=6)
    for letter, panel in zip("abcdef", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_scan(axes: Axes, scan: pd.DataFrame, colours: dict[int, object], name: str) -> None:
    for width, curve in grouped(scan, "width"):
        axes.plot(curve["xmin"], curve["ks_distance"], color=colours[width], label=f"N = {width}", lw=0.9)
    axes.set(xscale="log", yscale="log", xlabel=rf"$x_{{\min}}$ of {name}", ylabel="KS distance", ylim=(5e-4, 3))
    axes.set_xlim(left=max(1e-4, 0.7 * scan["xmin"].min()))


def _draw_goodness(axes: Axes, goodness: pd.DataFrame, colours: dict[int, object], level: float, name: str) -> None:
    for number, (width, curve) in enumerate(grouped(goodness, "width")):
        axes.plot(curve["subsample"] * _SHIFT**number, curve["p_value"], "o-", ms=3, lw=0.7, color=colours[width])
    axes.axhline(level, color=REFERENCE, lw=0.8, ls="--")
    axes.set(xscale="log", xlabel=f"avalanches tested, {name}", ylabel="goodness of fit, $p$", ylim=(-0.03, 1.03))


def _draw_alternatives(axes: Axes, alternatives: pd.DataFrame, colours: dict[int, object], name: str) -> None:
    kinds = [kind for kind in _SHORT if kind in set(alternatives["alternative"])]
    for width, rows in grouped(alternatives, "width"):
        ratio = rows.set_index("alternative")["loglikelihood_ratio"].reindex(kinds) / rows["n"].iloc[0]
        place = np.arange(len(kinds)) + 0.09 * (list(colours).index(width) - (len(colours) - 1) / 2)
        axes.plot(place, ratio, "o", ms=3, color=colours[width])
    axes.axhline(0.0, color=REFERENCE, lw=0.8)
    axes.set_yscale("symlog", linthresh=1e-4)
    axes.set_ylim(top=4.0)
    axes.set_xticks(range(len(kinds)), [_SHORT[kind] for kind in kinds], fontsize=5.5)
    axes.set_ylabel(r"$\ln L$ ratio an avalanche" + f"\n{name}")
