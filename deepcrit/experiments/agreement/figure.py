"""Do the four criticalities agree? Each measure across the edge of chaos, and rank correlations."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.agreement.schemas import AT_DISTANCE, CRITICALITIES, EVERYWHERE, IN_CELLS

_LABELS = {
    "widom_closeness": "ghavasieh2025\n" r"$-|\ln$ factor to Widom-like line$|$",
    "lyapunov_closeness": "vock2025\n" r"$-|\lambda_0|$ (nat/layer)",
    "jacobian_excess": "qu2022\n" r"$J_f$ less that on ordered line",
    "multifractality": "qu2022\n" r"multifractality, $-D_2$",
    "percolation": "liu2025\n" r"percolation susceptibility",
    "test_accuracy": "trained\ntest accuracy",
}
_SHORT = {
    "widom_closeness": "Widom-like line",
    "lyapunov_closeness": "Lyapunov",
    "jacobian_excess": "$J_f$",
    "multifractality": "$-D_2$",
    "percolation": "percolation",
}
_OVERS = (
    (EVERYWHERE, -0.24, "o", OURS, "all networks"),
    (AT_DISTANCE, 0.0, "s", PUBLISHED, "at fixed distance from the edge of chaos"),
    (IN_CELLS, 0.24, "^", "0.45", "within cells"),
)


def qu2022_agreement(
    networks: pd.DataFrame, correlations: pd.DataFrame, findings: pd.DataFrame, agreeing: float
) -> Drawn:
    """Measures and test accuracy against the growth of small differences, and all rank correlations.

    Args:
        networks: schema ``agreement_networks``.
        correlations: schema ``agreement_correlations``.
        findings: schema ``agreement_findings``.
        agreeing: rank correlation that was declared for agreement.
    """
    use_style()
    figure = plt.figure(figsize=(7.4, 9.2), layout="constrained")
    rows: Any = figure.subfigures(2, 1, height_ratios=[1.0, 1.3])
    upper, lower = rows
    panels = list(upper.subplots(2, 3).flat)
    between, trained = lower.subplots(1, 2)
    kinds = grouped(networks, "alpha", "bias")
    colours = sns.color_palette("flare", networks["alpha"].nunique())
    for panel, (column, label) in zip(panels, _LABELS.items(), strict=True):
        for place, ((alpha, bias), of) in enumerate(kinds):
            colour = colours[place] if place < len(colours) else "k"
            name = rf"$\alpha = {alpha:g}$" + (", bias" if bias else "")
            panel.plot(of["growth"], of[column], "osDv^Px*"[place % 8], ms=2.4, mew=0.5, color=colour, alpha=0.8,
                       label=name)  # fmt: skip
        panel.axvline(0.0, color=REFERENCE, lw=0.7, ls=":")
        panel.set_title(label, fontsize=7.5)
    for panel in panels[3:]:
        panel.set_xlabel("growth of differences (nat/layer)")
    if networks["percolation"].min() > 0:
        panels[4].set_yscale("log")
    panels[2].legend(loc="upper left", handletextpad=0.0, fontsize=6)
    again = {(key, key): f"{name}, again" for key, name in _SHORT.items()}
    pairs = {pair: " / ".join(_SHORT[one] for one in pair) for pair in combinations(CRITICALITIES, 2)}
    _draw_forest(between, correlations, again | pairs, agreeing)
    rows = {(of, key): f"{name}, {_SHORT[key]}" for of, name in (("test_accuracy", "accuracy"), ("speed", "speed"))
            for key in CRITICALITIES}  # fmt: skip
    _draw_forest(trained, correlations, rows, agreeing)
    handles, names = between.get_legend_handles_labels()
    lower.legend(handles, names, loc="outside lower center", ncols=5, columnspacing=1.0, handletextpad=0.3)
    for letter, panel in zip("abcdefgh", [*panels, between, trained], strict=True):
        label_panel(panel, letter)
    return figure, {
        "networks": len(networks),
        "cells": networks["cell"].nunique(),
        "lost": int(networks["diverged"].sum()),
        "findings": findings["finding"].tolist(),
    }


def _draw_forest(axes: Axes, correlations: pd.DataFrame, rows: dict[Any, str], agreeing: float) -> None:
    """One row a pair: correlations with their intervals, and behind each what exchanged networks have."""
    height = {pair: place for place, pair in enumerate(rows)}
    for over, shift, marker, colour, label in _OVERS:
        of = correlations[(correlations["over"] == over) & correlations["correlation"].notna()]
        of = of[[pair in height for pair in zip(of["of"], of["against"], strict=True)]]
        at = np.array([height[pair] for pair in zip(of["of"], of["against"], strict=True)]) + shift
        null = axes.hlines(at, of["null_low"], of["null_high"], color="0.85", lw=4.5, zorder=0)
        if over == EVERYWHERE:
            null.set_label("exchanged networks")
        axes.hlines(at, of["ci_low"], of["ci_high"], color=colour, lw=0.9)
        axes.plot(of["correlation"], at, marker, ms=3.2, color=colour, label=label)
    axes.axvline(0.0, color=REFERENCE, lw=0.7, ls=":")
    axes.axvline(agreeing, color="k", lw=0.7, ls="--", label=f"agreement, {agreeing:g}")
    for place in range(1, len(rows)):
        axes.axhline(place - 0.5, color="0.93", lw=0.5, zorder=-1)
    axes.set_yticks(range(len(rows)), list(rows.values()), fontsize=6.5)
    axes.set(xlabel="rank correlation", xlim=(-1, 1.04), ylim=(len(rows) - 0.45, -0.55))
