"""How the predicted cost of a sample or a training grows with width, depth and number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from deepcrit.core.figures.style import (
    OURS,
    PUBLISHED,
    REFERENCE,
    grouped,
    label_panel,
    save_figure,
    use_style,
)

LOOKS = ((OURS, "o", "-"), (PUBLISHED, "s", "--"), (REFERENCE, "^", ":"), ("#762a83", "D", "-."))


def plot_cost(growth: pd.DataFrame, outputs: Sequence[str | Path]) -> None:
    """One panel a quantity that grows, in its order, both axes logarithmic.

    Args:
        growth: columns ``panel``, ``of``, ``axis``, ``value`` and ``core_hours``.
        outputs: files to write.
    """
    use_style()
    panels = grouped(growth, "panel")
    figure, axes = plt.subplots(1, len(panels), figsize=(7.2, 2.7), sharey=True, layout="constrained")
    names = list(dict.fromkeys(growth["of"]))
    for letter, axis, (_, rows) in zip("abc", axes, panels, strict=False):
        for of, chosen in grouped(rows, "of"):
            colour, marker, line = LOOKS[names.index(of)]
            axis.loglog(chosen["value"], chosen["core_hours"], color=colour, marker=marker, ls=line, ms=3, label=of)
        axis.set_xlabel(rows["axis"].iloc[0])
        label_panel(axis, letter)
    axes[0].set_ylabel("core-hours")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(names))
    save_figure(figure, outputs)
    plt.close(figure)
