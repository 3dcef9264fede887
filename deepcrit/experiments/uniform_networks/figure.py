"""Fig. 1 of vock2025: the transition in deep networks of uniform weights."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, ScalarFormatter

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

_PUBLISHED_FIT = (8.12e-3, 31.4, -0.545)  # c0, c1 and kappa of the caption
_NEAR = (0.95, 1.1)  # relative couplings of the panels around the transition
_RELATIVE = r"coupling $\kappa / \kappa_0(N)$"


def _draw_fig1(
    activity: pd.DataFrame,
    sweep: pd.DataFrame,
    couplings: pd.DataFrame,
    fits: pd.DataFrame,
    responses: pd.DataFrame,
    ranges: pd.DataFrame,
) -> Figure:
    """Activity along the layers; branching, exponent and dynamic range; critical coupling against width.

    Args:
        activity: schema ``layer_activity``.
        sweep: schema ``coupling_sweep``.
        couplings: schema ``critical_couplings``.
        fits: schema ``coupling_fits``.
        responses: schema ``responses``.
        ranges: schema ``dynamic_ranges``.
    """
    use_style()
    figure, axes = plt.subplots(2, 4, figsize=(9.6, 4.6), layout="constrained")
    widths = sorted(sweep["width"].unique())
    colours = width_colours(widths)
    _draw_layers(axes[0, 0], activity[activity["width"] == widths[-1]])
    _draw_branching(axes[0, 1], sweep[sweep["width"] == widths[-1]])
    _draw_exponents(axes[0, 2], sweep, colours)
    _draw_ranges(axes[0, 3], ranges)
    _draw_responses(axes[1, 0], responses, ranges)
    _draw_activity(axes[1, 1], sweep, couplings, colours)
    _draw_couplings(axes[1, 2], couplings, fits)
    _draw_ratios(axes[1, 3], couplings)
    for letter, panel in zip(["a", "b", "", "", "", "c", "", ""], axes.flat, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_layers(axes: Axes, activity: pd.DataFrame) -> None:
    for colour, (relative, of) in zip(
        sns.color_palette("flare_r", activity["relative_coupling"].nunique()),
        grouped(activity, "relative_coupling"),
        strict=True,
    ):
        axes.plot(of["layer"], of["log10_activity"], color=colour, label=f"${relative:g}\\,\\kappa_0$")
    axes.set(xlabel=r"layer $\ell$", ylabel=r"$\log_{10}$ activity $\langle |x_i| \rangle$", ylim=(-12, 2),
             xlim=(0, activity["layer"].max()))  # fmt: skip
    axes.legend(loc="lower right", title=f"$N = {activity['width'].iloc[0]}$", title_fontsize=7)


def _draw_branching(axes: Axes, sweep: pd.DataFrame) -> None:
    sigma = 10.0 ** sweep["log10_branching"].clip(lower=-300)
    axes.plot(sweep["relative_coupling"], sigma, color=OURS, marker="o", ms=3, label=r"$\sigma$")
    axes.plot(sweep["relative_coupling"], sweep["branching_distance"], color=PUBLISHED, ls="--", marker="s", ms=3,
              mfc="w", label=r"$\Sigma = |1 - \sigma|$")  # fmt: skip
    axes.axhline(1.0, color=REFERENCE, lw=0.8, ls=":")
    axes.axvline(1.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xlim=_NEAR, yscale="log", ylim=(1e-6, 1e5), xlabel=_RELATIVE, ylabel="branching parameter")
    axes.legend(loc="lower right", title=f"$N = {sweep['width'].iloc[0]}$", title_fontsize=7)


def _draw_exponents(axes: Axes, sweep: pd.DataFrame, colours: dict[int, object]) -> None:
    for width, of in grouped(sweep, "width"):
        axes.errorbar(of["relative_coupling"], of["exponent"],
                      [of["exponent"] - of["ci_low"], of["ci_high"] - of["exponent"]], color=colours[width],
                      marker="o", ms=2, lw=0.9, elinewidth=0.5, label=f"{width}")  # fmt: skip
    axes.axhline(0.0, color=REFERENCE, lw=0.8, ls=":")
    axes.axvline(1.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xlim=_NEAR, ylim=(-0.022, 0.03), xlabel=_RELATIVE, ylabel=r"$\lambda_0$ (1/layers)")
    axes.legend(loc="upper left", title="$N$", title_fontsize=7, ncols=2, labelspacing=0.2, columnspacing=0.8,
                handlelength=1.0)  # fmt: skip


def _draw_ranges(axes: Axes, ranges: pd.DataFrame) -> None:
    known = ranges.dropna(subset=["dynamic_range"])
    half = np.abs(known[["ci_low", "ci_high"]].sub(known["dynamic_range"], axis=0)).T
    axes.errorbar(known["relative_coupling"], known["dynamic_range"], np.where(np.isfinite(half), half, 0.0),
                  color=OURS, marker="o", ms=3, lw=0.9, elinewidth=0.7)  # fmt: skip
    axes.axvline(1.0, color=REFERENCE, lw=0.8, ls=":")
    # the whole of every interval: those of couplings with chaos in some networks reach far
    ends = known[["ci_low", "dynamic_range", "ci_high"]].to_numpy(float)
    ends = ends[np.isfinite(ends) & (ends > 0)]
    axes.set(xlim=(0.9, None), yscale="log", xlabel=_RELATIVE, ylabel=r"dynamic range $\Delta$ (dB)",
             ylim=(0.9 * ends.min(), 1.2 * ends.max()))  # fmt: skip
    _plain(axes)
    axes.set_yticks([tick for tick in (2, 5, 10, 20, 50, 100, 200) if np.prod(np.subtract(axes.get_ylim(), tick)) < 0])
    axes.text(0.05, 0.93, f"$N = {ranges['width'].iloc[0]}$", transform=axes.transAxes, va="top", fontsize=7)


def _draw_responses(axes: Axes, responses: pd.DataFrame, ranges: pd.DataFrame) -> None:
    """Response curves whose range is defined, with crosses at 10% and 90%."""
    known = ranges.dropna(subset=["low_stimulus"])
    near = known[known["relative_coupling"].between(*_NEAR)]
    colours = sns.color_palette("flare_r", len(near))
    for colour, row in zip(colours, near.itertuples(), strict=True):
        of = responses[responses["relative_coupling"] == row.relative_coupling]
        axes.plot(of["stimulus"], of["response"], color=colour, lw=0.9, label=f"{row.relative_coupling:g}")
        for end in ("low", "high"):
            stimulus, response = (float(getattr(row, f"{end}_{what}")) for what in ("stimulus", "response"))
            axes.plot(stimulus, response, "kx", ms=4, zorder=5)
    axes.set(xscale="log", xlabel="stimulus $s$", ylabel=r"response $r / r_{\max}$", ylim=(-0.05, 1.75))
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.legend(loc="upper center", title=r"$\kappa/\kappa_0$", title_fontsize=7, labelspacing=0.15, handlelength=1.0,
                columnspacing=0.8, ncols=4, fontsize=5.5)  # fmt: skip


def _draw_activity(axes: Axes, sweep: pd.DataFrame, couplings: pd.DataFrame, colours: dict[int, object]) -> None:
    critical = couplings[couplings["definition"] == "largest_singular_value"].set_index("width")["coupling"]
    for width, of in grouped(sweep, "width"):
        axes.plot(of["coupling"], 10.0 ** of["log10_activity"].clip(lower=-300), color=colours[width], label=f"{width}")
        axes.axvline(critical[width], color=colours[width], lw=0.8, ls="--")
    axes.set(xscale="log", xlabel=r"coupling $\kappa$", ylabel="activity of the last layer", ylim=(0, None))
    _plain(axes)
    axes.set_xticks([tick for tick in (0.5, 1, 2, 4, 8) if tick < sweep["coupling"].max()])


def _draw_couplings(axes: Axes, couplings: pd.DataFrame, fits: pd.DataFrame) -> None:
    ours = couplings[couplings["definition"] == "largest_singular_value"]
    widths = np.geomspace(ours["width"].min(), ours["width"].max(), 100)
    of = fits[fits["definition"] == "largest_singular_value"].set_index("parameter")["value"]
    axes.plot(ours["width"], ours["coupling"], "o", ms=3.5, color=OURS, label=r"$\lambda_0 = 0$, ours")
    axes.plot(widths, of["c0"] + of["c1"] * widths ** of["kappa"], color=OURS, lw=0.9, label="fit to ours")
    c0, c1, kappa = _PUBLISHED_FIT
    axes.plot(widths, c0 + c1 * widths**kappa, color=PUBLISHED, ls="--", label="published fit")
    axes.set(xscale="log", yscale="log", xlabel="width $N$", ylabel=r"critical coupling $\kappa_c$")
    _plain(axes)
    axes.set_xticks(ours["width"].to_numpy()[::2])
    axes.set_yticks([tick for tick in (0.5, 1, 2, 4, 8) if tick < 1.3 * ours["coupling"].max()])
    axes.legend(loc="lower left")


def _draw_ratios(axes: Axes, couplings: pd.DataFrame) -> None:
    """Critical couplings over their leading order, which is a power of -1/2."""
    closed = couplings[couplings["definition"] == "closed_form"].set_index("width")["coupling"]
    styles = {
        "vector_growth": ("s", "w", "growth of a vector"),
        "largest_singular_value": ("o", OURS, "largest singular value"),
    }
    for definition, (marker, face, label) in styles.items():
        of = couplings[couplings["definition"] == definition]
        leading = closed[of["width"]].to_numpy() * np.exp(-0.5 / of["width"].to_numpy())
        half = np.abs(of[["ci_low", "ci_high"]].sub(of["coupling"], axis=0)).T / leading
        axes.errorbar(of["width"], of["coupling"] / leading, half, fmt=marker, ms=3.5, color=OURS, mfc=face,
                      elinewidth=0.7, label=label)  # fmt: skip
    widths = np.geomspace(closed.index.min(), closed.index.max(), 100)
    axes.plot(widths, np.exp(0.5 / widths), color="k", lw=0.9, label=r"$\exp(1/2N)$")
    axes.axhline(1.0, color=REFERENCE, lw=0.8, ls=":")
    axes.set(xscale="log", xlabel="width $N$", ylabel=r"$\kappa_c$ over its leading order")
    _plain(axes)
    axes.set_xticks(closed.index.to_numpy()[::2])
    axes.legend(loc="upper right")


def _plain(axes: Axes) -> None:
    """Whole numbers instead of powers of ten on logarithmic axes, at major ticks alone."""
    for axis, scale in ((axes.xaxis, axes.get_xscale()), (axes.yaxis, axes.get_yscale())):
        if scale == "log":
            axis.set_major_formatter(ScalarFormatter())
            axis.set_minor_formatter(NullFormatter())


def vock2025_fig1(fits: pd.DataFrame, **tables: pd.DataFrame) -> Drawn:
    """Fig. 1 of vock2025."""
    quoted = {name: tables[name] for name in ("couplings", "sweep", "ranges")}
    return _draw_fig1(fits=fits, **tables), {"fit": fits.set_index(["definition", "parameter"]), **quoted}
