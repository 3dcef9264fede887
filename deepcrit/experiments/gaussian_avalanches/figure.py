"""Fig. 2 of ghavasieh2025: crackling noise in Gaussian networks, panel by panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.avalanches.schemas import TRANSFER
from deepcrit.claims.published import Published
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
from deepcrit.core.tables import read_parquet
from deepcrit.experiments.gaussian_avalanches.figure_fits import draw_fits

_PAPER = "ghavasieh2025"
_JUDGED = "radial"
_DRAWN_POINTS = 60
_MARKERS = {"radial": "-", "annealed": "o", "network": "s"}
# of widths, so that neighbours differ without colour
_DASHES = ("-", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1.5, 0.8)))
_POINTS = ("o", "s", "^", "D", "v", "P", "X")
# of a driftless random walk of ln q, at durations far below the width
_RANDOM_WALK = {"duration": 3 / 2, "size": 4 / 3, "gamma": 3 / 2}


def _draw_fig2(
    tables: Mapping[str, pd.DataFrame], laws: Mapping[int, pd.DataFrame], published: Mapping[str, Published]
) -> Figure:
    """All six panels.

    Args:
        tables: gathered tables by schema name.
        laws: the exact law at each width, schema ``transfer``.
        published: published values by claim.
    """
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.9), layout="constrained")
    colours = width_colours(sorted(laws))
    _draw_density(axes[0, 0], tables, laws, colours, "size")
    _draw_density(axes[0, 1], tables, laws, colours, "duration")
    _draw_size_duration(axes[0, 2], tables, laws, colours, published)
    _draw_extrapolation(axes[1, 0], tables, published, "size")
    _draw_extrapolation(axes[1, 1], tables, published, "duration")
    _draw_collapse(axes[1, 2], tables, published)
    for letter, panel in zip("abcdef", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure


def _thinned(frame: pd.DataFrame, column: str, points: int = _DRAWN_POINTS) -> pd.DataFrame:
    """Rows nearest to a logarithmic grid of one column, which are enough to draw a line."""
    values = frame[column].to_numpy()
    wanted = np.geomspace(values.min(), values.max(), points)
    return frame.iloc[np.unique(np.searchsorted(values, wanted).clip(0, len(values) - 1))]


def _slope_guide(axes: Axes, start: tuple[float, float], length: float, slope: float, label: str) -> None:
    """A dashed line of that slope on logarithmic axes, over ``length`` decades."""
    x = start[0] * 10.0 ** np.array([0.0, length])
    y = start[1] * (x / x[0]) ** slope
    axes.plot(x, y, ls="--", lw=0.9, color=REFERENCE)
    axes.text(x[1], y[1], f" {label}", color=REFERENCE, fontsize=6.5, va="center")


def _draw_density(
    axes: Axes,
    tables: Mapping[str, pd.DataFrame],
    laws: Mapping[int, pd.DataFrame],
    colours: Mapping[int, object],
    observable: str,
) -> None:
    densities = tables["densities"].query("observable == @observable and sample in @_MARKERS")
    for (sample, width), curve in grouped(densities, "sample", "width"):
        if sample == _JUDGED:
            shown = _thinned(curve, "centre")
            dashes = _DASHES[list(colours).index(width) % len(_DASHES)]
            axes.plot(shown["centre"], shown["density"], color=colours[width], ls=dashes, label=f"N = {width}")
        elif width == max(densities.loc[densities["sample"] == sample, "width"]):
            shown = _thinned(curve, "centre", 14)
            axes.plot(
                shown["centre"], shown["density"], _MARKERS[sample], color=colours[width], ms=3, mfc="none", mew=0.7,
                label=f"{sample}, N = {width}",
            )  # fmt: skip
    if observable == "duration":
        for number, law in enumerate(laws.values()):
            law = law.iloc[1:-1]
            exact = law["probability"] / law["probability"].sum()
            axes.plot(
                law["duration"], exact, color="k", lw=0.5, ls=":", label="exact law" if number == 0 else None, zorder=5
            )
        _slope_guide(axes, (6, 0.12), 1.6, -_RANDOM_WALK["duration"], r"$-3/2$")
        axes.set(xlabel="duration $D$ (layers)", ylabel="$P(D)$", ylim=(1e-8, 1))
    else:
        _slope_guide(axes, (2, 0.4), 2.0, -_RANDOM_WALK["size"], r"$-4/3$")
        axes.set(xlabel=r"size $S\,\sqrt{N}$", ylabel=r"$P(S\,\sqrt{N})$", xlim=(1e-3, None))
    axes.set(xscale="log", yscale="log")
    axes.legend(loc="lower left", handlelength=1.4, labelspacing=0.25)


def _draw_size_duration(
    axes: Axes,
    tables: Mapping[str, pd.DataFrame],
    laws: Mapping[int, pd.DataFrame],
    colours: Mapping[int, object],
    published: Mapping[str, Published],
) -> None:
    sizes = tables["size_duration"].query("sample == @_JUDGED")
    gammas = tables["gammas"].query("sample == @_JUDGED and declared").set_index("width")
    for width, curve in grouped(sizes, "width"):
        shown = _thinned(curve[curve["count"] >= 20], "duration", 30)
        place = list(colours).index(width)
        marker = _POINTS[place % len(_POINTS)]
        # every other width is open, which tells neighbours apart where they overlap
        face = colours[width] if place % 2 else "w"
        look: dict[str, Any] = {"ms": 2.6, "mew": 0.6, "mfc": face, "color": colours[width]}
        axes.plot(shown["duration"], shown["mean_size"] * np.sqrt(width), marker, **look)
        law = laws[width].iloc[1:-1]
        law = law[law["probability"] > 1e-9]
        axes.plot(law["duration"], law["mean_size"] * np.sqrt(width), color="k", lw=0.5, ls=":")
    widest = gammas.index.max()
    best = gammas.loc[widest]
    axes.text(
        0.04, 0.96,
        rf"$\gamma({widest})$ = {best['gamma']:.4f}"
        "\n"
        rf"[{best['ci_low']:.4f}, {best['ci_high']:.4f}]"
        "\n"
        rf"on $D$ = {best['xmin']:.0f}..{best['xmax']:.0f}"
        "\n"
        rf"published {published[f'{_PAPER}.fig2c.gamma_fit'].value}",
        transform=axes.transAxes, va="top", fontsize=6,
    )  # fmt: skip
    _slope_guide(axes, (6, 0.12), 1.9, _RANDOM_WALK["gamma"], r"$3/2$")
    axes.set(xscale="log", yscale="log", xlabel="duration $D$ (layers)", ylabel=r"$\langle S\rangle_D\,\sqrt{N}$")


def _draw_extrapolation(
    axes: Axes, tables: Mapping[str, pd.DataFrame], published: Mapping[str, Published], observable: str
) -> None:
    symbol = {"size": r"\tau_s", "duration": r"\tau_d"}[observable]
    key = {"size": "fig2d.tau_s_inf", "duration": "fig2e.tau_d_inf"}[observable]
    exponents = tables["exponents"].query("observable == @observable and range == 'declared'")
    styles = {
        "radial": ("o", OURS, OURS, 1.0),
        "annealed": ("^", "0.45", "none", 1.08),
        "network": ("s", "0.1", "none", 0.925),
        "deviation": ("v", "#5aae61", "none", 1.16),
    }
    for sample, points in grouped(exponents, "sample"):
        marker, colour, face, shift = styles.get(sample, ("D", "0.5", "none", 1.0))
        error = np.abs(points[["ci_low", "ci_high"]].to_numpy().T - points["exponent"].to_numpy())
        axes.errorbar(
            points["width"] * shift, points["exponent"], error, fmt=marker, ms=3.5, lw=0.8, capsize=1.5, color=colour,
            mfc=face, label=sample,
        )  # fmt: skip
    fit = tables["extrapolations"].query("sample == @_JUDGED and observable == @observable").set_index("parameter")
    width = np.geomspace(exponents["width"].min(), exponents["width"].max(), 200)
    tau, c, w = fit["value"].reindex(["tau", "c", "w"]).to_numpy(dtype=float)
    if np.isfinite([tau, c, w]).all():
        axes.plot(width, tau + c * width**-w, color=OURS, lw=0.9)
    low, high = fit.loc["tau", ["ci_low", "ci_high"]].to_numpy(dtype=float)
    where = f"[{low:.2f}, {high:.2f}]" if np.isfinite([low, high]).all() else "(unbounded)"
    band = published[f"{_PAPER}.fig2.barkhausen_experiment/{'tau_s' if observable == 'size' else 'tau_d'}"]
    axes.axhspan(band.value - band.spread, band.value + band.spread, color="#f4a6c0", alpha=0.35, lw=0)
    axes.axhline(band.value, color="#d6619a", lw=0.9, ls="--", label="Barkhausen noise")
    axes.axhline(published[f"{_PAPER}.{key}"].value, color=PUBLISHED, lw=0.9, label="published, $N\\to\\infty$")
    axes.axhline(_RANDOM_WALK[observable], color=REFERENCE, lw=0.9, ls=":", label="random walk")
    axes.set(xscale="log", xlabel="width $N$", ylabel=f"${symbol}(N)$")
    axes.text(0.97, 0.96, rf"ours, $N\to\infty$: {tau:.2f} {where}", transform=axes.transAxes, fontsize=6.5,
              ha="right", va="top")  # fmt: skip
    low, high = axes.get_ylim()
    if observable == "size":
        # room below for the legend of both panels
        axes.set_ylim(low - 0.45 * (high - low), high)
        axes.legend(
            loc="lower center", ncol=2, fontsize=6, handlelength=1.3, handletextpad=0.5, labelspacing=0.3,
            columnspacing=0.8,
        )  # fmt: skip
    else:
        axes.set_ylim(low, high + 0.1 * (high - low))


def _draw_collapse(axes: Axes, tables: Mapping[str, pd.DataFrame], published: Mapping[str, Published]) -> None:
    collapses = tables["collapses"].query("sample == @_JUDGED").set_index("width")
    widest = collapses.index.max()
    best = collapses.loc[widest]
    shapes = tables["collapsed_profiles"].query("sample == @_JUDGED and width == @widest")
    durations = sorted(shapes["duration"].unique())
    for duration, shape in grouped(shapes, "duration"):
        shade = 0.15 + 0.7 * durations.index(duration) / max(1, len(durations) - 1)
        axes.plot(shape["u"], shape["scaled_profile"], color=plt.get_cmap("viridis")(shade), lw=0.8)
    mean = shapes.groupby("u")["scaled_profile"].mean()
    u = np.linspace(0, 1, 201)
    excursion = np.sqrt(u * (1 - u))
    axes.plot(u, excursion * mean.mean() / (np.pi / 8), "k--", lw=1.0, label=r"$\propto\sqrt{u(1-u)}$")
    top = float(shapes["scaled_profile"].max())
    axes.set(xlabel="$u = \\ell/D$", ylabel=r"$\bar V_D(u)\,/\,D^{\gamma^*-1}$", ylim=(0, 1.95 * top), xlim=(0, 1))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 0.05))
    axes.text(0.5, 0.2, f"$D$ = {durations[0]} (dark) to {durations[-1]} (light)", transform=axes.transAxes,
              fontsize=6, ha="center")  # fmt: skip
    inset = axes.inset_axes((0.55, 0.7, 0.42, 0.27))
    curve = tables["collapse_curve"].query("sample == @_JUDGED and width == @widest")
    inset.plot(curve["gamma"], curve["nmse"], color=OURS, lw=0.9)
    star = published[f"{_PAPER}.fig2f.gamma_star"]
    inset.axvspan(star.value - star.spread, star.value + star.spread, color=PUBLISHED, alpha=0.15, lw=0)
    inset.axvline(star.value, color=PUBLISHED, lw=0.8)
    inset.axvline(best["gamma_star"], color=OURS, lw=0.8, ls="--")
    inset.set(yscale="log")
    inset.set_xlabel(r"$\gamma$", fontsize=6, labelpad=0)
    inset.text(0.5, 0.95, "NMSE", transform=inset.transAxes, fontsize=6, ha="center", va="top")
    inset.tick_params(labelsize=5, length=2, pad=1)
    axes.text(
        0.03, 0.97,
        rf"$\gamma^*({widest})$ = {best['gamma_star']:.3f}"
        "\n"
        rf"[{best['ci_low']:.3f}, {best['ci_high']:.3f}]"
        "\npublished\n"
        f"{star.value} ± {star.spread}",
        transform=axes.transAxes, va="top", fontsize=6,
    )  # fmt: skip


def ghavasieh2025_fig2(
    transfers: Sequence[str], widths: Sequence[int], published: Mapping[str, Published], **tables: pd.DataFrame
) -> Drawn:
    """Fig. 2 of ghavasieh2025; ``transfers`` are files of the exact law, one a width."""
    laws = {width: read_parquet(path, TRANSFER) for width, path in zip(widths, transfers, strict=True)}
    return _draw_fig2(tables, laws, published), dict(tables)


def ghavasieh2025_fits(
    xmin_scan: pd.DataFrame,
    goodness: pd.DataFrame,
    alternatives: pd.DataFrame,
    goodness_level: float,
) -> Drawn:
    """How well power laws fit."""
    drawn = draw_fits(xmin_scan, goodness, alternatives, goodness_level)
    return drawn, {"goodness": goodness, "alternatives": alternatives}
