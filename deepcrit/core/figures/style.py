"""One look for every figure: sizes, fonts, and colours that keep their order in grey."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.core.tables import written_aside

REFERENCE = "0.25"  # grey of published values and asymptotes
PUBLISHED = "#b2182b"
OURS = "#2166ac"
Drawn = tuple[Figure, dict[str, Any]]  # a figure, and what its caption quotes of its tables
_SETTINGS = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "legend.fontsize": 6.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.1,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
    # nothing in the file may depend on when it was made
    "svg.hashsalt": "deepcrit",
}


def use_style() -> None:
    """Set the look for all figures of this process."""
    mpl.use("Agg")
    sns.set_theme(context="paper", style="ticks", rc=_SETTINGS)


def width_colours(widths: Sequence[int]) -> dict[int, Any]:
    """A colour for each width, lighter for narrower, so that the order survives in grey, and of another hue."""
    return dict(zip(sorted(widths), sns.color_palette("plasma_r", len(widths) + 1)[1:], strict=True))


def grouped(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, pd.DataFrame]]:
    """Values of one or more columns, each with its rows, in order of first appearance."""
    return list(frame.groupby(list(columns) if len(columns) > 1 else columns[0], sort=False))


def label_panel(axes: Axes, letter: str) -> None:
    """Letter of a panel, in its upper left outside corner."""
    axes.text(-0.16, 1.03, letter, transform=axes.transAxes, fontweight="bold", fontsize=10, va="bottom")


def save_figure(figure: Figure, outputs: Sequence[str | Path]) -> None:
    """Write a figure in the format of each name, without dates, so that equal figures are equal files."""
    if engine := figure.get_layout_engine():
        # once, where each format would do it anew
        engine.execute(figure)
        figure.set_layout_engine("none")
    for output in map(Path, outputs):
        metadata = {"CreationDate": None} if output.suffix == ".pdf" else {}
        with written_aside(output) as aside:
            figure.savefig(aside, format=output.suffix[1:], metadata=metadata)
