"""Learning against dynamics: accuracies over the plane, held against susceptibility and the edge of chaos."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.core.figures.bias_colours import bias_colours, bias_scale
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.learning.schemas import PREDICTORS, WHOLE, WITHIN

_SHOWN = {
    "started_susceptibility": r"avalanche susceptibility $\mathrm{d}\bar{S}/\mathrm{d}\sigma_w^2$",
    "field_susceptibility": r"mean-field susceptibility $\chi_w$",
    "edge_closeness": r"distance from the edge of chaos, $-|\Delta\sigma_w^2|$",
    "relation_closeness": r"mismatch of the exponent relation, $-|\Delta|$",
}


def _draw_learning(points: pd.DataFrame, edge: pd.DataFrame, correlations: pd.DataFrame) -> Figure:
    """Accuracy against four predictors and along the edge of chaos, and all rank correlations.

    Args:
        points: schema ``learning_points``.
        edge: schema ``edge_accuracy``.
        correlations: schema ``rank_correlations``.
    """
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.9), layout="constrained")
    log10 = np.sort(points.loc[points["bias_variance"] > 0, "log10_bias_variance"].unique())
    colours = {-np.inf: "k", **bias_colours(log10)}
    for panel, (feature, label) in zip(axes.flat[:4], _SHOWN.items(), strict=True):
        for log_value, line in grouped(points[np.isfinite(points[feature])], "log10_bias_variance"):
            panel.plot(line[feature], line["train_accuracy"], "o", ms=2.4, color=colours[log_value], alpha=0.8)
        panel.set(xlabel=label, ylabel="training accuracy", ylim=(0, 1))
    _draw_edge(axes.flat[4], edge)
    _draw_correlations(axes.flat[5], correlations)
    bar = figure.colorbar(bias_scale(log10), ax=axes[0, :], pad=0.01, aspect=25, ticks=log10)
    bar.set_label(r"$\log_{10}\sigma_b^2$ (black: none)")
    bar.ax.minorticks_off()
    for letter, panel in zip("abcdef", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_edge(axes: Axes, edge: pd.DataFrame) -> None:
    """Along the edge of chaos and at the best weight variance, against the bias variance."""
    biased = edge[edge["bias_variance"] > 0]
    axes.plot(biased["log10_bias_variance"], biased["best_accuracy"], "s-", ms=3, color=OURS, label="best")
    axes.plot(biased["log10_bias_variance"], biased["train_accuracy"], "o--", ms=3, color=PUBLISHED,
              label="on the edge of chaos")  # fmt: skip
    axes.set(xlabel=r"bias variance $\log_{10}\sigma_b^2$", ylabel="training accuracy", ylim=(0, 1))
    axes.legend(loc="lower left")


def _draw_correlations(axes: Axes, correlations: pd.DataFrame) -> None:
    """One row a predictor: over the plane, and at fixed bias variance."""
    names = list(PREDICTORS.values())
    for over, shift, marker, colour in ((WHOLE, -0.15, "o", OURS), (WITHIN, 0.15, "s", PUBLISHED)):
        rows = correlations[
            (correlations["over"] == over)
            & correlations["against"].isin(names)
            & (correlations["of"] == "training accuracy")
        ]
        rows = rows[rows["correlation"].notna()]
        heights = [names.index(name) + shift for name in rows["against"]]
        ends = rows[["ci_low", "ci_high"]].sub(rows["correlation"], axis=0).abs().to_numpy().T
        label = "plane" if over == WHOLE else "fixed bias"
        axes.errorbar(rows["correlation"], heights, xerr=ends, fmt=marker, ms=3, lw=0.9, color=colour, label=label)
    axes.axvline(0.0, color=REFERENCE, lw=0.7, ls=":")
    axes.set_yticks(range(len(names)), [_short(name) for name in names], fontsize=6)
    axes.set(xlabel="rank correlation with accuracy", xlim=(-1, 1), ylim=(len(names) - 0.5, -0.9))
    axes.legend(loc="upper left", ncols=2, columnspacing=0.8, handletextpad=0.2)


def _short(name: str) -> str:
    short = name.replace("susceptibility", "$\\chi$").replace("closeness to the ", "near ")
    return short.replace(", censored", ",\ncensored").replace("near exponent", "near exponent\n")


def ghavasieh2025_learning(points: pd.DataFrame, edge: pd.DataFrame, correlations: pd.DataFrame) -> Drawn:
    """Training accuracy against susceptibility and the edge of chaos."""
    known = int(points["relation_closeness"].notna().sum())
    return _draw_learning(points, edge, correlations), {
        "correlations": correlations,
        "points": len(points),
        "known": known,
    }
