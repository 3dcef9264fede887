"""A histogram of values beside the laws that were fitted to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from deepcrit.core.figures.style import OURS, REFERENCE


def draw_beside_laws(axes: Axes, histogram: pd.DataFrame, alpha: float) -> None:
    """The body on a linear axis; its tail, both axes logarithmic, in the inset.

    Args:
        axes: of the panel.
        histogram: columns :data:`deepcrit.stats.schemas.HISTOGRAM_COLUMNS`.
        alpha: index of the stable law.
    """
    inset = axes.inset_axes((0.68, 0.6, 0.31, 0.36))
    for panel, axis in ((axes, "value"), (inset, "distance")):
        bins = histogram[histogram["axis"] == axis]
        middle = 0.5 * (bins["low"] + bins["high"]) if axis == "value" else np.sqrt(bins["low"] * bins["high"])
        there = bins["entries"] > 0
        panel.plot(middle[there], bins["density"][there], "o", ms=1.8, color="0.5", mew=0, label="weights")
        panel.plot(middle, bins["normal"], color=REFERENCE, ls="--", lw=0.9, label="normal")
        panel.plot(middle, bins["stable"], color=OURS, lw=1.1, label=rf"$\alpha$ = {alpha:.2f}")
        least = bins["density"][there].min()
        panel.set(yscale="log", ylim=(0.3 * least, 3 * bins["density"].max()))
    inset.set_xscale("log")
    inset.xaxis.set_minor_formatter(NullFormatter())
    inset.tick_params(labelsize=5, pad=1)
    inset.text(0.06, 0.07, r"$|w - \bar w|$", fontsize=5.5, transform=inset.transAxes)
    axes.set(xlabel="weight $w$", ylabel="density")
    axes.set_ylim(top=300 * axes.get_ylim()[1])
    axes.legend(loc="upper left", borderpad=0.1, handlelength=1.2)
