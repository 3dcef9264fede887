"""Fig. 1a to 1c of qu2022: weights of trained networks, with Gaussian ones of the same sizes beside them."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from deepcrit.claims.published import Published
from deepcrit.core.figures.histograms import draw_beside_laws
from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, Drawn, label_panel, use_style

_LAWS = ("normal", "student_t", "generalised_normal", "lognormal", "stable")
_LAW_NAMES = ("normal", "Student t", "generalised normal", "lognormal |w|", "stable")
LARGEST_GAIN = 20.0  # above which the authors' code drops scales


def qu2022_fig1ac(
    histogram: pd.DataFrame,
    example: pd.DataFrame,
    tensors: pd.DataFrame,
    networks: pd.DataFrame,
    shares: pd.DataFrame,
    band: pd.DataFrame,
    published: Mapping[str, Published],
    heavy_below: float,
    band_gains: Mapping[str, float],
) -> Drawn:
    """Panels a to c as in the paper; below them scales in the plane, shares by network, and the best of five laws."""
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.9), layout="constrained")
    fitted = tensors[tensors["fitted"]]
    trained, null = fitted[fitted["draw"] == 0], fitted[fitted["draw"] > 0]
    draw_beside_laws(axes[0, 0], histogram, example["alpha"].iloc[0])
    _draw_alphas(axes[0, 1], trained, null, heavy_below)
    _draw_gains(axes[0, 2], trained)
    _draw_plane(axes[1, 0], trained, band, band_gains["stop"])
    _draw_shares(axes[1, 1], shares, published["qu2022.fig1b.frac_alpha"].value, heavy_below)
    _draw_laws(axes[1, 2], trained)
    for letter, panel in zip("abc", axes[0], strict=True):
        label_panel(panel, letter)
    return figure, {
        "example": example.iloc[0],
        "networks": networks,
        "trained": trained,
        "shares": shares[shares["judged"] & (shares["weighting"] == "networks")].set_index(["statistic", "method"]),
    }


def _weights(tensors: pd.DataFrame) -> np.ndarray:
    """Weight of each tensor, so that every network counts alike."""
    each = tensors.groupby("network")["network"].transform("size").to_numpy(float)
    return 1 / each / tensors["network"].nunique()


def _draw_alphas(axes: Axes, trained: pd.DataFrame, null: pd.DataFrame, heavy_below: float) -> None:
    edges = np.linspace(0.45, 2.0, 32).tolist()
    for rows, column, colour, fill, style, label in (
        (trained, "alpha", OURS, True, "-", "maximum likelihood"),
        (trained, "quantile_alpha", "k", False, "-", "quantiles"),
        (null, "alpha", PUBLISHED, False, "--", "Gaussian, max. likelihood"),
        (null, "quantile_alpha", PUBLISHED, False, ":", "Gaussian, quantiles"),
    ):
        axes.hist(
            rows[column].clip(edges[0], edges[-1]), edges, weights=_weights(rows), color=colour, ls=style, lw=1.0,
            histtype="stepfilled" if fill else "step", alpha=0.45 if fill else 1.0, label=label,
        )  # fmt: skip
    axes.axvline(heavy_below, color=REFERENCE, lw=0.7, ls=":")
    axes.set(xlabel=r"tail index $\alpha$", ylabel="share of tensors", ylim=(0, 0.5))
    axes.legend(loc="upper left", borderpad=0.1, handlelength=1.4)


def _draw_gains(axes: Axes, trained: pd.DataFrame) -> None:
    edges = np.geomspace(0.1, 1000, 41).tolist()
    for column, colour, fill, style, label in (
        ("gain", OURS, True, "-", "text, max. likelihood"),
        ("quantile_gain", "k", False, "-", "text, quantiles"),
        ("code_gain", "k", False, ":", "code's scale, quantiles"),
    ):
        axes.hist(
            trained[column].clip(edges[0], edges[-1]), edges, weights=_weights(trained), color=colour, ls=style, lw=1.0,
            histtype="stepfilled" if fill else "step", alpha=0.45 if fill else 1.0, label=label,
        )  # fmt: skip
    axes.axvline(LARGEST_GAIN, ymax=0.62, color=REFERENCE, lw=0.7, ls=":")
    axes.text(1.15 * LARGEST_GAIN, 0.62, "code drops", fontsize=5.5, color=REFERENCE, va="top",
              transform=axes.get_xaxis_transform())  # fmt: skip
    axes.set(xscale="log", xlabel=r"scale $D_w^{1/\alpha}$", ylabel="share of tensors")
    axes.set_ylim(top=1.35 * axes.get_ylim()[1])
    axes.legend(loc="upper right", borderpad=0.1, handlelength=1.4)


def _draw_plane(axes: Axes, trained: pd.DataFrame, band: pd.DataFrame, last_gain: float) -> None:
    """Every tensor, and the band of Fig. 2b."""
    axes.fill_between(band["alpha"], band["lower"], band["upper"].fillna(last_gain), color=PUBLISHED, alpha=0.2, lw=0,
                      label="extended critical regime")  # fmt: skip
    axes.plot(
        trained["alpha"], trained["gain"], "o", ms=2, mew=0, alpha=0.5, color=OURS, label="tensors, max. likelihood"
    )
    axes.set(
        yscale="log", ylim=(0.1, 1000), xlim=(0.5, 2.03), xlabel=r"tail index $\alpha$", ylabel=r"$D_w^{1/\alpha}$"
    )
    axes.legend(loc="upper right", borderpad=0.1)


def _draw_shares(axes: Axes, shares: pd.DataFrame, printed: float, heavy_below: float) -> None:
    """One row a network, and their mean with its interval."""
    heavy = shares[(shares["statistic"] == "heavy-tailed") & ((shares["weighting"] == "networks") | ~shares["judged"])]
    mean = heavy[heavy["judged"]]
    names = [*heavy.loc[~heavy["judged"], "population"].unique(), "judged"]
    places = {name: len(names) - 1 - place for place, name in enumerate(names)}
    for method, marker, colour, offset in (("maximum likelihood", "o", OURS, 0.15), ("quantiles", "s", "k", -0.15)):
        rows = heavy[heavy["method"] == method]
        at = rows["population"].map(places) + offset
        axes.plot(rows["share"], at, marker, ms=3, color=colour, mfc="none" if marker == "s" else colour, label=method)
        axes.plot(rows["null_share"], at, marker, ms=3, color=PUBLISHED, mfc="none" if marker == "s" else PUBLISHED,
                  label="Gaussian tensors" if marker == "o" else None)  # fmt: skip
        one = mean[mean["method"] == method].iloc[0]
        axes.plot([one["ci_low"], one["ci_high"]], [offset, offset], color=colour, lw=1.2)
    axes.axvline(printed, color=REFERENCE, lw=0.8, ls="--", label=f"paper: {100 * printed:.2f}%")
    labels = [name.replace("efficientnet", "effnet").removesuffix("_trunk") for name in names[:-1]]
    axes.set_yticks(list(places.values()), [*labels, "mean"], fontsize=5.5)
    axes.set(xlabel=rf"share with $\alpha$ < {heavy_below:g}", xlim=(-0.03, 1.04), ylim=(-0.7, len(names) - 0.4))
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.4, 0.98), ncols=2, borderpad=0.1, columnspacing=0.8, handlelength=1
    )


def _draw_laws(axes: Axes, trained: pd.DataFrame) -> None:
    """Law of the least AIC, tensors of each network stacked."""
    names = list(trained["network"].unique())
    counts = pd.crosstab(trained["network"], trained["best"]).reindex(names)
    part = counts.div(counts.sum(axis=1), axis=0).reindex(columns=_LAWS, fill_value=0.0)
    part.loc["mean"] = part.mean()
    colours = [*sns.color_palette("Greys", 5)[:4], OURS]
    left = np.zeros(len(part))
    places = np.arange(len(part))[::-1]
    for law, label, colour in zip(_LAWS, _LAW_NAMES, colours, strict=True):
        axes.barh(places, part[law], 0.75, left, color=colour, label=label, edgecolor="k", linewidth=0.3)
        left += part[law].to_numpy()
    axes.set_yticks(places, [name.replace("efficientnet", "effnet").removesuffix("_trunk") for name in part.index],
                    fontsize=5.5)  # fmt: skip
    axes.set(xlabel="share of tensors, by best law (AIC)", xlim=(0, 1))
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.4, 0.98), ncols=2, borderpad=0.1, columnspacing=0.8, handlelength=1
    )
