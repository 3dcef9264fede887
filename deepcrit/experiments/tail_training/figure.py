"""Fig. 1d to 1f of qu2022: weights of a network while it is trained."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from deepcrit.core.figures.histograms import draw_beside_laws
from deepcrit.core.figures.style import REFERENCE, Drawn, grouped, label_panel, use_style

_STYLES = ("-", "--", ":", "-.")  # of learning rates, the judged one first


def qu2022_fig1df(
    histogram: pd.DataFrame,
    history: pd.DataFrame,
    changes: pd.DataFrame,
    statistics: pd.DataFrame,
    learning_rates: list[float],
    shown_epoch: int,
    heavy_below: float,
) -> Drawn:
    """Entries of the third matrix, tail index and scale of three, and the loss, of every network."""
    use_style()
    figure, axes = plt.subplots(2, 2, figsize=(7.2, 4.9), layout="constrained")
    rates = changes.drop_duplicates("point").set_index("point")["learning_rate"]
    first = rates.index[0]
    shown = history[(history["point"] == first) & (history["epoch"] == shown_epoch) & (history["matrix"] == 3)]
    if len(histogram):
        draw_beside_laws(axes[0, 0], histogram[histogram["point"] == first], float(shown["alpha"].iloc[0]))
    matrices = sorted(history["matrix"].unique())
    colours = dict(zip(matrices, sns.color_palette("flare", len(matrices)), strict=True))
    for (point, matrix), series in grouped(history, "point", "matrix"):
        style = _STYLES[learning_rates.index(rates[point]) % len(_STYLES)]
        for panel, column in ((axes[0, 1], "alpha"), (axes[1, 0], "scale")):
            panel.plot(series["epoch"], series[column], style, color=colours[matrix], lw=0.7)
        if matrix == matrices[0]:
            axes[1, 1].plot(series["epoch"], series["largest_loss"], style, color="k", lw=0.7)
    axes[0, 1].axhline(heavy_below, color=REFERENCE, lw=0.7, ls=":")
    axes[0, 1].set(ylabel=r"tail index $\alpha$")
    axes[1, 0].set(ylabel=r"scale $\sigma$", yscale="log")
    axes[1, 1].set(ylabel="loss of the worst minibatch (nat)", yscale="log")
    for panel in (axes[0, 1], axes[1, 0], axes[1, 1]):
        panel.set(xlabel="epoch")
        panel.axvline(shown_epoch, color=REFERENCE, lw=0.5, ls=":")
    axes[1, 1].set_ylim(top=300 * axes[1, 1].get_ylim()[1])
    _draw_legend(axes[1, 1], colours, learning_rates)
    for letter, panel in zip("def", (axes[0, 0], axes[0, 1], axes[1, 0]), strict=True):
        label_panel(panel, letter)
    judged = statistics[statistics["judged"]]
    return figure, {
        "protocol": judged["protocol"].iloc[0],
        "judged": judged.set_index(["statistic", "matrix"]),
        "heavy": changes[changes["heavy_from"].notna()].groupby("learning_rate")["point"].nunique(),
    }


def _draw_legend(axes: Axes, colours: dict[int, object], learning_rates: list[float]) -> None:
    handles = [Line2D([], [], color=colour, label=f"$W^{matrix}$") for matrix, colour in colours.items()]  # type: ignore[arg-type]
    handles += [
        Line2D([], [], color="k", ls=_STYLES[place % len(_STYLES)], label=f"learning rate {rate:g}")
        for place, rate in enumerate(learning_rates)
    ]
    axes.legend(handles=handles, loc="upper right", ncols=2, borderpad=0.1)
