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
    figure = plt.figure(figsize=(9.0, 7.4), layout="constrained")
    rows = figure.add_gridspec(2, 1, height_ratios=[1.0, 2.0])
    trained = runs[(runs["sample"] == followed) & ~runs["diverged"]]
    widest = trained[trained["hidden"] == trained["hidden"].max()]
    shown = str(widest["run"].iloc[0])
    _draw_maps(figure, rows[0], maps[maps["run"] == shown])
    grid = rows[1].subgridspec(2, 3)
    panels = [figure.add_subplot(grid[place // 3, place % 3]) for place in range(6)]
    ours = widest["run"]
    _draw_tails(panels[0], tails[tails["run"].isin(ours)])
    _draw_moments(panels[1], moments[moments["run"].isin(ours)], transition)
    judged = entropies[entropies["run"].isin(ours) & (entropies["threshold"] == threshold)]
    _draw_entropy(panels[2], judged, moments[moments["run"].isin(ours)], threshold)
    _draw_turns(panels[3], entropies[entropies["run"].isin(ours)], moments[moments["run"].isin(ours)])
    networks = phase_plane(runs, moments, entropies, {"plane": plane, "threshold": threshold})
    _draw_plane(figure, panels[4], networks, boundary)
    _draw_distance(panels[5], networks, converged)
    for letter, panel in zip(["b", "e", "d", "", "f", "h"], panels, strict=True):
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
    axes.legend(loc="upper center", ncols=2, fontsize=6)


def _draw_distance(axes: Axes, plane: pd.DataFrame, converged: float) -> None:
    known = plane[plane["criterion"].notna()]
    axes.scatter(known["distance"], known["criterion"], s=14, color=OURS)
    axes.axhline(converged, color=PUBLISHED, lw=0.8, ls="--", label="converged, as published")
    axes.axvline(0.0, color=REFERENCE, lw=0.8, ls=":", label="boundary, as published")
    axes.set(xlabel=r"distance $\ln M - \varphi(\ln \gamma)$", ylabel=r"criterion $\ln(\bar L / \Delta S)$")
    low = min(converged, known["criterion"].min()) if len(known) else converged
    axes.set_ylim(low - 3.0, None)
    axes.legend(loc="lower right")
