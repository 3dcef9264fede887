"""Fig. 4 of liu2025: tails of what training leaves, and of a model of redistribution."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.weight_statistics.schemas import LEAST_DISTANCE

_STYLES = ("-", "--", ":", "-.")
_PRINTED = 0.6
_SMALLEST = 1e-2  # strengths, below which the density is flat


def liu2025_fig4(
    curves: pd.DataFrame, statistics: pd.DataFrame, summary: pd.DataFrame, redistributed: pd.DataFrame,
    fits: pd.DataFrame, relation: pd.DataFrame, runs: pd.DataFrame,
    followed: str, plane: str, transition: int, low_loss: float, redistribution: dict[str, Any],
) -> Drawn:  # fmt: skip
    """Fig. 4 of liu2025, in the order of its panels."""
    use_style()
    figure, grid = plt.subplots(3, 4, figsize=(10.6, 7.4), layout="constrained")
    panels = grid.ravel()[:-1]
    grid[2, 3].set_axis_off()
    trained = runs[(runs["sample"] == followed) & ~runs["diverged"]]
    widest = trained[trained["hidden"] == trained["hidden"].max()]
    end = int(widest["iterations"].max())
    ours = curves[curves["run"].isin(widest["run"])]
    _draw_tails(panels[0], ours, [("correlations", 0, "$t=0$"), ("correlations", transition, f"$t={transition}$"),
                                  ("correlations", end, "end")], "$|C_{ij}|$")  # fmt: skip
    _draw_tails(panels[1], ours, [("positive weights", end, "$w>0$, end"), ("negative weights", end, "$w<0$, end"),
                                  ("positive weights", 0, "$w>0$, initial")], "$|w|$")  # fmt: skip
    at_end = runs[(runs["sample"] == plane) & ~runs["diverged"]].merge(statistics, on="run")
    for panel, name in zip(panels[2:4], ("correlations", "weights"), strict=True):
        _draw_kurtosis(panel, at_end[at_end["quantity"] == f"kurtosis of {name}"], name, low_loss)
    _draw_tails(panels[4], ours, [("variance", end, "Var$(w)$"), ("displacement", end, "$|w_T-w_0|$")], "size")
    _draw_tails(panels[5], ours, [("gradient noise", end, "noise"), ("gradient products", end, "$gg^T$"),
                                  ("Hessian", end, "Hessian")], "size of an element")  # fmt: skip
    _draw_tails(panels[6], ours, [("irreversibility", end, "$R$")], "$R$")
    critical = redistribution["critical"]
    _draw_model(panels[7], redistributed[redistributed["probability"] == critical], fits, critical)
    _draw_relation(panels[8], fits, redistribution["least"])
    _draw_losses(panels[9], ours)
    _draw_contrasts(panels[10], summary)
    for letter, panel in zip(["a", "b", "c", "d", "e", "f-h", "i", "j", "k", "l", ""], panels, strict=True):
        label_panel(panel, letter)
    values = summary.set_index("quantity")

    def told(quantity: str, column: str = "value") -> float:
        return float(values[column].get(quantity, np.nan))

    return figure, {"told": told, "hidden": int(widest["hidden"].iloc[0]), "networks": len(widest),
                    "relation": relation.set_index(["xmin_rule", "parameter"])["value"]}  # fmt: skip


def _draw_tails(axes: Axes, curves: pd.DataFrame, named: list[tuple[str, int, str]], label: str) -> None:
    """Densities, averaged over networks in each bin."""
    for place, (quantity, iteration, name) in enumerate(named):
        part = curves[(curves["quantity"] == quantity) & (curves["iteration"] == iteration)]
        if part.empty:
            continue
        mean = part.groupby("x")["y"].sum() / part["run"].nunique()
        axes.plot(mean.index, mean, _STYLES[place % 4], color=plt.get_cmap("cividis")(place / 3.0), label=name)
    axes.set(xscale="log", yscale="log", xlabel=label, ylabel="density")
    if axes.lines:
        axes.legend()


def _draw_kurtosis(axes: Axes, networks: pd.DataFrame, name: str, low_loss: float) -> None:
    """Of every network of the plane at the end of training, against its loss."""
    known = networks[networks["value"].notna()]
    if len(known):
        shown = axes.scatter(known["train_loss"], known["value"], c=np.log(known["neurons"]), s=12, cmap="cividis")
        bar = axes.figure.colorbar(shown, ax=axes, shrink=0.8, pad=0.02)
        bar.set_label(r"$\ln M$", fontsize=7)
        bar.ax.tick_params(labelsize=6)
    axes.axvline(low_loss, color=PUBLISHED, lw=0.8, ls="--")
    axes.set(xscale="log", xlabel=r"$\bar L$ at the end (nat)", ylabel=f"excess kurtosis of {name}")
    axes.set_yscale("symlog", linthresh=1.0)


def _draw_model(axes: Axes, density: pd.DataFrame, fits: pd.DataFrame, critical: float) -> None:
    shown = density[density["x"] > _SMALLEST]
    axes.plot(shown["x"], shown["density"], "o", ms=3, color=OURS, label=f"$P_C={critical:g}$")
    x = np.geomspace(_SMALLEST, density["x"].max(), 100)
    law = (1 - critical) ** -1.0 * (1 + critical * x / (1 - critical)) ** (-1 / critical - 1)
    axes.plot(x, law, "-", color=REFERENCE, label="Lomax law")
    fitted = fits[(fits["probability"] == critical) & (fits["xmin_rule"] == LEAST_DISTANCE)]
    for xmin, exponent in zip(fitted["xmin"].astype(float), fitted["exponent"].astype(float), strict=True):
        beyond = x[x >= xmin]
        height = (1 + critical * xmin / (1 - critical)) ** (-1 / critical - 1) / (1 - critical)
        axes.plot(beyond, height * (beyond / xmin) ** -exponent, "--", color=PUBLISHED,
                  label=rf"fit, $\alpha={exponent:.2f}$")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="strength over mean", ylabel="density")
    axes.legend()


def _draw_relation(axes: Axes, fits: pd.DataFrame, least: float) -> None:
    """Exponents above every xmin, with the printed line and the limit of many connections and large strengths."""
    for place, (rule, part) in enumerate(grouped(fits, "xmin_rule")):
        axes.plot(1 / part["probability"], part["exponent"], "os^v"[place % 4] + _STYLES[place % 4], ms=3,
                  color=plt.get_cmap("cividis")(place / 3.5), label=str(rule))  # fmt: skip
    x = np.array([1.0, 1 / fits["probability"].min()])
    axes.plot(x, 1 + _PRINTED * x, "-", color=PUBLISHED, label=r"printed, $1+0.6/P_C$")
    axes.plot(x, 1 + x, "-", color=REFERENCE, lw=0.8, label="$1+1/P_C$")
    axes.axvline(1 / least, color="0.7", lw=0.8)
    axes.set(xlabel="$1/P_C$", ylabel=r"$\alpha$")
    axes.legend(fontsize=5)


def _draw_losses(axes: Axes, curves: pd.DataFrame) -> None:
    for place, (name, label) in enumerate(
        (("losses", "all connections"), ("losses without redundant connections", "without redundant"),
         ("losses without as many others", "without as many others"))
    ):  # fmt: skip
        mean = curves[curves["quantity"] == name].groupby("x")["y"].mean()
        mean = mean[mean > 0]
        axes.plot(mean.index, mean, _STYLES[place], color=plt.get_cmap("cividis")(place / 3.0), label=label)
    axes.set(xscale="log", yscale="log", xlabel="$b$ (nat)", ylabel=r"$P(L\geq b)$")
    axes.legend()


def _draw_contrasts(axes: Axes, summary: pd.DataFrame) -> None:
    """Critical against other, and redundant against critical connections: by how much they tend to be larger."""
    names = ("variance", "final size", "displacement", "irreversibility", "irreversibility of standardised weights",
             "autocorrelation")  # fmt: skip
    found = summary.set_index("quantity")
    for place, kind in enumerate(("critical over others", "redundant over critical")):
        rows = found.reindex([f"{kind}: {name}, the end" for name in names])
        at = np.arange(len(names)) + 0.2 * place
        ends = np.abs(rows[["ci_low", "ci_high"]].to_numpy(float).T - rows["value"].to_numpy(float))
        axes.errorbar(rows["value"], at, xerr=ends, fmt="os"[place], ms=3, capsize=2,
                      color=(OURS, PUBLISHED)[place], label=kind)  # fmt: skip
    axes.axvline(0.0, color=REFERENCE, lw=0.8)
    labels = ["variance", "$|w_T|$", "$|w_T-w_0|$", "$R$", "$R$, standardised", "autocorr."]
    axes.set(yticks=np.arange(len(names)), yticklabels=labels, xlim=(-0.5, 0.5), ylim=(-2.0, len(names) - 0.3),
             xlabel="P(larger) less a half")  # fmt: skip
    axes.legend(loc="lower right")
