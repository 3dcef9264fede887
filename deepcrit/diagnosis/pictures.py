"""Pictures of a diagnosis, one a notion, as PNG."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from deepcrit.core.figures.style import OURS, PUBLISHED, REFERENCE, use_style
from deepcrit.diagnosis.measuring import Course
from deepcrit.diagnosis.results import Notion, Quantity
from deepcrit.diagnosis.tails import HEAVY_BELOW, LARGEST_BAND_GAIN

_SHORT = {
    "mean_duration": "mean duration (layers)",
    "tau_duration": r"$\tau_D$",
    "tau_size": r"$\tau_S$",
    "gamma": r"$\gamma$",
    "crackling": r"$(\tau_D-1)/(\tau_S-1)-\gamma$",
    "likelihood_ratio": "power law over exponential",
    "branching_parameter": "branching parameter per layer",
    "growth_rate": "growth of differences (nat/layer)",
    "lyapunov_exponent": r"$\lambda_0$ (nat/layer)",
    "share_heavy": f"share with $\\alpha$ < {HEAVY_BELOW}",
    "median_alpha": r"median $\alpha$",
    "share_extended": "share in the extended regime",
    "dimension": r"mean $D_2$",
    "dimension_less_gaussian": r"$D_2$ less that of Gaussian weights",
    "dimension_less_shuffled": r"$D_2$ less that of shuffled weights",
    "norm": "norm of correlations",
    "mean_degree": "mean degree",
    "largest_component": "largest component",
    "susceptibility": "susceptibility",
    "curvature_entropy": "curvature entropy (nat)",
}
_REFERENCES = {"branching_parameter": 1.0, "growth_rate": 0.0, "lyapunov_exponent": 0.0, "crackling": 0.0,
    "dimension_less_gaussian": 0.0, "dimension_less_shuffled": 0.0}  # fmt: skip
_OURS = "this network"
_MARKS = ("s", "D", "^")


def picture(notion: Notion) -> bytes | None:
    """The picture of a notion of which something was measured, None of another."""
    if notion.reason or notion.name not in _DRAWN:
        return None
    use_style()
    return _png(_DRAWN[notion.name](notion))


def course_picture(course: Course, name: str) -> bytes | None:
    """Every quantity of a notion against checkpoints, with intervals and nulls; None if none was ever measured."""
    rows = course.table()
    rows = rows[(rows["notion"] == name) & rows["value"].notna()]
    quantities = list(dict.fromkeys(rows["quantity"]))
    if not quantities:
        return None
    use_style()
    across = min(3, len(quantities))
    down = -(-len(quantities) // across)
    figure, axes = plt.subplots(
        down, across, figsize=(2.5 * across + 0.2, 2.1 * down), layout="constrained", squeeze=False
    )
    for quantity, panel in zip(quantities, axes.flat, strict=False):
        own = rows[rows["quantity"] == quantity]
        first = own.drop_duplicates("place")
        for index, (null, those) in enumerate(own[own["null_value"].notna()].groupby("null", sort=False)):
            colour, line = (REFERENCE, PUBLISHED, "0.6")[index % 3], ("--", "-.", ":")[index % 3]
            panel.plot(those["place"], those["null_value"], color=colour, ls=line, lw=0.9, label=str(null))
            panel.fill_between(those["place"], those["null_low"], those["null_high"], color=colour, alpha=0.12, lw=0)
        low, high = (np.where(np.isfinite(first[end]), first[end], first["value"]) for end in ("ci_low", "ci_high"))
        reach = np.maximum([first["value"] - low, high - first["value"]], 0)
        panel.errorbar(first["place"], first["value"], reach, fmt="o-", ms=3, elinewidth=0.8, color=OURS, label=_OURS)
        panel.fill_between(first["place"], low, high, color=OURS, alpha=0.15, lw=0)
        if quantity in _REFERENCES:
            panel.axhline(_REFERENCES[quantity], color="k", lw=0.5, ls=":")
        panel.set_title(_SHORT[quantity])
        panel.set(xlabel="checkpoint", xlim=(0.7, len(course.checkpoints) + 0.3))
        _widened(panel)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    for panel in axes.flat[len(quantities) :]:
        panel.axis("off")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return _png(figure)


def _widened(axes: Axes) -> None:
    """No offset beside the axis, and no axis that shows rounding alone."""
    axes.ticklabel_format(axis="y", useOffset=False)
    low, high = axes.get_ylim()
    least = 0.01 * max(abs(low), abs(high))
    if high - low < least:
        axes.set_ylim(0.5 * (low + high - least), 0.5 * (low + high + least))


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=170)
    plt.close(figure)
    return buffer.getvalue()


def _beside_nulls(axes: Axes, quantity: Quantity) -> None:
    """Our interval over those of the nulls, one below the other."""
    rows = [(_OURS, quantity.value, quantity.ci_low, quantity.ci_high), *(
        (null.name, null.value, null.low, null.high) for null in quantity.nulls if not null.reason
    )]  # fmt: skip
    for at, (_, value, low, high) in enumerate(rows):
        ends = [low if np.isfinite(low) else value, high if np.isfinite(high) else value]
        colour = OURS if at == 0 else REFERENCE
        axes.plot(ends, [at, at], color=colour, lw=2 if at == 0 else 1, solid_capstyle="butt")
        axes.plot([value], [at], "o" if at == 0 else _MARKS[(at - 1) % 3], ms=5 if at == 0 else 4, color=colour)
    if quantity.name in _REFERENCES:
        axes.axvline(_REFERENCES[quantity.name], color="k", lw=0.6, ls=":")
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(_SHORT[quantity.name])
    axes.xaxis.set_major_locator(MaxNLocator(4))


def _panels(number: int, width: float = 4.35) -> tuple[Figure, Sequence[Axes]]:
    figure, axes = plt.subplots(1, number, figsize=(width * number, 2.6), layout="constrained", squeeze=False)
    return figure, list(axes[0])


def _avalanches(notion: Notion) -> Figure:
    figure, (left, right) = _panels(2)
    survival = notion.tables["survival"]
    for column, label, colour, line in (
        ("share", _OURS, OURS, "-"),
        ("independent_share", "independent signals", REFERENCE, "--"),
    ):
        there = survival[survival[column] > 0]
        left.plot(there["duration"], there[column], color=colour, ls=line, label=label, marker="o", ms=2)
    left.set(xscale="log", yscale="log", xlabel="duration $D$ (layers)", ylabel="share that lasts $D$ or longer")
    left.legend()
    layers = notion.tables["layers"]
    at = np.arange(1, len(layers) + 1)
    mean, sd = layers["mean_strength"].to_numpy(), layers["sd_strength"].to_numpy()
    right.fill_between(at, np.maximum(mean - sd, mean / 100), mean + sd, color=OURS, alpha=0.25, lw=0)
    right.plot(at, mean, color=OURS, lw=1, label="mean and s.d. over inputs")
    weighted = layers["weighted"].to_numpy(bool)
    right.plot(at[weighted], mean[weighted], "o", ms=2.5, color="k", label="layers with weights")
    right.set(yscale="log" if (mean > 0).all() else "linear", xlabel="layer", ylabel=r"signal strength $||x_l||/N_l$")
    right.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    right.legend()
    return figure


def _dynamics(notion: Notion) -> Figure:
    figure, panels = _panels(3, 2.9)
    for quantity, panel in zip(notion.quantities, panels, strict=True):
        _beside_nulls(panel, quantity)
    for panel in panels[1:]:
        panel.set_yticklabels([])
    return figure


def _tails(notion: Notion) -> Figure:
    figure, (left, right) = _panels(2)
    tensors, band = notion.tables["tensors"], notion.tables["band"]
    at = np.arange(1, len(tensors) + 1)
    fitted = (tensors["reason"] == "").to_numpy()
    own = tensors[fitted]
    left.plot(at[fitted], own["null_alpha"], "x", ms=3.5, color=REFERENCE, label="Gaussian weights")
    alpha = own["alpha"]
    errors = np.maximum([alpha - own["alpha_low"], own["alpha_high"] - alpha], 0)
    left.errorbar(at[fitted], alpha, errors, fmt="o", ms=3, lw=1, color=OURS, label=_OURS)
    left.axhline(HEAVY_BELOW, color="k", lw=0.6, ls=":", label=f"heavy below {HEAVY_BELOW}")
    left.set(xlabel="weight tensor, in order", ylabel=r"tail index $\alpha$", ylim=(None, 2.06))
    left.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    left.legend(loc="best")
    right.fill_between(band["alpha"], band["lower"], band["upper"].fillna(LARGEST_BAND_GAIN), color="0.85", lw=0)
    right.plot(band["alpha"], band["lower"], color="k", lw=0.9, label="ordered line")
    right.plot(band["alpha"], band["upper"], color="k", lw=0.9, ls="--", label="end of the extended regime")
    right.plot(alpha, own["gain"], "o", ms=3, color=OURS, label="weight tensors")
    right.set(yscale="log", xlabel=r"tail index $\alpha$", ylabel=r"scale $g = D_w^{1/\alpha}$")
    right.set_xlim(min(1.0, float(alpha.min())) - 0.03, 2.05)
    right.legend(loc="best")
    return figure


def _multifractality(notion: Notion) -> Figure:
    figure, (left, right) = _panels(2)
    table = notion.tables["jacobians"]
    names = list(dict.fromkeys(table["layer"]))
    at = table["layer"].map(names.index)
    for prefix, mark, label in (("gaussian", "s", "Gaussian weights"), ("shuffled", "D", "shuffled weights")):
        columns = [column for column in table if str(column).startswith(f"{prefix}_")]
        shift = {"gaussian": -0.15, "shuffled": 0.15}[prefix]
        for index, column in enumerate(columns):
            # one entry of the legend is enough
            named = label if index == 0 else None
            left.plot(at + shift, table[column], mark, ms=3, mfc="none", color=REFERENCE, label=named)
    left.plot(at, table["dimension"], "o", ms=4, color=OURS, label=_OURS)
    left.set_xticks(range(len(names)), names, rotation=20, ha="right")
    left.set(ylabel="mean $D_2$ of eigenvectors", xlim=(-0.6, len(names) - 0.4))
    left.legend(loc="best")
    _beside_nulls(right, notion.quantities[0])
    return figure


def _graphs(notion: Notion) -> Figure:
    figure, (left, right) = _panels(2)
    degrees = notion.tables["degrees"]
    for column, label, colour, line in (
        ("neurons", _OURS, OURS, "-"),
        ("independent_neurons", "independent signals", REFERENCE, "--"),
    ):
        left.step(degrees["degree"], degrees[column], where="mid", color=colour, ls=line, label=label)
    left.set(yscale="symlog", xlabel="degree of a neuron", ylabel="neurons", ylim=(0, None))
    left.legend()
    _beside_nulls(right, notion["mean_degree"])
    return figure


_DRAWN: dict[str, Callable[[Notion], Figure]] = {
    "avalanches": _avalanches,
    "dynamics": _dynamics,
    "tails": _tails,
    "multifractality": _multifractality,
    "graphs": _graphs,
}
