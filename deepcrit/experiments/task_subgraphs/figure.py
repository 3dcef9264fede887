"""Fig. 5 of liu2025: critical computational graphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.ticker import FixedLocator, NullFormatter, ScalarFormatter

from deepcrit.core.figures.style import (
    OURS,
    PUBLISHED,
    REFERENCE,
    Drawn,
    grouped,
    label_panel,
    use_style,
    width_colours,
)
from deepcrit.data.mnist import CLASSES, SIDE
from deepcrit.experiments.task_subgraphs.groups import ALL_SETTINGS, FITTED_RANGES, with_groups

_PUBLISHED_EXPONENT = 1.5
_SIGNS = "PuOr"  # of weights and activities, as dark at both ends
_QUANTITIES = {"vertices": ("$N_V$", "o", OURS, "-"), "edges": ("$N_E$", "s", "0.35", "--")}
_NULLS = {  # of the panel without learning
    "train_balanced": "balanced accuracy",
    "shared_edges": "shared edges",
    "shared_vertices": "shared vertices",
    "modularity": "modularity",
    "within less between": "$|C|$ within less between",
}


def liu2025_fig5(
    graphs: pd.DataFrame, families: pd.DataFrame, edges: pd.DataFrame, pixels: pd.DataFrame,
    couplings: pd.DataFrame, ageings: pd.DataFrame, laws: pd.DataFrame, summary: pd.DataFrame, runs: pd.DataFrame,
    accuracy_losses: list[float],
) -> Drawn:  # fmt: skip
    """Fig. 5 of liu2025, in the order of its panels."""
    use_style()
    figure = plt.figure(figsize=(10.6, 7.6), layout="constrained")
    rows = figure.add_gridspec(2, 1, height_ratios=[1.0, 2.3])
    judged = with_groups(graphs, runs)
    dense = judged[(judged["stage"] == "dense") & (judged["group"] == "trained")]
    judged = judged[(judged["stage"] == "pruned") & (judged["accuracy_loss"] == accuracy_losses[0])]
    trained = judged[judged["group"] == "trained"]
    pictured = _pictured(edges, runs)
    _draw_graphs(figure, rows[0], edges[edges["run"] == pictured["run"]], pixels[pixels["run"] == pictured["run"]],
                 int(pictured["hidden"]))  # fmt: skip
    grid = rows[1].subgridspec(2, 5, hspace=0.08)
    panels = [figure.add_subplot(grid[place // 5, place % 5]) for place in range(10)]
    _draw_accuracies(panels[0], trained, dense)
    _draw_sizes(panels[1], judged)
    _draw_mobilities(panels[2], judged[judged["sample"] == "phases"])
    _draw_digits(panels[3], summary)
    _draw_laws(panels[4], judged[(judged["iteration"] > 0) & ~judged["shuffled"]], laws)
    followed = with_groups(couplings, runs)
    followed = followed[followed["sample"] == "terminal"]
    _draw_through_training(panels[5], followed, "separation", "P(lower cost on the digit)")
    _draw_through_training(panels[6], followed, "overlap", "overlap on and off the digit")
    _draw_split(panels[7], followed)
    _draw_costs(panels[8], followed, ageings)
    _draw_nulls(panels[9], summary)
    for letter, panel in zip("efghijklm", panels, strict=False):
        label_panel(panel, letter)
    values = summary.set_index(["quantity", "networks_of", "digit"])["value"]

    def told(quantity: str, group: str = "trained", digit: str = "all") -> float:
        return float(values.get((quantity, group, digit), np.nan))

    return figure, {"told": told, "pictured": pictured, "laws": laws}


def _pictured(edges: pd.DataFrame, runs: pd.DataFrame) -> pd.Series:
    """The widest of the networks whose edges are told and whose labels are true."""
    told = runs[runs["run"].isin(edges["run"]) & ~runs["shuffled"]]
    return (told if len(told) else runs).sort_values("hidden").iloc[-1]


def _draw_graphs(figure: Figure, cell: SubplotSpec, edges: pd.DataFrame, pixels: pd.DataFrame, hidden: int) -> None:
    grid = cell.subgridspec(2, CLASSES, height_ratios=[1.0, 1.25], wspace=0.02, hspace=0.02)
    for digit in range(CLASSES):
        above, below = figure.add_subplot(grid[0, digit]), figure.add_subplot(grid[1, digit])
        weights = pixels.loc[pixels["digit"] == digit, "weight"].to_numpy()
        if weights.size == SIDE**2:
            most = np.abs(weights).max()
            above.imshow(weights.reshape(SIDE, SIDE), cmap=_SIGNS, vmin=-most, vmax=most)
        of = edges[edges["digit"] == digit]
        _draw_graph(below, of, hidden)
        above.set_title(f"{digit}: {len(of)} edges", fontsize=7, pad=2)
        for axes in (above, below):
            axes.set(xticks=[], yticks=[])
            sns.despine(ax=axes, left=True, bottom=True)
        if digit == 0:
            label_panel(above, "a")


def _draw_graph(axes: Axes, edges: pd.DataFrame, hidden: int) -> None:
    """Layers from left to right, neurons of a layer in the order of their numbers."""
    selective = pd.concat([
        edges.set_index("start")["start_selectivity"], edges.set_index("end")["end_selectivity"]
    ])  # fmt: skip
    selective = selective[~selective.index.duplicated()].sort_index()
    layers = np.minimum(selective.index.to_numpy() // hidden, 2)
    places: dict[int, tuple[float, float]] = {}
    for layer in range(3):
        members = selective.index[layers == layer]
        for place, neuron in enumerate(members):
            places[int(neuron)] = (layer, (place + 0.5) / len(members))
    largest = edges["weight"].abs().max()
    ends = zip(edges["start"].tolist(), edges["end"].tolist(), edges["weight"].tolist(), strict=True)
    for start, end, weight in ends:
        (x0, y0), (x1, y1) = places[start], places[end]
        axes.plot([x0, x1], [y0, y1], color=OURS if weight > 0 else PUBLISHED, zorder=1,
                  ls="-" if weight > 0 else (0, (2, 1)), lw=0.3 + 0.8 * abs(weight) / largest)  # fmt: skip
    if places:
        x, y = np.array([places[int(neuron)] for neuron in selective.index]).T
        axes.scatter(x, y, c=selective.to_numpy(), s=11, cmap=_SIGNS, vmin=-3, vmax=3, lw=0.4, ec="k", zorder=2)
    axes.set(xlim=(-0.2, 2.2), ylim=(-0.02, 1.02))


def _draw_accuracies(axes: Axes, trained: pd.DataFrame, dense: pd.DataFrame) -> None:
    for of, marker, colour, label in ((dense, "o", "0.35", "dense"), (trained, "s", OURS, "graph")):
        means = of.groupby("digit")[["test_balanced", "test_accuracy"]].mean()
        axes.plot(means.index, means["test_balanced"], marker, ms=3.5, color=colour, label=f"{label}, balanced")
        axes.plot(means.index, means["test_accuracy"], marker, ms=3.5, mfc="w", color=colour, label=label)
    axes.axhline(0.9, color=REFERENCE, lw=0.8, ls=":")
    axes.text(0.0, 0.9, "none told", fontsize=6, va="bottom", color=REFERENCE)
    low = min(0.88, trained["test_balanced"].min(), trained["test_accuracy"].min())
    axes.set(xlabel="digit", ylabel="test accuracy, digit or not", xticks=range(0, 10, 3))
    axes.set_ylim(1.005 - 1.6 * (1.0 - low), 1.005)
    axes.legend(loc="lower left", fontsize=6, labelspacing=0.2, handletextpad=0.1)


def _draw_sizes(axes: Axes, judged: pd.DataFrame) -> None:
    for sample, face in (("terminal", True), ("sizes", False)):
        of = judged[(judged["sample"] == sample) & (judged["iteration"] > 0)]
        for column, (name, marker, colour, line) in _QUANTITIES.items():
            networks = of.groupby(["neurons", "run"])[column].mean().groupby("neurons")
            mean, spread = networks.mean(), networks.std()
            at = "end" if face else f"$t = {of['iteration'].max():,}$".replace(",", "\\,")
            axes.errorbar(mean.index, mean, spread, marker=marker, ms=3.5, color=colour, ls=line, lw=0.9,
                          elinewidth=0.7, mfc=colour if face else "w", label=f"{name}, {at}")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="model size $M$", ylabel="vertices and edges of a graph")
    _plain(axes, sorted(judged.loc[judged["sample"].isin(["terminal", "sizes"]), "neurons"].unique()))
    axes.yaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50, 100]))
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.legend(loc="lower right")


def _plain(axes: Axes, ticks: Sequence[int]) -> None:
    """Whole numbers at chosen ticks of a short logarithmic axis, instead of powers of ten at all of them."""
    low, high = axes.get_xlim()
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())


def _draw_mobilities(axes: Axes, phases: pd.DataFrame) -> None:
    colours = width_colours(sorted(phases["neurons"].unique()))
    for neurons, of in grouped(phases.sort_values("neurons"), "neurons"):
        mean = of.groupby("log_mobility")[["vertices", "edges"]].mean()
        axes.plot(mean.index, mean["edges"], marker="s", ms=3, color=colours[neurons], lw=0.9, label=f"{neurons}")
    axes.set(xlabel=r"$\ln(\nu/B)$", ylabel="edges of a graph, $N_E$")
    axes.set_ylim(0, 1.4 * axes.get_ylim()[1])
    axes.legend(title="$M$", title_fontsize=7, loc="upper left", labelspacing=0.2, ncols=3, columnspacing=0.8)


def _draw_digits(axes: Axes, summary: pd.DataFrame) -> None:
    for shift, (column, (name, marker, colour, _)) in zip((-0.12, 0.12), _QUANTITIES.items(), strict=True):
        of = summary[summary["quantity"] == f"{column} over the mean of all digits"]
        digit = of["digit"].astype(int)
        half = [of["value"] - of["ci_low"], of["ci_high"] - of["value"]]
        axes.errorbar(digit + shift, of["value"], half, fmt=marker, ms=3.5, color=colour, elinewidth=0.7, label=name)
    axes.axhline(1.0, color=REFERENCE, lw=0.8, ls=":")
    for place, text in ((5, "hard"), (9, "hard"), (8, "easy")):
        axes.text(place, 0.02, text, transform=axes.get_xaxis_transform(), fontsize=6, ha="center", rotation=90,
                  color=PUBLISHED)  # fmt: skip
    axes.set(xlabel="digit (red: as published)", ylabel="over the mean of all digits", xticks=range(CLASSES))
    axes.set_ylim(0, 1.2 * axes.get_ylim()[1])
    axes.legend(loc="upper left", ncols=2)


def _draw_laws(axes: Axes, graphs: pd.DataFrame, laws: pd.DataFrame) -> None:
    """Fractions of graphs that are as large, or larger."""
    for column, (name, _, colour, line) in _QUANTITIES.items():
        values = np.sort(graphs.loc[graphs["edges"] > 0, column].to_numpy())
        if values.size:
            shares = 1.0 - np.arange(values.size) / values.size
            axes.step(values, shares, color=colour, ls=line, lw=1.2, where="pre", label=name)
    pooled = laws[(laws["quantity"] == "vertices") & (laws["networks_of"] == ALL_SETTINGS)]
    law = pooled[pooled["fitted"] == FITTED_RANGES[1]]
    sizes = graphs.loc[graphs["edges"] > 0, "vertices"].to_numpy()
    if sizes.size:
        x = np.geomspace(sizes.min(), sizes.max(), 50)
        published = (x / x[0]) ** (1.0 - _PUBLISHED_EXPONENT)
        axes.plot(x, published, color=PUBLISHED, lw=0.9, label=r"published $\tau = 1.5$")
        known = law.dropna(subset=["exponent"])
        for xmin, exponent in zip(known["xmin"].tolist(), known["exponent"].tolist(), strict=True):
            tail = np.geomspace(xmin, sizes.max(), 50)
            axes.plot(tail, (sizes >= xmin).mean() * (tail / xmin) ** (1.0 - exponent), color="k", lw=0.9, ls=":",
                      label=f"$N_V$ above {xmin:.0f}: {exponent:.1f}")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="size $N$", ylabel=r"$P(\geq N)$, all settings")
    axes.set_ylim(0.5 / max(sizes.size, 1), 1.5)
    _plain(axes, [2, 5, 10, 20, 50, 100])
    axes.legend(loc="lower left")


def _draw_through_training(axes: Axes, followed: pd.DataFrame, column: str, label: str) -> None:
    for digit, of in grouped(followed, "digit"):
        mean = of.groupby("iteration")[column].mean()
        axes.plot(np.maximum(mean.index, 0.5), mean, color=_digit_colours()[int(digit)], lw=0.9, label=f"{digit}")
    axes.set(xscale="log", xlabel="iteration $t$ (0 at 0.5)", ylabel=label, ylim=(0, 1.7))
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.legend(
        title="digit",
        title_fontsize=7,
        ncols=4,
        loc="upper left",
        labelspacing=0.15,
        handlelength=1.0,
        columnspacing=0.8,
    )


def _draw_split(axes: Axes, followed: pd.DataFrame) -> None:
    """Coupling costs at the end, on each digit and off it."""
    last = followed[followed["iteration"] == followed["iteration"].max()]
    for column, name, marker, face in (("cost", "on the digit", "o", OURS), ("cost_off", "off it", "s", "w")):
        found = last.groupby("digit")[column].agg(["mean", "std"])
        axes.errorbar(found.index, found["mean"], found["std"], fmt=marker, ms=3.5, color=OURS, mfc=face,
                      elinewidth=0.7, label=name)  # fmt: skip
    axes.axhline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xlabel="digit", ylabel=r"coupling cost $E_G$, the end", xticks=range(0, 10, 3))
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.35 * (high - low))
    axes.legend(loc="upper left")


def _draw_costs(axes: Axes, followed: pd.DataFrame, ageings: pd.DataFrame) -> None:
    for digit, of in grouped(followed, "digit"):
        mean = of.groupby("iteration")["cost"].mean()
        axes.plot(
            np.maximum(mean.index, 0.5), mean, color=_digit_colours()[int(digit)], marker="o", ms=2, lw=0, zorder=2
        )
        fitted = ageings[(ageings["digit"] == digit) & (ageings["reason"] == "") & ageings["run"].isin(of["run"])]
        later = mean[mean.index > 0]
        if len(fitted) and len(later) > 1:
            logs = np.log(later.index.to_numpy(float))
            axes.plot(
                later.index, np.polyval(np.polyfit(logs, later, 1), logs), color=_digit_colours()[int(digit)], lw=0.8
            )
    axes.axhline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xscale="log", xlabel="iteration $t$ (0 at 0.5)", ylabel=r"coupling cost $E_G$")
    axes.text(0.03, 0.05, r"lines: $c - \alpha \ln t$", transform=axes.transAxes, fontsize=6.5)


def _draw_nulls(axes: Axes, summary: pd.DataFrame) -> None:
    """What graphs are like where nothing can be learned, and before anything is."""
    styles = {"trained": ("o", OURS), "initial": ("^", "0.5"), "shuffled labels": ("D", PUBLISHED)}
    for shift, (group, (marker, colour)) in zip((-0.18, 0.0, 0.18), styles.items(), strict=True):
        of = summary[(summary["networks_of"] == group) & (summary["digit"] == "all")].set_index("quantity")
        of = of[~of.index.duplicated()].reindex(list(_NULLS))
        half = [of["value"] - of["ci_low"], of["ci_high"] - of["value"]]
        axes.errorbar(of["value"], np.arange(len(_NULLS)) + shift, xerr=half, fmt=marker, ms=3.5, color=colour,
                      elinewidth=0.7, label=group)  # fmt: skip
    axes.axvline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(yticks=range(len(_NULLS)), yticklabels=list(_NULLS.values()), xlabel="mean over networks")
    axes.tick_params(axis="y", labelsize=6)
    axes.set_ylim(len(_NULLS) - 0.5, -2.0)
    axes.legend(loc="upper right")


def _digit_colours() -> list[Any]:
    return list(sns.color_palette("viridis", CLASSES))
