"""Fig. 2 of liu2025: losses, their landscapes, and where networks converge."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.loss_landscapes.plane import PRINTED_BOUNDARY, phase_plane

_PRINTED_TURN = 4e4
_STYLES = ("-", "--", "-.", ":")


def liu2025_fig2(
    moments: pd.DataFrame, tails: pd.DataFrame, entropies: pd.DataFrame, maps: pd.DataFrame,
    boundary: pd.DataFrame, summary: pd.DataFrame, runs: pd.DataFrame,
    followed: str, plane: str, threshold: float, transition: int, converged: float,
) -> Drawn:  # fmt: skip
    """Fig. 2 of liu2025, in the order of its panels."""
    use_style()
    figure = plt.figure(figsize=(9.0, 9.6), layout="constrained")
    rows = figure.add_gridspec(2, 1, height_ratios=[1.0, 3.0])
    trained = runs[(runs["sample"] == followed) & ~runs["diverged"]]
    widest = trained[trained["hidden"] == trained["hidden"].max()]
    shown = str(widest["run"].iloc[0])
    _draw_maps(figure, rows[0], maps[maps["run"] == shown])
    grid = rows[1].subgridspec(3, 3)
    panels = [figure.add_subplot(grid[place // 3, place % 3]) for place in range(9)]
    ours = widest["run"]
    _draw_tails(panels[0], tails[tails["run"].isin(ours)])
    _draw_densities(panels[1], tails[tails["run"].isin(ours)])
    judged = entropies[entropies["run"].isin(ours) & (entropies["threshold"] == threshold)]
    _draw_entropy(panels[2], judged, moments[moments["run"].isin(ours)], threshold)
    _draw_moments(panels[3], moments[moments["run"].isin(ours)], transition)
    _draw_turns(panels[4], entropies[entropies["run"].isin(ours)], moments[moments["run"].isin(ours)])
    networks = phase_plane(runs, moments, entropies, {"plane": plane, "threshold": threshold})
    _draw_plane(figure, panels[5], networks, boundary)
    _draw_converged(panels[6], tails.merge(trained[["run", "neurons"]], on="run"))
    _draw_distance(panels[7], networks, converged)
    _draw_sizes(panels[8], networks, converged)
    for letter, panel in zip(["b", "c", "d", "e", "", "f", "g", "h", "i"], panels, strict=True):
        label_panel(panel, letter)
    values = summary.set_index(["quantity", "networks_of"])["value"]

    def told(quantity: str, group: str = followed) -> float:
        return float(values.get((quantity, group), np.nan))

    return figure, {"told": told, "hidden": int(widest["hidden"].iloc[0]), "fitted": boundary, "networks": len(widest)}


def _draw_maps(figure: Figure, cell: SubplotSpec, maps: pd.DataFrame) -> None:
    """Landscapes of a minibatch above those of all images, along both kinds of connections, by iteration."""
    iterations, kinds = sorted(maps["iteration"].unique()), ("critical", "other")
    grid = cell.subgridspec(2, max(1, 2 * len(iterations)))
    for row, landscape in enumerate(("batch", "mean")):
        for column, iteration in enumerate(iterations):
            for place, kind in enumerate(kinds):
                axes = figure.add_subplot(grid[row, 2 * column + place])
                of = maps[(maps["landscape"] == landscape) & (maps["iteration"] == iteration)]
                of = of[of["connections"] == kind]
                axes.set(xticks=[], yticks=[])
                if of.empty:
                    axes.text(0.5, 0.5, "none", ha="center", va="center", transform=axes.transAxes)
                    continue
                square = of.pivot_table(index="b", columns="a", values="loss").to_numpy()
                image = axes.imshow(square, cmap="cividis", origin="lower", interpolation="bilinear")
                bar = figure.colorbar(image, ax=axes, shrink=0.8, pad=0.02)
                bar.ax.tick_params(labelsize=5)
                if row == 0:
                    axes.set_title(f"$t = {iteration}$, {kind}", fontsize=6.5)
                if column == 0 and place == 0:
                    axes.set_ylabel("one batch" if row == 0 else "all images")
                    if row == 0:
                        label_panel(axes, "a")


def _draw_tails(axes: Axes, tails: pd.DataFrame) -> None:
    shown = [at for at in (0, 1, 10, 100, 1000, 10_000) if at in set(tails["iteration"])]
    shown = sorted({*shown, int(tails["iteration"].max())})
    for colour, iteration in zip(sns.color_palette("viridis", len(shown)), shown, strict=True):
        mean = tails[tails["iteration"] == iteration].groupby("threshold")["share"].mean()
        positive = mean[mean > 0]
        axes.plot(positive.index, positive, color=colour, label=f"{iteration}")
    axes.set(xscale="log", yscale="log", xlabel="threshold $b$ (nats)", ylabel=r"$P(L \geq b)$", ylim=(5e-5, 2))
    axes.legend(title="$t$", title_fontsize=7, loc="lower left", labelspacing=0.2)


def _density(tails: pd.DataFrame) -> pd.Series:
    """Density of losses between thresholds, from the shares beyond them, averaged over networks."""
    mean = tails.groupby("threshold")["share"].mean()
    b = mean.index.to_numpy(float)
    found = pd.Series(-np.diff(mean) / np.diff(b), index=np.sqrt(b[1:] * b[:-1]))
    return found[found > 0]


def _draw_densities(axes: Axes, tails: pd.DataFrame) -> None:
    iterations = sorted(tails["iteration"].unique())
    shown = sorted({*(at for at in (0, 10, 100, 1000, 10_000) if at in iterations), *iterations[-1:]})
    for colour, iteration in zip(sns.color_palette("viridis", len(shown)), shown, strict=True):
        found = _density(tails[tails["iteration"] == iteration])
        axes.plot(found.index, found, color=colour, label=f"{iteration}")
    axes.set(xscale="log", yscale="log", xlabel="loss of an image $L$ (nats)", ylabel="$p(L)$ (1/nat)")
    if shown:
        axes.legend(title="$t$", title_fontsize=7, loc="lower left", labelspacing=0.2)


def _draw_converged(axes: Axes, tails: pd.DataFrame) -> None:
    """At the end, by size of networks."""
    last = tails[tails["iteration"] == tails["iteration"].max()]
    for line, (neurons, of) in zip(_STYLES * 3, grouped(last.sort_values("neurons"), "neurons"), strict=False):
        found = _density(of)
        axes.plot(found.index, found, color=OURS, ls=line, label=f"{neurons}")
    axes.set(xscale="log", yscale="log", xlabel="loss of an image $L$ (nats), the end", ylabel="$p(L)$ (1/nat)")
    if len(last):
        axes.legend(title="$M$", title_fontsize=7, loc="lower left")


def _draw_sizes(axes: Axes, plane: pd.DataFrame, converged: float) -> None:
    """Criterion against size at each mobility, from where it falls most steeply."""
    known = plane[plane["criterion"].notna()].sort_values(["log_mobility", "log_size"])
    by = [(rate, of) for rate, of in grouped(known, "log_mobility") if len(of) > 1]
    for colour, (rate, of) in zip(sns.color_palette("viridis", len(by)), by, strict=True):
        x, y = of["log_size"].to_numpy(), of["criterion"].to_numpy()
        steps = np.diff(y) / np.diff(x)
        steepest = int(steps.argmin())
        axes.plot(x - x[steepest : steepest + 2].mean(), y, color=colour, marker="o", ms=2.5, label=f"{rate:.0f}")
    axes.axhline(converged, color=PUBLISHED, lw=0.8, ls="--")
    axes.set(xlabel=r"$\ln M$, from the steepest fall", ylabel=r"criterion $\ln(\bar L / \Delta S)$")
    low = min(converged, known["criterion"].min()) if len(known) else converged
    axes.set_ylim(low - 4.0, None)
    if by:
        axes.legend(title=r"$\ln(\nu/B)$", title_fontsize=7, loc="lower left", ncols=3, columnspacing=0.8)


def _draw_moments(axes: Axes, moments: pd.DataFrame, transition: int) -> None:
    by = moments.groupby("iteration")[["mean", "variance"]].mean()
    for column, (label, colour, line) in {
        "mean": (r"$\bar L$ (nats)", OURS, "-"),
        "variance": (r"Var $L$ (nats$^2$)", "0.35", "--"),
    }.items():
        axes.plot(np.maximum(by.index, 0.5), by[column], color=colour, ls=line, marker="o", ms=2.5, label=label)
    axes.axvline(transition, color=PUBLISHED, lw=0.8, ls=":", label="transition, as published")
    axes.set(xscale="log", yscale="log", xlabel="iteration $t$ (0 at 0.5)", ylabel="mean and variance of losses")
    axes.legend(loc="lower left")


def _draw_entropy(axes: Axes, judged: pd.DataFrame, moments: pd.DataFrame, threshold: float) -> None:
    entropy = judged.groupby("iteration")["entropy"].mean()
    mean = moments.groupby("iteration")["mean"].mean()
    axes.plot(np.maximum(entropy.index, 0.5), entropy, color=OURS, marker="o", ms=2.5, label=r"$\Delta S$ (nats)")
    axes.plot(np.maximum(mean.index, 0.5), mean, color="0.35", ls="--", label=r"$\bar L$ (nats)")
    axes.axhline(threshold, color=REFERENCE, lw=0.8, ls=":", label="$b$")
    axes.axvline(_PRINTED_TURN, color=PUBLISHED, lw=0.8, ls=":", label="turn, as published")
    axes.set(xscale="log", yscale="log", xlabel="iteration $t$ (0 at 0.5)", ylabel=r"entropy and mean loss")
    axes.legend(loc="lower left")


def _draw_turns(axes: Axes, entropies: pd.DataFrame, moments: pd.DataFrame) -> None:
    """Entropy for every b against the mean loss over b: it vanishes where they are equal, whatever b."""
    joined = entropies.merge(moments[["run", "iteration", "mean"]], on=["run", "iteration"])
    for line, (threshold, of) in zip(_STYLES * 3, grouped(joined, "threshold"), strict=False):
        known = of.dropna(subset=["entropy"]).groupby("iteration")[["mean", "entropy"]].mean()
        axes.plot(
            known["mean"] / threshold, known["entropy"], color=OURS, ls=line, marker="o", ms=2, label=f"{threshold:g}"
        )
    axes.axvline(1.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xscale="log", yscale="log", xlabel=r"mean loss over $b$", ylabel=r"$\Delta S$ (nats)")
    axes.invert_xaxis()
    axes.legend(title="$b$ (nats)", title_fontsize=7, loc="lower left")


def _draw_plane(figure: Figure, axes: Axes, plane: pd.DataFrame, boundary: pd.DataFrame) -> None:
    known = plane[plane["mean"].notna()]
    drawn = axes.scatter(
        known["log_mobility"], known["log_size"], c=np.log10(known["mean"]), marker="s", s=45, cmap="cividis"
    )
    figure.colorbar(drawn, ax=axes, label=r"$\log_{10} \bar L$")
    lost = plane[plane["mean"].isna()]
    axes.scatter(lost["log_mobility"], lost["log_size"], marker="x", s=20, color="k", label="diverged")
    x = np.linspace(plane["log_mobility"].min(), plane["log_mobility"].max(), 200)
    lines = {"as published": (PRINTED_BOUNDARY, PUBLISHED, "--")}
    for colour, (name, of) in zip((OURS, "k"), grouped(boundary, "converged"), strict=False):
        fitted = of.set_index("parameter")["value"]
        if fitted.notna().all():
            lines[f"fit, {name}"] = (tuple(fitted[["curvature", "center", "floor"]]), colour, "-")
    for label, ((curvature, center, floor), colour, line) in lines.items():
        axes.plot(x, curvature * (x - center) ** 2 + floor, color=colour, ls=line, label=label)
    low, high = plane["log_size"].min(), plane["log_size"].max()
    axes.set(xlabel=r"$\ln(\nu/B)$", ylabel=r"$\ln M$", ylim=(low - 0.3, high + 0.9))
    axes.legend(loc="upper center", ncols=2, fontsize=6, frameon=True, edgecolor="none")


def _draw_distance(axes: Axes, plane: pd.DataFrame, converged: float) -> None:
    known = plane[plane["criterion"].notna()]
    axes.scatter(known["distance"], known["criterion"], s=14, color=OURS)
    axes.axhline(converged, color=PUBLISHED, lw=0.8, ls="--", label="converged, as published")
    axes.axvline(0.0, color=REFERENCE, lw=0.8, ls=":", label="boundary, as published")
    axes.set(xlabel=r"distance $\ln M - \varphi(\ln \gamma)$", ylabel=r"criterion $\ln(\bar L / \Delta S)$")
    low = min(converged, known["criterion"].min()) if len(known) else converged
    axes.set_ylim(low - 3.0, None)
    axes.legend(loc="lower right")
