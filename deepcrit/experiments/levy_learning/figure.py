"""Training from stable weights against four predictors."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from deepcrit.core.figures.stable_plane import draw_stable_plane
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.levy_learning.schemas import TRAINING_PREDICTORS, WHOLE_GRID, WITHIN_ALPHAS

_SHOWN = {
    "line_closeness": r"ordered line, $-|\Delta g|$",
    "shifted_excess": r"$J_f - J_f$(line), $f = r - 2$",
    "multifractality": r"multifractality, $-D_2$",
    "later_closeness": r"later edge, $-|\Delta g|$",
}

_LOWEST = 0.84  # test accuracy that is shown


def qu2022_trainability(points: pd.DataFrame, correlations: pd.DataFrame, regions: pd.DataFrame) -> Drawn:
    """Accuracy over the plane with the lines, against each predictor, and all rank correlations."""
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.9), layout="constrained")
    image = draw_stable_plane(
        axes[0, 0], points, "test_accuracy", sns.color_palette("viridis", as_cmap=True), Normalize(0.85, 0.96)
    )
    figure.colorbar(image, ax=axes[0, 0], extend="both", label="test accuracy")
    lines = points.drop_duplicates("alpha").sort_values("alpha")
    axes[0, 0].plot(lines["alpha"], lines["line_gain"], color=PUBLISHED, label="ordered line")
    axes[0, 0].plot(lines["alpha"], lines["later_gain"], color="w", ls="--", label="later edge")
    axes[0, 0].legend(loc="upper left", facecolor="0.7", frameon=True, framealpha=0.8)
    alphas = sorted(points["alpha"].unique())
    colours = dict(zip(alphas, sns.color_palette("flare", len(alphas)), strict=True))
    for panel, (feature, label) in zip(axes.flat[1:5], _SHOWN.items(), strict=True):
        for (alpha, of), marker in zip(grouped(points, "alpha"), "osDv^P*X<>h"[: len(alphas)], strict=True):
            panel.plot(of[feature], of["test_accuracy"], marker, ms=3, color=colours[alpha], label=rf"{alpha:g}")
        panel.set(xlabel=label, ylabel="test accuracy", ylim=(_LOWEST, 0.98))
    axes[0, 1].legend(title=r"$\alpha$", loc="lower left", ncols=2, columnspacing=0.6, handletextpad=0.1)
    _draw_correlations(axes.flat[5], correlations)
    for letter, panel in zip("abcdef", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure, {"correlations": correlations, "regions": regions.set_index("region"), "networks": len(points),
                    "lowest": _LOWEST, "below": int((points["test_accuracy"] < _LOWEST).sum())}  # fmt: skip


def _draw_correlations(axes: Axes, correlations: pd.DataFrame) -> None:
    """One row a predictor: accuracy over the grid and at fixed alpha, and speed over the grid."""
    names = list(TRAINING_PREDICTORS.values())
    for of, over, shift, marker, colour, label in (
        ("test accuracy", WHOLE_GRID, -0.22, "o", OURS, "accuracy"),
        ("test accuracy", WITHIN_ALPHAS, 0.0, "s", PUBLISHED, r"accuracy, fixed $\alpha$"),
        ("training speed", WHOLE_GRID, 0.22, "^", REFERENCE, "speed"),
    ):
        rows = correlations[(correlations["of"] == of) & (correlations["over"] == over)]
        rows = rows[rows["against"].isin(names) & rows["correlation"].notna()]
        heights = np.array([names.index(name) for name in rows["against"]]) + shift
        ends = rows[["ci_low", "ci_high"]].sub(rows["correlation"], axis=0).abs().to_numpy().T
        axes.errorbar(rows["correlation"], heights, xerr=ends, fmt=marker, ms=3, lw=0.9, color=colour, label=label)
    axes.axvline(0.0, color=REFERENCE, lw=0.7, ls=":")
    short = ["near ordered\nline", r"$J_f$, $\ln r$", r"$J_f$, $r - 2$", r"$-D_2$", "near later\nedge"]
    axes.set_yticks(range(len(names)), short, fontsize=6)
    axes.set(xlabel="rank correlation", xlim=(-1, 1), ylim=(len(names) - 0.5, -0.6))
    axes.legend(loc="lower right", bbox_to_anchor=(1.05, 1.0), ncols=2, columnspacing=0.6, handletextpad=0.2)
