"""Fig. 1 of liu2025: activities, correlations and graphs of neurons as they learn."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.gridspec import SubplotSpec

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
from deepcrit.experiments.correlation_graphs.figure_choices import draw_choices
from deepcrit.experiments.correlation_graphs.figure_transition import draw_transition
from deepcrit.experiments.correlation_graphs.schemas import ABOVE_XMIN, ALL_VALUES

PEAK = 37  # printed iteration of the peak
_EXPONENTS = {  # printed, at the transition and at the end
    "norm squared": (1.5, 1.75),
    "largest_component": (1.0, 1.0),
    "mean_degree": (0.0, 0.5),
}
_LAWS = {
    "degree": ("degree $k$", 1.34),
    "clique_size": ("clique size $S_C$", 3.02),
    "clique_activity": ("clique activity $a_C$", None),
}
_SIGNS = ListedColormap(["#1b7837", "white", "#762a83"])  # as in the paper: negative green, positive purple


def liu2025_fig1(
    correlations: pd.DataFrame, graphs: pd.DataFrame, histograms: pd.DataFrame, laws: pd.DataFrame,
    slopes: pd.DataFrame, activities: pd.DataFrame, pairs: pd.DataFrame, runs: pd.DataFrame, history: pd.DataFrame,
    threshold: float, transition: int,
) -> Drawn:  # fmt: skip
    """Fig. 1 of liu2025, in the order of its panels."""
    use_style()
    figure = plt.figure(figsize=(7.4, 9.2), layout="constrained")
    rows = figure.add_gridspec(3, 1, height_ratios=[3.1, 1.6, 3.3])
    shown = runs.set_index("run").loc[activities["run"].iloc[0]]
    _draw_orders(rows[0], activities, pairs, threshold)
    alike = runs[(runs["sample"] == shown["sample"]) & (runs["hidden"] == shown["hidden"])]["run"]
    graph = graphs[(graphs["threshold"] == threshold) & ~graphs["signed"]]
    middle = rows[1].subgridspec(1, 3, width_ratios=[1.25, 1.1, 1.0])
    panels = [figure.add_subplot(middle[place]) for place in range(3)]
    ours = correlations[correlations["run"].isin(alike)]
    _draw_measures(panels[0], ours, graph[graph["run"].isin(alike)])
    _draw_loss(panels[1], ours, history[history["run"].isin(alike)])
    _draw_information(panels[2], ours)
    grid = rows[2].subgridspec(2, 3)
    lower = [figure.add_subplot(grid[place]) for place in range(6)]
    _draw_sizes(lower[0], runs, correlations, graph, slopes, "sizes", "transition", transition)
    _draw_sizes(lower[3], runs, correlations, graph, slopes, "terminal", "end", None)
    pooled = histograms[(histograms["threshold"] == threshold) & (histograms["iteration"] != transition)]
    terminal = runs[runs["sample"] == "terminal"]
    pooled = terminal[["run", "neurons"]].merge(pooled, on="run")
    fits = laws[(laws["threshold"] == threshold) & (laws["iteration"] == "end")]
    for axes, (quantity, (name, printed)) in zip([lower[1], lower[2], lower[4]], _LAWS.items(), strict=True):
        _draw_law(axes, pooled[pooled["quantity"] == quantity], fits[fits["quantity"] == quantity], name, printed)
    _draw_thresholds(lower[5], graphs[graphs["run"].isin(alike) & ~graphs["signed"]])
    for letter, axes in zip("bcd", panels, strict=True):
        label_panel(axes, letter)
    for letter, axes in zip("efgihj", lower, strict=True):
        label_panel(axes, letter)
    bounded = int(pooled.loc[pooled["bounded"], "run"].nunique())
    told = {"shown": {"hidden": int(shown["hidden"]), "order": activities["order"].iloc[0]}, "bounded": bounded}
    return figure, told


def liu2025_transition(
    correlations: pd.DataFrame, graphs: pd.DataFrame, slopes: pd.DataFrame, runs: pd.DataFrame,
    threshold: float, transition: int,
) -> Drawn:  # fmt: skip
    """Is the early transition one of second order, and one of learning?"""
    use_style()
    return draw_transition(correlations, graphs, slopes, runs, threshold, transition)


def liu2025_choices(verdicts: pd.DataFrame) -> Drawn:
    """Which verdicts change with what the paper leaves open."""
    use_style()
    return draw_choices(verdicts)


def _draw_orders(cell: SubplotSpec, activities: pd.DataFrame, pairs: pd.DataFrame, threshold: float) -> None:
    """Activities by digit, correlations, and edges, iteration by iteration."""
    iterations = activities["iteration"].unique()
    grid = cell.subgridspec(3, len(iterations), height_ratios=[0.8, 1.0, 1.0])
    figure = plt.gcf()
    for column, iteration in enumerate(iterations):
        one = activities[activities["iteration"] == iteration].pivot_table(
            index="place", columns="digit", values="activity"
        )
        pair = pairs[pairs["iteration"] == iteration]
        matrix = np.eye(len(one))
        matrix[pair["place"], pair["other"]] = matrix[pair["other"], pair["place"]] = pair["correlation"]
        edges = np.sign(matrix) * (np.abs(matrix) >= threshold)
        np.fill_diagonal(edges, 0.0)
        top, middle, bottom = (figure.add_subplot(grid[row, column]) for row in range(3))
        top.imshow(one, aspect="auto", cmap="Greys", vmin=-1, vmax=2, interpolation="nearest")
        drawn = middle.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
        bottom.imshow(edges, cmap=_SIGNS, vmin=-1, vmax=1, interpolation="nearest")
        top.set(title=f"$t = {_told(iteration)}$", xticks=[0, 9], yticks=[])
        middle.set(xticks=[], yticks=[])
        bottom.set(xticks=[], yticks=[])
        if column == 0:
            for axes, name in zip((top, middle, bottom), ("neuron", "$C$", "edges"), strict=True):
                axes.set_ylabel(name)
            label_panel(top, "a")
        if column == len(iterations) - 1:
            figure.colorbar(drawn, ax=middle, aspect=12, ticks=[-1, 0, 1], pad=0.03)
            top.set_xlabel("digit", labelpad=-6)


def _told(iteration: int) -> str:
    power = int(np.log10(iteration)) if iteration >= 1000 else 0
    return f"{iteration / 10**power:g} \\times 10^{power}" if power else str(iteration)


def _averaged(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Mean and range over networks at every iteration; iteration 0 stands at 0.5 on logarithmic axes."""
    found = frame.groupby("iteration")[column].agg(["mean", "min", "max"])
    found.index = pd.Index(np.maximum(found.index.to_numpy(float), 0.5))
    return found


def _draw_band(axes: Axes, found: pd.DataFrame, scale: float, **line: Any) -> None:
    axes.plot(found.index, found["mean"] / scale, **line)
    axes.fill_between(found.index, found["min"] / scale, found["max"] / scale, color=line["color"], alpha=0.2, lw=0)


def _draw_measures(axes: Axes, correlations: pd.DataFrame, graphs: pd.DataFrame) -> None:
    """Four measures, each over its highest mean."""
    shades = plt.get_cmap("viridis")(np.linspace(0.0, 0.85, 4))
    measures = [
        (correlations, "norm", r"$\|C\|_F$", "-"),
        (graphs, "survival", r"$P(|C| > C_{th})$, $\langle k\rangle$", "--"),
        (graphs, "largest_component", "$S_1$", ":"),
        (graphs, "curvature_entropy", "$H_{FR}$", "-."),
    ]
    for (frame, column, name, style), shade in zip(measures, shades, strict=True):
        found = _averaged(frame, column)
        _draw_band(axes, found, float(found["mean"].max()), color=shade, ls=style, label=name)
    axes.axvline(PEAK, color=PUBLISHED, ls="--", lw=0.8)
    axes.set(xscale="log", xlabel="iteration $t$", ylabel="over its highest", ylim=(0, 1.9))
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.legend(loc="upper left", ncols=2, columnspacing=0.8, handlelength=1.8, frameon=True, edgecolor="none")


def _draw_loss(axes: Axes, correlations: pd.DataFrame, history: pd.DataFrame) -> None:
    """Loss of minibatches with its fluctuation, accuracy and norm."""
    loss = _averaged(history.dropna(subset="loss"), "loss")
    noise = _averaged(history.dropna(subset="loss_fluctuation"), "loss_fluctuation")
    axes.plot(loss.index, loss["mean"], color=OURS, label="loss")
    axes.plot(noise.index, noise["mean"], color=OURS, ls=":", label="fluctuation")
    axes.axvline(PEAK, color=PUBLISHED, ls="--", lw=0.8)
    axes.set(xscale="log", yscale="log", xlabel="iteration $t$", ylabel="loss (nat)")
    other = axes.twinx()
    accuracy, norm = _averaged(correlations, "accuracy"), _averaged(correlations, "norm")
    other.plot(accuracy.index, accuracy["mean"], color="0.4", ls="--", label="accuracy")
    other.plot(norm.index, norm["mean"] / norm["mean"].max(), color="k", label=r"norm")
    other.set(ylim=(0, 2.0), ylabel="accuracy, norm")
    other.set_yticks([0.0, 0.5, 1.0])
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 0.9)
    axes.set_yticks([10.0**power for power in range(-4, 1, 2)])
    lines = [*axes.get_lines()[:2], *other.get_lines()]
    names = [str(line.get_label()) for line in lines]
    other.legend(
        lines, names, loc="upper left", ncols=2, columnspacing=0.6, handlelength=1.4, frameon=True, edgecolor="none"
    )


def _draw_information(axes: Axes, correlations: pd.DataFrame) -> None:
    """Each network's way from the start to the end."""
    for number, (_, network) in enumerate(grouped(correlations, "run")):
        axes.plot(network["information_gain"], network["norm"], color=str(0.15 + 0.25 * number), marker=".", ms=3)
        axes.plot(*network[["information_gain", "norm"]].iloc[0], "o", mfc="w", color=OURS, ms=5, zorder=4)
        axes.plot(*network[["information_gain", "norm"]].iloc[-1], "o", color=OURS, ms=5, zorder=4)
    axes.set(xlabel=r"information gain $\Delta I$ (nat)", ylabel=r"$\|C\|_F$")


def _draw_sizes(
    axes: Axes, runs: pd.DataFrame, correlations: pd.DataFrame, graphs: pd.DataFrame, slopes: pd.DataFrame,
    sample: str, when: str, iteration: int | None,
) -> None:  # fmt: skip
    """Measures against size at one time, every network a dot, with exponents in the legend."""
    networks = runs.loc[runs["sample"] == sample, ["run", "neurons", "reached"]]
    at = networks.assign(iteration=networks["reached"] if iteration is None else iteration)
    found = at.merge(correlations, on=["run", "iteration"]).merge(graphs, on=["run", "iteration"])
    ours = slopes[(slopes["sample"] == sample) & (slopes["iteration"] == when)].set_index("quantity")
    marks = {
        r"$\|C\|_F^2/M^2$": ("norm squared", (found["norm"] / found["neurons"]) ** 2, "o", "0.1"),
        "$S_1$": ("largest_component", found["largest_component"], "^", "0.45"),
        r"$\langle k\rangle$": ("mean_degree", found["mean_degree"], "s", "0.7"),
    }
    for name, (quantity, values, marker, shade) in marks.items():
        slope, printed = ours["slope"][quantity], _EXPONENTS[quantity][when == "end"]
        label = f"{name}, {'of square ' if quantity == 'norm squared' else ''}{slope:.2f} ({printed:g})"
        axes.plot(found["neurons"], values, marker, color=shade, ms=3.5, mew=0, label=label)
    told = f"$t = {_told(iteration)}$" if iteration is not None else f"$t = {_told(int(at['iteration'].max()))}$"
    axes.set(xscale="log", yscale="log", xlabel="neurons $M$", title=told)
    sizes = sorted(found["neurons"].unique())
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 1.1)
    axes.legend(loc="upper left", title="exponent (printed)", title_fontsize=6.5)


def _draw_law(axes: Axes, pooled: pd.DataFrame, fits: pd.DataFrame, name: str, printed: float | None) -> None:
    """Densities by size of network, and the fitted law."""
    fair = pooled[~pooled["bounded"]]
    colours = width_colours([int(size) for size in fair["neurons"].unique()])
    if len(fair):
        edges = _edges(float(fair["value"].min()), float(fair["value"].max()))
        for neurons, part in grouped(fair.sort_values("neurons"), "neurons"):
            x, y = _density(part["value"].to_numpy(), part["count"].to_numpy(), edges)
            axes.plot(x, y, "o", ms=3, mew=0, color=colours[int(neurons)], label=f"$M = {neurons}$")
        x, y = _density(fair["value"].to_numpy(), fair["count"].to_numpy(), edges)
        for fitted, style in ((ALL_VALUES, "-"), (ABOVE_XMIN, "--")):
            fit = fits[(fits["fitted"] == fitted) & fits["exponent"].notna()]
            if len(fit):
                one = fit.iloc[0]
                line = np.geomspace(one["xmin"], one["xmax"], 50)
                law = line ** -one["exponent"]
                inside = (x >= one["xmin"]) & (x <= one["xmax"])
                height = np.exp(np.mean(np.log(y[inside]) + one["exponent"] * np.log(x[inside])))
                axes.plot(line, height * law, "k" + style, lw=0.9, label=f"{one['exponent']:.2f}")
    title = "" if printed is None else f"printed: {printed:g}"
    axes.set(xscale="log", yscale="log", xlabel=name, ylabel="density", title=title)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 0.8)
    axes.legend(loc="upper right", ncols=2, columnspacing=0.8, handlelength=1.2)


def _edges(low: float, high: float) -> np.ndarray:
    """Bins of growing width, none of which holds less than a whole number."""
    return np.geomspace(0.75 * low, 1.25 * high, 14)


def _density(values: np.ndarray, counts: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Occupied bins: where they are, and the density in them. Bins without a whole number join the next."""
    whole = np.all(values == np.round(values))
    if whole:
        edges = np.unique(np.round(edges + 0.5) - 0.5)
        edges = edges[edges > 0]
        edges = np.append(edges, values.max() + 0.5) if edges[-1] < values.max() else edges
    total, _ = np.histogram(values, edges, weights=counts)
    width = np.diff(edges)
    kept = total > 0
    middle = np.sqrt(edges[1:] * edges[:-1])
    return middle[kept], (total / width / total.sum())[kept]


def _draw_thresholds(axes: Axes, graphs: pd.DataFrame) -> None:
    """Mean degree against the iteration at every threshold, over its highest."""
    thresholds = [value for value in graphs["threshold"].unique() if value < 1.0]
    for threshold, shade in zip(
        thresholds, plt.get_cmap("viridis")(np.linspace(0.0, 0.9, len(thresholds))), strict=True
    ):
        found = _averaged(graphs[graphs["threshold"] == threshold], "mean_degree")
        highest = float(found["mean"].max())
        if highest > 0:
            axes.plot(found.index, found["mean"] / highest, color=shade, label=f"{threshold:g}")
    axes.axvline(PEAK, color=REFERENCE, ls="--", lw=0.8)
    axes.set(xscale="log", xlabel="iteration $t$", ylabel=r"$\langle k\rangle$ over highest", ylim=(0, 2.1))
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.legend(
        title="$C_{th}$", loc="upper left", ncols=3, columnspacing=0.8, title_fontsize=6.5, frameon=True,
        edgecolor="none",
    )  # fmt: skip
