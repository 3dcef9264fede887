"""Fig. 5 of vock2025: accuracy and exponents of networks that learn one task after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from deepcrit.claims.published import Published
from deepcrit.core.figures.style import PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.continual.bins import PAIRED
from deepcrit.experiments.continual.schemas import BACKPROPAGATION, CRITICALITY, REPLACEMENT

_EXPONENT = r"Lyapunov exponent $\lambda_0$"
_CHANGE = r"$|\partial L_\lambda / \partial e|$ (nat/epoch)"
_MARKERS = "osD^vP"
_BELOW: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.32)}
_LINEAR = 1e-3  # changes of the criticality loss below which its axis is linear


def _draw_fig5(bins: pd.DataFrame, published: Mapping[str, Published]) -> Figure:
    """Two rows of panels for every sequence of tasks.

    Args:
        bins: schema ``continual_bins``.
        published: values of claims, by identifier.
    """
    use_style()
    sequences = grouped(bins, "data")
    targets = int(bins["target"].nunique())
    figure = plt.figure(figsize=(5.2 + 1.6 * targets, 4.7 * len(sequences)), layout="constrained")
    parts = figure.subfigures(len(sequences), 1, squeeze=False)[:, 0]
    for part, (data, rows) in zip(parts, sequences, strict=True):
        part.suptitle(data, fontsize=8)
        axes = part.subplots(2, 2 + targets, width_ratios=[1.2, *[0.8] * targets, 1.2])
        _draw_replacement(axes[:, 0], rows)
        _draw_criticality(axes[:, 1:-1], rows)
        _draw_collapse(axes[:, -1], rows, published if part is parts[0] else {})
        for letter, panel in zip("bcd", axes[0, [0, 1, -1]], strict=True):
            label_panel(panel, letter)
    return figure


def _draw_by_task(axes: Any, rows: pd.DataFrame, **style: Any) -> None:
    """Accuracy above and exponent below, with bands of one standard error."""
    middle = (rows["first_task"] + rows["last_task"]) / 2
    for panel, column in zip(axes, ("accuracy", "lyapunov_exponent"), strict=True):
        panel.plot(middle, rows[column], **style)
        low, high = (rows[column] + sign * rows[f"{column}_error"] for sign in (-1, 1))
        panel.fill_between(middle, low, high, color=style["color"], alpha=0.1, lw=0)


def _finish(axes: Any, title: str) -> None:
    axes[1].axhline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes[0].set(ylabel="test accuracy (%)", title=title)
    axes[1].set(xlabel="task", ylabel=_EXPONENT)


def _shades(values: pd.Series) -> dict[float, Any]:
    """Darker for larger."""
    known = np.sort(values.unique())
    return dict(zip(known, sns.color_palette("flare", len(known)), strict=True))


def _draw_replacement(axes: Any, rows: pd.DataFrame) -> None:
    replacing = rows[rows["method"] == REPLACEMENT]
    shades = _shades(replacing["replacement_rate"])
    for rate, of in grouped(replacing, "replacement_rate"):
        _draw_by_task(axes, of, color=shades[rate], marker="o", ms=2, lw=0.9, label=f"{rate:.0e}".replace("e-0", "e-"))
    _draw_by_task(
        axes, rows[rows["method"] == BACKPROPAGATION], color="k", ls="--", lw=1.4, zorder=5, label="0 (backprop.)"
    )
    _finish(axes, "(continual) backprop.")
    axes[1].legend(title=r"replacement rate $\rho$", title_fontsize=6.5, ncols=2, fontsize=5.5, **_BELOW)


def _draw_criticality(axes: Any, rows: pd.DataFrame) -> None:
    """A column of panels for each target, with bars of one standard error: bands would hide each other."""
    critical = rows[rows["method"] == CRITICALITY]
    plain = rows[rows["method"] == BACKPROPAGATION]
    shades = _shades(critical["strength"])
    for column, (target, of) in zip(axes.T, grouped(critical, "target"), strict=True):
        for panel, quantity in zip(column, ("accuracy", "lyapunov_exponent"), strict=True):
            for place, (strength, line) in enumerate(grouped(of, "strength")):
                middle = (line["first_task"] + line["last_task"]) / 2
                every = max(1, len(line) // 6)
                panel.errorbar(middle, line[quantity], yerr=line[f"{quantity}_error"], color=shades[strength], lw=0.9,
                               errorevery=(min(place, every - 1), every), elinewidth=0.6, capsize=1,
                               marker=_MARKERS[place % len(_MARKERS)], markevery=every, ms=2.5)  # fmt: skip
            panel.plot((plain["first_task"] + plain["last_task"]) / 2, plain[quantity], color="k", ls="--", lw=1.2)
        _finish(column, rf"CritL, $\lambda_t = {target:g}$")
    for row in axes:
        low, high = min(panel.get_ylim()[0] for panel in row), max(panel.get_ylim()[1] for panel in row)
        for panel in row:
            panel.set_ylim(low, high)
        for panel in row[1:]:
            panel.set_ylabel("")
            panel.tick_params(labelleft=False)
    lines = [
        Line2D([], [], color=colour, lw=1.2, marker=_MARKERS[place % len(_MARKERS)], ms=2.5)
        for place, colour in enumerate(shades.values())
    ]
    lines.append(Line2D([], [], color="k", ls="--", lw=1.2))
    names = [*(rf"$\alpha = {strength:g}$" for strength in shades), "backprop."]
    legend = axes[1, axes.shape[1] // 2].legend(lines, names, ncols=4, fontsize=5.5, **_BELOW)
    legend.set_in_layout(False)  # it is wider than its panel, and no higher than those beside it


def _draw_collapse(axes: Any, rows: pd.DataFrame, published: Mapping[str, Published]) -> None:
    """Bins of all configurations against exponent and against the change of the criticality loss.

    Accuracy is that of the tasks that have them.
    """
    _scatter(axes[0], rows[rows["method"] == BACKPROPAGATION], "lyapunov_exponent", "k", "x", 12, "backpropagation")
    replacing = rows[rows["method"] == REPLACEMENT]
    _scatter(axes[0], replacing, "lyapunov_exponent", "0.6", "s", 6, "continual backprop.")
    critical = rows[rows["method"] == CRITICALITY]
    shades = _shades(critical["strength"])
    for strength, of in grouped(critical, "strength"):
        for panel, column in zip(axes, ("lyapunov_exponent", "penalty_change"), strict=True):
            _scatter(panel, of, column, shades[strength], "o", 7, rf"$\alpha = {strength:g}$")
    axes[0].axvline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes[1].set_xscale("symlog", linthresh=_LINEAR)
    axes[1].tick_params(axis="x", labelsize=5.5)
    axes[0].set(xlabel=_EXPONENT, ylabel="test accuracy (%)", title="all, means of bins")
    axes[1].set(xlabel=_CHANGE, ylabel="test accuracy (%)")
    intercept = published.get("vock2025.tableS7.fixed_intercept")
    if intercept is not None:
        axes[1].axhline(intercept.value, color=PUBLISHED, lw=0.8, ls="--", label="Table S7 (ImageNet)")
    handles, labels = axes[0].get_legend_handles_labels()
    more = zip(*axes[1].get_legend_handles_labels(), strict=True)
    lines = [(handle, label) for handle, label in more if label not in labels]
    axes[1].legend(
        [*handles, *(handle for handle, _ in lines)], [*labels, *(label for _, label in lines)], fontsize=5.5, ncols=2,
        handletextpad=0.2, columnspacing=0.8, **_BELOW,
    )  # fmt: skip


def _scatter(axes: Axes, rows: pd.DataFrame, column: str, colour: Any, marker: str, size: float, label: str) -> None:
    line: dict[str, Any] = {} if marker == "x" else {"edgecolors": "white"}
    axes.scatter(
        rows[column], rows[PAIRED[column]], s=size, color=colour, marker=marker, lw=0.8 if marker == "x" else 0.2,
        label=label, zorder=3, **line,
    )  # fmt: skip


def vock2025_fig5(
    bins: pd.DataFrame, tasks: pd.DataFrame, statistics: pd.DataFrame, published: Mapping[str, Published]
) -> Drawn:
    """Fig. 5 of vock2025."""
    sequences = [
        {
            "data": data,
            "protocol": of["protocol"].iloc[0],
            "diverged": int(of[of["diverged"]].groupby(["stream", "replacement_rate", "target", "strength"]).ngroups),
            "replaced": of[of["method"] == "continual backpropagation"].groupby("replacement_rate")["replaced"].sum(),
            "found": statistics[statistics["data"] == data].set_index("quantity"),
        }
        for data, of in tasks.groupby("data", sort=False)
    ]
    return _draw_fig5(bins, published), {"sequences": sequences}
