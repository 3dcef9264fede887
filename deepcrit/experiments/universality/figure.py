"""The universality class of avalanches: exponents from the exact law, their limit, and what is found beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

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
from deepcrit.experiments.universality.exact import EXACT_EXPONENTS

_PAPER = "ghavasieh2025"
_SYMBOLS = {
    "tau_d": r"$\tau_d$",
    "tau_s": r"$\tau_s$",
    "gamma": r"$\gamma$",
    "gamma_star": r"$\gamma^*$",
    "shape": r"shape",
    "ratio": r"$\frac{\tau_d-1}{\tau_s-1}$",
}
_COMPARED = (  # quantity, at which width, and the claim that prints it; 0 is infinite width
    ("tau_d", 0, "fig2e.tau_d_inf"),
    ("tau_s", 0, "fig2d.tau_s_inf"),
    ("ratio", 1000, "fig2.ratio_text"),
    ("gamma", 1000, "fig2c.gamma_fit"),
    ("gamma_star", 1000, "fig2f.gamma_star"),
)
_LIMITS = EXACT_EXPONENTS | {"ratio": 3 / 2}
_POINTS = ("o", "s", "^", "D", "v")
_SHOWN = (1.2, 1.75)  # of exponents in the last panel
_DRAWN = {"tau_d": (1.28, 1.62), "tau_s": (1.2, 1.4), "gamma": (1.4, 1.82)}


def _draw_local(axes: Axes, exponents: pd.DataFrame, quantity: str) -> None:
    """Local exponents against the scaled duration, one line a width."""
    shown = exponents[exponents["quantity"] == quantity]
    colours = width_colours(shown["width"].unique().tolist())
    for number, (width, curve) in enumerate(grouped(shown, "width")):
        axes.plot(
            curve["scaled_duration"], curve["exponent"], color=colours[width], marker=_POINTS[number % len(_POINTS)],
            ms=2.2, lw=0.8, label=f"$N = {width}$",
        )  # fmt: skip
    axes.axhline(_LIMITS[quantity], color=REFERENCE, ls="--", lw=0.9)
    if quantity == "gamma":
        scaled = np.geomspace(1e-6, 0.3)
        axes.plot(scaled, 1.5 + np.sqrt(scaled / (16.0 * np.pi)), color="k", ls=":", lw=1.3, label="excursions")
    axes.set(xscale="log", xlabel="duration over width, $D/N$", ylim=_DRAWN[quantity])
    axes.set_ylabel(f"local exponent {_SYMBOLS[quantity]}")
    axes.minorticks_off()


def _draw_profiles(axes: Axes, profiles: pd.DataFrame) -> None:
    """Mean profiles of all widths, and that of a Brownian excursion."""
    colours = width_colours(profiles["width"].unique().tolist())
    for width, curve in grouped(profiles, "width"):
        axes.plot(curve["u"], curve["profile"], color=colours[width], lw=0.9)
    u = np.linspace(0.0, 1.0, 201)
    axes.plot(u, 8.0 / np.pi * np.sqrt(u * (1.0 - u)), color="k", ls=":", lw=1.3, label=r"$\frac{8}{\pi}\sqrt{u(1-u)}$")
    axes.set(xlabel="$u$ = layer / duration", ylabel="profile over its mean", ylim=(0, None))
    axes.legend(loc="lower center")


def _draw_limits(axes: Axes, exponents: pd.DataFrame, limits: pd.DataFrame, multiple: int) -> None:
    """How far local exponents are from the exact ones as the width grows, and what is left in the limit."""
    exact = limits.set_index("quantity")["exact"].groupby(level=0).first()
    marks = {"tau_d": "o", "tau_s": "s", "gamma": "^", "gamma_star": "D", "shape": "v"}
    offsets = limits["relative_offset"].unique()
    along = exponents[exponents["duration"] == (multiple * np.sqrt(exponents["width"])).round()]
    greys = {quantity: str(0.15 + 0.13 * place) for place, quantity in enumerate(marks)}
    for (offset, quantity), points in grouped(along, "relative_offset", "quantity"):
        first = offset == offsets[0]
        axes.plot(
            points["width"] ** -0.25, points["exponent"] - exact[quantity], color=greys[quantity], lw=0.8,
            marker=marks[quantity] if first else None, ms=2.8, ls="-" if first else ":",
            label=_SYMBOLS[quantity] if first else None,
        )  # fmt: skip
    axes.plot(0.0, 0.0, "*", ms=9, color=OURS, mec="w", mew=0.4, zorder=6, clip_on=False, label="limits")
    axes.axhline(0.0, color=REFERENCE, ls="--", lw=0.9)
    axes.set(
        xlabel="$N^{-1/4}$, with $D = \\sqrt{N}$" if multiple == 1 else f"$N^{{-1/4}}$, $D = {multiple}\\sqrt{{N}}$"
    )
    axes.set(ylabel="local less exact exponent", xlim=(0, None), ylim=(-0.32, 0.24))
    axes.legend(ncols=2, loc="lower left", handlelength=1.6)


def _draw_expected(axes: Axes, expected: pd.DataFrame, published: Mapping[str, Published]) -> None:
    """What an experiment of the published size must find, under both readings, beside what the paper found."""
    readings = {"variance": ("o", OURS, 0.17), "standard deviation": ("s", "0.35", -0.17)}
    widest = expected["width"].max()
    labels = []
    for place, (quantity, width, claim) in enumerate(reversed(_COMPARED)):
        rows = expected[(expected["quantity"] == quantity) & (expected["width"] == (widest if width else 0))]
        for reading, (mark, colour, shift) in readings.items():
            row = rows[rows["reading"] == reading].iloc[0]
            value = row["value"] if np.isfinite(row["value"]) else np.nan
            low, high = np.clip([row["low"], row["high"]], *_SHOWN)
            axes.plot([low, high], [place + shift] * 2, color=colour, lw=1.4)
            for end, arrow in ((row["low"], "<"), (row["high"], ">")):
                if not _SHOWN[0] <= end <= _SHOWN[1]:
                    axes.plot(np.clip(end, *_SHOWN), place + shift, arrow, color=colour, ms=4, clip_on=False)
            axes.plot(value, place + shift, mark, color=colour, ms=4, label=reading if place == 0 else None)
        value, spread = published[f"{_PAPER}.{claim}"]
        if quantity == "gamma_star":  # the only one that is printed with an error
            axes.plot([value - spread, value + spread], [place] * 2, color=PUBLISHED, lw=0.8)
        axes.plot(value, place, "x", color=PUBLISHED, ms=5, mew=1.4, label="published" if place == 0 else None)
        axes.plot([_LIMITS[quantity]] * 2, [place - 0.35, place + 0.35], color="k", lw=1.0, ls=":",
                  label="exact limit" if place == 0 else None)  # fmt: skip
        labels.append(_SYMBOLS[quantity] + (f", $N = {widest}$" if width else r", $N \to \infty$"))
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlim=_SHOWN, ylim=(-0.6, len(labels) + 0.9), xlabel="exponent")
    axes.legend(ncols=2, loc="upper center", handlelength=1.0, columnspacing=0.6, handletextpad=0.4, fontsize=6)


def ghavasieh2025_universality(
    exponents: pd.DataFrame,
    profiles: pd.DataFrame,
    limits: pd.DataFrame,
    expected: pd.DataFrame,
    published: Mapping[str, Published],
    multiples: Sequence[int],
) -> Drawn:
    """All six panels."""
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 5.0), layout="constrained")
    first = exponents[exponents["relative_offset"] == limits["relative_offset"].iloc[0]]
    for panel, quantity in zip(axes[0], ("tau_d", "tau_s", "gamma"), strict=True):
        _draw_local(panel, first, quantity)
    handles, names = axes[0, 2].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=5, handlelength=1.8)
    _draw_profiles(axes[1, 0], profiles)
    _draw_limits(axes[1, 1], exponents, limits, multiples[0])
    _draw_expected(axes[1, 2], expected, published)
    for letter, panel in zip("abcdef", axes.flat, strict=True):
        label_panel(panel, letter)
    return figure, {
        "limits": limits,
        "found": [
            (
                quantity,
                width,
                published[f"{_PAPER}.{claim}"].value,
                expected[
                    (expected["quantity"] == quantity)
                    & (expected["width"] == (expected["width"].max() if width else 0))
                ],
            )
            for quantity, width, claim in _COMPARED
        ],
    }
