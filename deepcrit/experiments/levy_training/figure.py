"""Fig. 6 of qu2022: training from stable weights."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from deepcrit.core.figures.stable_plane import draw_stable_plane
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, label_panel, use_style, width_colours
from deepcrit.experiments.levy_training.schemas import NARROW, ON_GRID

_SHADES = (0.85, 0.96)  # of test accuracy, as in the paper
_PUBLISHED_INTERVAL = (0.7, 1.5)  # of g, in which Gaussian networks are said to train


def draw_fig6(outcomes: pd.DataFrame, intervals: pd.DataFrame, goal: float) -> Figure:
    """Test accuracy and training time over the plane, accuracy of Gaussian networks by width, and gains that train.

    Args:
        outcomes: schema ``levy_outcomes``.
        intervals: schema ``levy_intervals``.
        goal: test accuracy.
    """
    use_style()
    figure, axes = plt.subplots(2, 2, figsize=(7.2, 5.2), layout="constrained")
    grid = outcomes[outcomes["sample"] == ON_GRID]
    shades = sns.color_palette("viridis", as_cmap=True)
    image = draw_stable_plane(axes[0, 0], grid, "test_accuracy", shades, Normalize(*_SHADES))
    figure.colorbar(image, ax=axes[0, 0], extend="both", label="test accuracy at the end")
    _draw_times(figure, axes[0, 1], grid, goal)
    _draw_widths(axes[1, 0], outcomes[outcomes["alpha"] == grid["alpha"].max()], goal)
    _draw_intervals(axes[1, 1], intervals[intervals["width"] == grid["width"].iloc[0]])
    for letter, panel in zip("abcd", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_times(figure: Figure, axes: Axes, grid: pd.DataFrame, goal: float) -> None:
    """Epochs of the published protocol to the goal; crosses where it was not reached."""
    most = float((grid["epochs"] * grid["published_epochs"]).max())
    reached = grid.assign(shown=grid["first_published"].where(grid["reached"]))
    least = min(float(grid["first_published"].min()), most / 2)
    image = draw_stable_plane(axes, reached, "shown", sns.color_palette("flare", as_cmap=True), LogNorm(least, most))
    failed = grid[~grid["reached"]]
    axes.plot(failed["alpha"], failed["gain"], "x", color="k", ms=4, mew=0.9, clip_on=False)
    bar = figure.colorbar(image, ax=axes, label=f"published epochs to {100 * goal:g}%")
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 400) if least <= tick <= most]
    bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
    bar.ax.minorticks_off()


def _draw_widths(axes: Axes, gaussian: pd.DataFrame, goal: float) -> None:
    """Accuracy of Gaussian networks against g, a line a width, and the interval that is published."""
    there = gaussian[gaussian["sample"].isin([ON_GRID, NARROW])]
    colours = width_colours(there["width"].unique().tolist())
    for width, style in zip(sorted(colours), (":", "--", "-", "-."), strict=False):
        line = there[there["width"] == width]
        ordered = line.sort_values("gain")
        axes.plot(ordered["gain"], ordered["test_accuracy"], style, marker="o", ms=2.5, color=colours[width],
                  label=f"$N = {width}$")  # fmt: skip
    axes.axhline(goal, color=REFERENCE, lw=0.7, ls=":")
    axes.axvspan(*_PUBLISHED_INTERVAL, color=PUBLISHED, alpha=0.12, lw=0, label="published, $N = 784$")
    _log_gains(axes.xaxis, there["gain"])
    axes.set(xlabel=rf"$g$ at $\alpha = {there['alpha'].iloc[0]:g}$", ylabel="test accuracy", ylim=(0.8, 0.98))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)


def _draw_intervals(axes: Axes, intervals: pd.DataFrame) -> None:
    """Gains that train, a bar an alpha; ticks at networks on either side of each end."""
    axes.set_yscale("log")
    low, high = (
        intervals[end].fillna(intervals[last]) for end, last in (("lower", "lower_high"), ("upper", "upper_low"))
    )
    axes.vlines(intervals["alpha"], low, high, color=OURS, lw=5, alpha=0.8)
    for end in ("lower_low", "lower_high", "upper_low", "upper_high"):
        axes.plot(intervals["alpha"], intervals[end], "_", color="k", ms=8, mew=0.8)
    _log_gains(axes.yaxis, pd.concat([intervals["lower_low"], intervals["upper_high"]]).dropna())
    axes.vlines(2.0, *_PUBLISHED_INTERVAL, color=PUBLISHED, lw=1.6, ls="--", label="published", zorder=4)
    axes.set(xlabel=r"$\alpha$", ylabel="gains $g$ that train", xlim=(0.95, 2.05))
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0))


def _log_gains(axis: Any, gains: pd.Series[float]) -> None:
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    ticks = [tick for tick in (0.25, 0.5, 1, 2, 4) if gains.min() <= tick <= max(gains.max(), 2)]
    axis.set_ticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axis.set_minor_locator(NullLocator())


def qu2022_fig6(outcomes: pd.DataFrame, intervals: pd.DataFrame, landmarks: pd.DataFrame, goal: float) -> Drawn:
    """Fig. 6 of qu2022."""
    grid = outcomes[outcomes["sample"] == ON_GRID]
    return draw_fig6(outcomes, intervals, goal), {
        "networks": len(outcomes),
        "failed": int((~grid["reached"]).sum()),
        "grid": len(grid),
        "diverged": outcomes[outcomes["diverged"]],
        "landmarks": landmarks.set_index("quantity"),
        "equivalent": float(outcomes["published_epochs"].iloc[0]),
    }
