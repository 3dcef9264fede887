"""Fig. 2 and 3 of vock2025: pretrained classifiers by year and size, mixed models, and what new weights change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.claims.published import Published
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, grouped, label_panel, use_style
from deepcrit.experiments.zoo.measured_models import with_dynamics
from deepcrit.experiments.zoo.schemas import JUDGED
from deepcrit.pretrained.sources import RANDOM, TORCHVISION

_ACCURACY = "top-1 accuracy (%)"
_LABELS = {
    "accuracy": _ACCURACY,
    "year": "year of publication",
    "modules": "modules $m$",
    "parameters": "parameters $p$",
    "branching_distance": r"branching distance $\Sigma$",
    "lyapunov_exponent": r"Lyapunov exponent $\lambda_0$",
    "top_singular_value": r"largest singular value $\Lambda_0$",
}
_SHORT = {"parameters": "$p$", "modules": "$m$", "branching_distance": r"$\Sigma$", "lyapunov_exponent": r"$\lambda_0$"}
# what claims call the predictors
_IN_CLAIMS = {"parameters": "p", "modules": "m", "branching_distance": "Sigma", "lyapunov_exponent": "lambda0"}
# letter of the paper's panel, x and y; panels whose measures are not known are left out
_PANELS = (
    ("a", "year", "accuracy"),
    ("a", "year", "branching_distance"),
    ("a", "year", "lyapunov_exponent"),
    ("b", "branching_distance", "accuracy"),
    ("b", "lyapunov_exponent", "accuracy"),
    ("b", "top_singular_value", "accuracy"),
    ("c", "modules", "accuracy"),
    ("c", "parameters", "accuracy"),
)
_LOGARITHMIC = ("parameters", "top_singular_value")  # what spans decades
_ACROSS = 3
_PRINTED = {
    ("accuracy", "year"): "vock2025.fig2a.acc_year/correlation",
    ("branching_distance", "year"): "vock2025.fig2a.Sigma_year/correlation",
    ("lyapunov_exponent", "year"): "vock2025.fig2a.lambda_year/correlation",
}


def _draw_fig2(
    classifiers: pd.DataFrame,
    others: pd.DataFrame,
    correlations: pd.DataFrame,
    effects: pd.DataFrame,
    models: pd.DataFrame,
    published: Mapping[str, Published],
) -> Figure:
    """Accuracy against year, dynamics and structure, and the coefficients and R2 of mixed models.

    Args:
        classifiers: from :func:`deepcrit.experiments.zoo.measured_models.with_dynamics`.
        others: schema ``dynamics``, networks that are not of the 80; drawn where accuracy is held against dynamics.
        correlations: schema ``rank_correlations``; a panel is drawn for every one of Fig. 2 that it holds, and for
            those that show others.
        effects: schema ``mixed_effects``.
        models: schema ``mixed_models``.
        published: by claim.
    """
    use_style()
    found = correlations.set_index(["of", "against"])
    panels = [panel for panel in _PANELS if (panel[2], panel[1]) in found.index or (panel[0] == "b" and len(others))]
    rows = -(-len(panels) // _ACROSS)
    chosen = models[(models["reading"] == JUDGED) & (models["estimator"] == "REML")]
    chosen = chosen.sort_values(["models", "place"])
    # room for a line a coefficient
    lowest = max(2.6, 0.16 * sum(names.count("+") + 1 for names in chosen["predictors"]))
    figure = plt.figure(figsize=(7.2, 2.5 * rows + lowest + 0.9), layout="constrained")
    grid = figure.add_gridspec(rows + 1, _ACROSS, height_ratios=[2.5] * rows + [lowest])
    looks = _looks(classifiers["architecture"])
    lettered = set()
    for place, (letter, x, y) in enumerate(panels):
        axes = figure.add_subplot(grid[place // _ACROSS, place % _ACROSS])
        _scatter(axes, classifiers, x, y, looks)
        if letter == "b":
            # the same accuracies in every panel, however few of the 80 are in it
            axes.set_ylim(classifiers["accuracy"].min() - 5, classifiers["accuracy"].max() + 3)
            _draw_others(axes, others, x)
        if x == "year":
            _history(axes, classifiers, y)
        text = _correlation(found, x, y, published)
        axes.set_title(text, fontsize=6.5)
        if letter not in lettered:
            label_panel(axes, letter)
            lettered.add(letter)
    left, right = figure.add_subplot(grid[rows, :2]), figure.add_subplot(grid[rows, 2])
    _coefficients(left, effects, chosen["number"].tolist(), published)
    _explained(right, chosen, published)
    label_panel(left, "d")
    named = {
        name: handle
        for axes in figure.axes[: len(panels)]
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    handles, names = list(named.values()), list(named)
    figure.legend(handles, names, loc="outside lower center", ncols=6, fontsize=6, columnspacing=1.0, handletextpad=0.3)
    return figure


def _correlation(found: pd.DataFrame, x: str, y: str, published: Mapping[str, Published]) -> str:
    """Our correlation with its interval, and the printed one if there is one."""
    if (y, x) not in found.index:
        return "too few of the 80 measured"
    row = found.loc[[(y, x)]][["correlation", "ci_low", "ci_high", "p_value"]]
    value, low, high, p_value = row.to_numpy(float)[0]
    stars = "*" * sum(p_value < bound for bound in (0.001, 0.01, 0.05))
    text = rf"$r$ = {value:.2f}{stars} [{low:.2f}, {high:.2f}]"
    claim = _PRINTED.get((y, x))
    return f"{text}, paper {published[claim].value:.2f}" if claim else text


def _looks(architectures: pd.Series[str]) -> dict[str, tuple[Any, str]]:
    """Colour and marker of every architecture; markers tell neighbouring colours apart in grey."""
    names = sorted(architectures.unique())
    colours = sns.color_palette("husl", len(names))
    return dict(zip(names, zip(colours, cycle("osD^vPX<>")), strict=True))


def _scatter(axes: Axes, rows: pd.DataFrame, x: str, y: str, looks: Mapping[str, tuple[Any, str]]) -> None:
    for name, of in grouped(rows.sort_values("architecture"), "architecture"):
        colour, marker = looks[name]
        axes.plot(of[x], of[y], marker, color=colour, ms=3.6, mec="0.2", mew=0.3, label=name)
    axes.set(xlabel=_LABELS[x], ylabel=_LABELS[y])
    if x in _LOGARITHMIC:
        axes.set_xscale("log")
    if x != "year" and rows[x].notna().any():
        _line(axes, rows, x, y)


def _draw_others(axes: Axes, others: pd.DataFrame, x: str) -> None:
    """Trained networks by their accuracy, where it is known; all others at the edge, where no accuracy is."""
    trained = others[others["source"] != RANDOM]
    known, unknown = trained.dropna(subset=["accuracy"]), trained[trained["accuracy"].isna()]
    axes.plot(known[x], known["accuracy"], "*", color="w", mec="k", mew=0.8, ms=8, zorder=5,
              label="trained, not of the 80")  # fmt: skip
    at_edge = (("v", "random weights, no accuracy", others[others["source"] == RANDOM]),
               ("^", "trained, accuracy not known", unknown))  # fmt: skip
    for marker, name, of in at_edge:
        if len(of):
            axes.plot(of[x], np.full(len(of), 0.03), marker, transform=axes.get_xaxis_transform(), color="0.3",
                      mfc="none", ms=5, label=name)  # fmt: skip
    axes.margins(x=0.1)
    axes.autoscale_view(scaley=False)
    if x not in _LOGARITHMIC:
        axes.locator_params(axis="x", nbins=4)
    for row in known.to_dict("records"):
        at = (row[x], row["accuracy"])
        # into the panel, whichever half of it the point is in
        to_left = axes.transAxes.inverted().transform(axes.transData.transform(at))[0] > 0.5
        axes.annotate(row["model"], at, xytext=(-6 if to_left else 6, 0), textcoords="offset points", va="center",
                      ha="right" if to_left else "left", fontsize=5)  # fmt: skip


def _line(axes: Axes, rows: pd.DataFrame, x: str, y: str) -> None:
    """Least squares line, in log10 of what spans decades."""
    known = rows.dropna(subset=[x, y])
    logarithmic = x in _LOGARITHMIC
    values = np.log10(known[x]) if logarithmic else known[x]
    slope, intercept = np.polyfit(values, known[y], 1)
    ends = np.array([values.min(), values.max()])
    axes.plot(10**ends if logarithmic else ends, intercept + slope * ends, "k-", lw=0.9)


def _history(axes: Axes, rows: pd.DataFrame, y: str) -> None:
    """Annual mean, and the classifiers that were the most accurate so far."""
    mean = rows.groupby("year")[y].mean()
    axes.plot(mean.index, mean, "k-", lw=1.1, label="annual mean")
    best = rows.loc[rows.groupby("year")["accuracy"].idxmax()].sort_values("year")
    best = best[best["accuracy"] == best["accuracy"].cummax()]
    axes.plot(best["year"], best[y], "k--", lw=0.9, label="most accurate so far")
    axes.set_xticks(range(2012, 2023, 2))


def _coefficients(
    axes: Axes, effects: pd.DataFrame, numbers: Sequence[int], published: Mapping[str, Published]
) -> None:
    """Estimates with 95% intervals, the first of the models at the top, and the printed ones."""
    rows = effects[
        (effects["reading"] == JUDGED) & (effects["estimator"] == "REML") & (effects["effect"] != "intercept")
    ]
    rows = rows.assign(place=rows["number"].map({number: place for place, number in enumerate(numbers)}))
    rows = rows.sort_values(["place", "effect"]).reset_index(drop=True)
    ends = rows[["ci_low", "ci_high"]].sub(rows["estimate"], axis=0).abs().to_numpy().T
    axes.errorbar(rows["estimate"], rows.index - 0.12, xerr=ends, fmt="o", color=OURS, ms=4, lw=1.0, label="ours, 95%")
    printed = [
        published[f"vock2025.tableS5.lmm{number}_{_IN_CLAIMS[effect]}/estimate"]
        for number, effect in zip(rows["number"], rows["effect"], strict=True)
    ]
    # the tolerance of these claims is two printed standard errors
    axes.errorbar([of.value for of in printed], rows.index + 0.12, xerr=[of.spread for of in printed], fmt="s",
                  color=PUBLISHED, ms=3.5, lw=1.0, mfc="w", label="paper, 2 SE")  # fmt: skip
    names = [f"model {number}: {_SHORT[effect]}" for number, effect in zip(rows["number"], rows["effect"], strict=True)]
    axes.set_yticks(rows.index, names)
    axes.axvline(0.0, color=REFERENCE, lw=0.7, ls=":")
    axes.set(xlabel="change of accuracy with one SD of the predictor (% points)", ylim=(len(rows) - 0.5, -0.5))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _explained(axes: Axes, models: pd.DataFrame, published: Mapping[str, Published]) -> None:
    """Marginal and conditional R2 of the models in the same order, with the printed marginal ones."""
    places = np.arange(len(models))
    axes.plot(models["conditional_r2"], places, "D--", color=OURS, ms=4, mfc="w", label="conditional, ours")
    axes.plot(models["marginal_r2"], places, "o-", color=OURS, ms=4, label="marginal, ours")
    known = {
        place: published[f"vock2025.supp.r2m_LMM{number}"].value
        for place, number in enumerate(models["number"])
        if f"vock2025.supp.r2m_LMM{number}" in published
    }
    axes.plot(list(known.values()), list(known), "s", color=PUBLISHED, ms=6.5, mfc="none", label="marginal, paper")
    axes.set_yticks(places, [f"model {number}" for number in models["number"]])
    axes.set(xlabel="share of variance $R^2$", xlim=(0, 1), ylim=(len(models) - 0.5, -0.5))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=0.8, handletextpad=0.3)


def _draw_fig3(pairs: pd.DataFrame, changes: pd.DataFrame, published: Mapping[str, Published]) -> Figure:
    """Accuracy of old and new weights, the gains, and their change against that of dynamics where those are known.

    Args:
        pairs: schema ``weight_pairs``.
        changes: schema ``recipe_changes``.
        published: by claim.
    """
    use_style()
    judged = pairs[pairs["reading"] == pairs["reading"].iloc[0]]
    whole = set(changes.loc[changes["over"] == "every pair", "measure"])
    dynamics = [of for of in ("branching_distance", "top_singular_value") if of in whole]
    figure, axes = plt.subplots(1, 2 + len(dynamics), figsize=(7.2 + 2.6 * len(dynamics), 4.4), layout="constrained")
    _draw_pairs(axes[0], judged.sort_values("accuracy_change", ignore_index=True))
    _draw_gains(axes[1], judged, changes[changes["measure"] == "accuracy"].set_index("over"), published)
    looks = _looks(judged["architecture"])
    for letter, measure, panel in zip("ab", dynamics, axes[2:], strict=False):
        for name, of in grouped(judged, "architecture"):
            colour, marker = looks[name]
            panel.plot(of[f"{measure}_change"], of["accuracy_change"], marker, color=colour, ms=4, label=name)
        panel.axvline(0.0, color=REFERENCE, lw=0.7, ls=":")
        panel.set(xlabel=f"change of {_LABELS[measure]}", ylabel="gain of accuracy (% points)")
        label_panel(panel, letter)
    if dynamics:
        axes[-1].legend(loc="best", fontsize=6)
    return figure


def _draw_pairs(axes: Axes, pairs: pd.DataFrame) -> None:
    """One row an architecture, least gain at the bottom."""
    for listed, colour, name in ((True, OURS, "Table S3: two recipes"), (False, PUBLISHED, "not in Table S3")):
        of = pairs[pairs["in_table_s3"] == listed]
        axes.hlines(of.index, of["old_accuracy"], of["new_accuracy"], color=colour, lw=1.0)
        axes.plot(of["old_accuracy"], of.index, "o", color=colour, ms=3.5, mfc="w", label=f"{name}, old")
        axes.plot(of["new_accuracy"], of.index, "o" if listed else "D", color=colour, ms=3.5, label=f"{name}, new")
    axes.set_yticks(pairs.index, pairs["model"], fontsize=6)
    axes.set(xlabel=_ACCURACY, ylim=(-0.7, len(pairs) - 0.3))
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, columnspacing=0.8, handletextpad=0.2)


def _draw_gains(axes: Axes, pairs: pd.DataFrame, changes: pd.DataFrame, published: Mapping[str, Published]) -> None:
    """Every gain, with medians and quartiles of both choices of pairs and the printed median and range."""
    chosen = [("every pair", pairs), ("Table S3", pairs[pairs["in_table_s3"]])]
    for place, (over, of) in enumerate(chosen):
        gains = np.sort(of["accuracy_change"])
        # spread sideways by rank, so that no point hides another
        aside = 0.16 * np.sin(2.4 * np.arange(gains.size))
        axes.plot(place + aside, gains, "o", color=OURS, ms=3, alpha=0.7, label="pairs" if place == 0 else None)
        low, high = np.quantile(gains, [0.25, 0.75])
        median = changes["median"].to_dict()[over]
        axes.errorbar(place + 0.3, median, yerr=[[median - low], [high - median]], fmt="D", color="k", ms=4, lw=1.1,
                      capsize=2, label="median and quartiles" if place == 0 else None)  # fmt: skip
    median, spread = (published[f"vock2025.fig3.acc_{name}"].value for name in ("median", "iqr"))
    axes.axhline(median, color=PUBLISHED, lw=1.0, ls="--", label="median, paper")
    axes.axhspan(median - spread / 2, median + spread / 2, color=PUBLISHED, alpha=0.12, lw=0,
                 label="interquartile range, paper, centred")  # fmt: skip
    names = [f"{over}\n$n$ = {len(of)}\n$p$ = {changes['p_value'].to_dict()[over]:.2e}" for over, of in chosen]
    axes.set_xticks([0, 1], names)
    axes.set(ylabel="gain of accuracy (% points)", xlim=(-0.5, 1.6), ylim=(0, None))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=0.8, handletextpad=0.3)


def vock2025_fig2(
    models: pd.DataFrame,
    dynamics: pd.DataFrame,
    correlations: pd.DataFrame,
    landmarks: pd.DataFrame,
    effects: pd.DataFrame,
    fits: pd.DataFrame,
    published: Mapping[str, Published],
) -> Drawn:
    """Fig. 2 of vock2025."""
    others = dynamics[dynamics["source"] != TORCHVISION]
    judged = fits[(fits["reading"] == JUDGED) & (fits["estimator"] == "REML")].sort_values(["models", "place"])
    marks = landmarks.set_index("quantity")["value"].to_dict()
    shown = dynamics.groupby("images")["inputs"].max().to_dict()
    drawn = _draw_fig2(with_dynamics(models, dynamics), others, correlations, effects, fits, published)
    return drawn, {"fits": judged, "marks": marks, "others": others, "shown": shown}


def vock2025_fig3(
    pairs: pd.DataFrame, changes: pd.DataFrame, dynamics: pd.DataFrame, published: Mapping[str, Published]
) -> Drawn:
    """Fig. 3 of vock2025."""
    measured = changes[(changes["measure"] != "accuracy") & (changes["over"] == "every pair")]
    first = pairs[pairs["reading"] == pairs["reading"].iloc[0]]
    trained = dynamics[dynamics["source"] == TORCHVISION]
    return _draw_fig3(pairs, changes, published), {
        "accuracy": changes[changes["measure"] == "accuracy"].set_index("over"),
        "measured": measured.set_index("measure"),
        "images": " and ".join(sorted(set(trained["images"]))),
        "sets": len(trained),
        "known": int(first["branching_distance_change"].notna().sum()),
    }
