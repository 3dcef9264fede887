"""Fig. 3c and 3f of ghavasieh2025: where networks train."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from deepcrit.core.figures.bias_colours import bias_colours, bias_scale
from deepcrit.core.figures.style import REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.trainability.points import point_means

_GUESSING = 0.1124  # share of the commonest digit


def _draw_fig3cf(outcomes: pd.DataFrame, windows: pd.DataFrame) -> Figure:
    """Training accuracy over the plane, and epochs to the goal against width and weight variance.

    Args:
        outcomes: schema ``outcomes``, all samples.
        windows: schema ``windows``.
    """
    use_style()
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
    plane = point_means(outcomes[outcomes["sample"] == "plane"])
    _draw_plane(axes[0], plane, windows[windows["sample"] == "plane"])
    log10 = np.sort(plane.loc[plane["bias_variance"] > 0, "log10_bias_variance"].unique())
    bar = figure.colorbar(bias_scale(log10), ax=axes[0], pad=0.01, aspect=30, ticks=log10)
    bar.set_label(r"bias variance, $\log_{10}\sigma_b^2$")
    bar.ax.minorticks_off()
    _draw_widths(figure, axes[1], outcomes[outcomes["sample"] == "widths"], outcomes[outcomes["sample"] == "retests"])
    for letter, panel in zip("cf", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_plane(axes: Axes, plane: pd.DataFrame, windows: pd.DataFrame) -> None:
    """One line a bias variance, with standard errors over networks; a bar at the top spans where points train."""
    log10 = np.sort(plane.loc[plane["bias_variance"] > 0, "log10_bias_variance"].unique())
    colours = {-np.inf: "k", **bias_colours(log10)}
    for log_value, line in grouped(plane, "log10_bias_variance"):
        free = np.isinf(log_value)
        axes.errorbar(line["weight_variance"], line["train_accuracy"], line["train_accuracy_error"], elinewidth=0.7,
                      color=colours[log_value], lw=1.4 if free else 0.9, marker="o", ms=2.2, zorder=4 if free else 3,
                      label=r"$\sigma_b^2 = 0$" if free else None)  # fmt: skip
    trained = windows[windows["trained"] > 0]
    for row, (log_value, first, last) in enumerate(
        zip(trained["log10_bias_variance"], trained["first"], trained["last"], strict=True)
    ):
        height = 1.03 + 0.028 * row
        axes.plot([first, last], [height, height], color=colours[log_value], lw=1.6, solid_capstyle="butt")
    axes.axhline(_GUESSING, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xlabel=r"weight variance $\sigma_w^2$", ylabel="training accuracy", ylim=(0, 1.05 + 0.028 * len(windows)))
    axes.set_yticks(np.arange(0, 1.01, 0.2))
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 0.74))


def _draw_widths(figure: Figure, axes: Axes, widths: pd.DataFrame, retests: pd.DataFrame) -> None:
    """Epochs to the goal as shades; white where it is not reached, with crosses where it was tried longer."""
    rows, sw2 = np.unique(widths["width"]), np.unique(widths["weight_variance"])
    epochs = np.full((len(rows), len(sw2)), np.nan)
    there = widths[widths["reached"]]
    epochs[np.searchsorted(rows, there["width"]), np.searchsorted(sw2, there["weight_variance"])] = there["epochs"]
    places = np.arange(len(rows))
    half = 0.5 * (sw2[1] - sw2[0])
    most = int(widths["most_epochs"].iloc[0])
    image = axes.pcolormesh(
        np.append(sw2 - half, sw2[-1] + half), np.append(places - 0.5, places[-1] + 0.5), epochs,
        cmap=sns.color_palette("flare", as_cmap=True), norm=LogNorm(min(widths["epochs"]), most),
    )  # fmt: skip
    for reached, marker, label in ((False, "x", "still not"), (True, "o", "then reached")):
        chosen = retests[retests["reached"] == reached]
        height = np.searchsorted(rows, chosen["width"])
        if len(chosen):
            axes.plot(chosen["weight_variance"], height, marker, color="k", ms=3.5, mew=0.8, mfc="none",
                      label=f"{label} in {int(retests['most_epochs'].iloc[0])} epochs")  # fmt: skip
    axes.axvline(1.0, color=REFERENCE, lw=0.8, ls="--")
    axes.set_yticks(places, [str(width) for width in rows])
    axes.set(xlabel=r"weight variance $\sigma_w^2$", ylabel="width $N$")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 0.99), ncols=2, borderpad=0.1, columnspacing=1.0)
    goal = widths["goal"].iloc[0]
    ticks = [tick for tick in (1, 2, 5, 10, 15, 20, 30, 40, 50) if min(widths["epochs"]) <= tick <= most]
    bar = figure.colorbar(image, ax=axes, pad=0.01, aspect=30, ticks=ticks)
    bar.ax.set_yticklabels([str(tick) for tick in ticks])
    bar.ax.minorticks_off()
    bar.set_label(f"epochs to {100 * goal:g}% accuracy")


def ghavasieh2025_fig3cf(outcomes: pd.DataFrame, windows: pd.DataFrame, trends: pd.DataFrame) -> Drawn:
    """Fig. 3c and 3f of ghavasieh2025."""
    return _draw_fig3cf(outcomes, windows), {"outcomes": outcomes, "windows": windows, "trends": trends}
