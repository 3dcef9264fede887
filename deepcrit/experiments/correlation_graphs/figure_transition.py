"""Is the early transition one of second order, and one of learning? Sizes, shuffled labels and the start."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from deepcrit.core.figures.style import (
    OURS,
    PUBLISHED,
    REFERENCE,
    Drawn,
    grouped,
    label_panel,
    width_colours,
)

_RANDOM_GRAPH = 1 / 3  # exponent of the peak in random graphs: components of M^(2/3) at their transition
_LABELS = {False: (OURS, "-", "labels of the images"), True: ("0.45", "--", "shuffled labels")}


def draw_transition(
    correlations: pd.DataFrame, graphs: pd.DataFrame, slopes: pd.DataFrame, runs: pd.DataFrame,
    threshold: float, transition: int,
) -> Drawn:  # fmt: skip
    """Susceptibility against the iteration and size, and four measures with labels that do and do not say anything."""
    figure, axes = plt.subplots(2, 4, figsize=(9.4, 4.8), layout="constrained")
    graph = graphs[(graphs["threshold"] == threshold) & ~graphs["signed"]]
    known = runs[["run", "sample", "hidden", "neurons", "shuffled"]]
    measured = known.merge(graph, on="run").merge(correlations, on=["run", "iteration"])
    sizes, shuffled = (measured[measured["sample"] == name] for name in ("sizes", "shuffled"))
    _draw_susceptibility(axes[0, 0], sizes, transition)
    _draw_peaks(axes[0, 1], sizes, shuffled, slopes)
    _draw_iterations(axes[0, 2], sizes, transition)
    _draw_exponents(axes[0, 3], slopes)
    both = sorted(set(shuffled["hidden"]) & set(sizes["hidden"])) or sorted(set(shuffled["hidden"]))
    hidden = int(both[-1])
    ours = measured[measured["sample"].isin(["sizes", "shuffled"]) & (measured["hidden"] == hidden)]
    for panel, (column, name) in zip(
        axes[1],
        {
            "norm": r"$\|C\|_F$",
            "mean_degree": r"mean degree $\langle k\rangle$",
            "curvature_entropy": "$H_{FR}$ (nat)",
            "information_gain": r"information gain $\Delta I$ (nat)",
        }.items(),
        strict=True,
    ):
        _draw_labels(panel, ours, column, transition)
        panel.set_ylabel(name)
    low, high = axes[1, 0].get_ylim()
    axes[1, 0].set_ylim(low, high + 0.35 * (high - low))
    axes[1, 0].legend(loc="upper left", frameon=True, framealpha=1.0, edgecolor="none")
    for letter, panel in zip("abcdefgh", axes.flat, strict=True):
        label_panel(panel, letter)
    found = slopes[(slopes["quantity"] == "susceptibility") & (slopes["sample"] == "sizes")].set_index("iteration")
    return figure, {"hidden": hidden, "exponents": found.to_dict("index")}


def _shown(iterations: pd.Series) -> np.ndarray:
    """Iteration 0 stands at 0.5 on logarithmic axes."""
    return np.maximum(iterations.to_numpy(float), 0.5)


def _draw_susceptibility(axes: Axes, sizes: pd.DataFrame, transition: int) -> None:
    colours = width_colours([int(size) for size in sizes["neurons"].unique()])
    for neurons, part in grouped(sizes, "neurons"):
        mean = part.groupby("iteration")["susceptibility"].mean()
        axes.plot(
            _shown(mean.index.to_series()), mean, color=colours[int(neurons)], marker=".", ms=3, label=str(neurons)
        )
    axes.axvline(transition, color=PUBLISHED, ls="--", lw=0.8)
    axes.set(xscale="log", xlabel="iteration $t$", ylabel=r"susceptibility $\chi$")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.4 * (high - low))
    axes.legend(title="$M$", title_fontsize=6.5, loc="upper left", ncols=3, columnspacing=0.8, handlelength=1.2)


def _of_networks(part: pd.DataFrame, column: str) -> pd.DataFrame:
    """Size, value at the start, peak and its iteration of every network."""
    ordered = part.sort_values(["run", "iteration"])
    peaks = ordered.loc[ordered.groupby("run", sort=False)[column].idxmax()].set_index("run")
    start = ordered.groupby("run")[column].first()
    return pd.DataFrame(
        {"neurons": peaks["neurons"], "start": start, "peak": peaks[column], "at": _shown(peaks["iteration"])}
    )


def _draw_peaks(axes: Axes, sizes: pd.DataFrame, shuffled: pd.DataFrame, slopes: pd.DataFrame) -> None:
    """Peak and start of every network, fitted powers through them, and that of random graphs."""
    trained, others = _of_networks(sizes, "susceptibility"), _of_networks(shuffled, "susceptibility")
    drawn: list[tuple[pd.DataFrame, str, str, str, dict[str, Any]]] = [
        (trained, "peak", "peak", "sizes", {"marker": "o", "color": OURS, "label": "peak"}),
        (trained, "start", "start", "sizes", {"marker": "s", "color": "0.55", "mfc": "none", "label": "at the start"}),
        (
            others,
            "peak",
            "peak",
            "shuffled",
            {"marker": "^", "color": PUBLISHED, "mfc": "none", "label": "peak, shuffled"},
        ),
    ]
    for found, column, iteration, sample, style in drawn:
        kept = found[found[column] > 0]
        fit = slopes[
            (slopes["sample"] == sample) & (slopes["iteration"] == iteration) & (slopes["quantity"] == "susceptibility")
        ]
        slope = float(fit["slope"].iloc[0]) if len(fit) else np.nan
        label = style["label"] + (f", $M^{{{slope:.2f}}}$" if np.isfinite(slope) else "")
        axes.plot(kept["neurons"], kept[column], ls="", ms=3.5, mew=0.8, **{**style, "label": label})
        if np.isfinite(slope) and len(kept):
            _draw_power(axes, kept["neurons"], kept[column], slope, style["color"], "-")
    _draw_power(axes, trained["neurons"], 0.3 * trained["peak"], _RANDOM_GRAPH, "k", ":", "random graphs, $M^{1/3}$")
    axes.set(xscale="log", yscale="log", xlabel="neurons $M$", ylabel=r"$\chi$")
    ticks = sorted(trained["neurons"].unique())
    axes.set_xticks(ticks, [str(size) for size in ticks])
    axes.minorticks_off()
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 0.7)
    axes.legend(loc="upper left")


def _draw_power(
    axes: Axes, x: pd.Series, y: pd.Series, exponent: float, colour: str, style: str, label: str | None = None
) -> None:
    """A power through the geometric mean of what is positive."""
    kept = y > 0
    if not kept.any():
        return
    height = np.exp(np.mean(np.log(y[kept]) - exponent * np.log(x[kept])))
    line = np.array([x.min(), x.max()], float)
    axes.plot(line, height * line**exponent, color=colour, ls=style, lw=0.9, label=label)


def _draw_iterations(axes: Axes, sizes: pd.DataFrame, transition: int) -> None:
    drawn: list[tuple[str, dict[str, Any]]] = [
        ("susceptibility", {"marker": "o", "color": OURS, "label": r"$\chi$"}),
        ("mean_degree", {"marker": "s", "color": "0.5", "mfc": "none", "label": r"$\langle k\rangle$"}),
        ("norm", {"marker": "^", "color": "k", "mfc": "none", "label": r"$\|C\|_F$"}),
    ]
    for column, style in drawn:
        found = _of_networks(sizes, column).groupby("neurons")["at"]
        mean = np.exp(found.apply(lambda at: np.log(at).mean()))
        ends = [mean - found.min(), found.max() - mean]
        axes.errorbar(mean.index, mean, np.maximum(ends, 0.0), ms=3.5, lw=0.8, capsize=2, **style)
    axes.axhline(transition, color=PUBLISHED, ls="--", lw=0.8)
    axes.set(xscale="log", yscale="log", xlabel="neurons $M$", ylabel="iteration of the peak")
    ticks = sorted(sizes["neurons"].unique())
    axes.set_xticks(ticks, [str(size) for size in ticks])
    axes.minorticks_off()
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 0.25)
    axes.legend(loc="upper left", ncols=3, columnspacing=0.8)


def _draw_exponents(axes: Axes, slopes: pd.DataFrame) -> None:
    """Exponents of M in the susceptibility, with intervals."""
    wanted = (
        ("sizes", "peak", "peak"),
        ("sizes", "start", "at the start"),
        ("sizes", "peak over start", "peak over start"),
        ("sizes", "transition", "transition"),
        ("sizes", "end", "end"),
        ("shuffled", "peak", "peak, shuffled"),
    )
    of = slopes[slopes["quantity"] == "susceptibility"].set_index(["sample", "iteration"]).to_dict("index")
    rows = [(name, of[sample, iteration]) for sample, iteration, name in wanted if (sample, iteration) in of]
    for place, (_, row) in enumerate(rows):
        axes.plot([row["ci_low"], row["ci_high"]], [place, place], color="0.5", lw=1.2)
        axes.plot(row["slope"], place, "o", color=OURS, ms=4)
    axes.axvline(0.0, color=REFERENCE, lw=0.6)
    axes.axvline(_RANDOM_GRAPH, color="k", ls=":", lw=0.9)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set(xlabel=r"exponent of $M$ in $\chi$", ylim=(len(rows) - 0.5, -0.5))


def _draw_labels(axes: Axes, networks: pd.DataFrame, column: str, transition: int) -> None:
    for shuffled, part in networks.groupby("shuffled"):
        colour, style, name = _LABELS[bool(shuffled)]
        found = part.groupby("iteration")[column].agg(["mean", "min", "max"])
        at = _shown(found.index.to_series())
        axes.plot(at, found["mean"], color=colour, ls=style, marker=".", ms=3, label=name)
        axes.fill_between(at, found["min"], found["max"], color=colour, alpha=0.2, lw=0)
    axes.axvline(transition, color=PUBLISHED, ls="--", lw=0.8)
    axes.set(xscale="log", xlabel="iteration $t$")
