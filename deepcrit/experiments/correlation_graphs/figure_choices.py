"""Which verdicts change with what the paper leaves open."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from deepcrit.core.figures.style import Drawn

# a letter each besides, so that they are told apart in grey
_VERDICTS = {
    "reproduced": ("R", "#92c5de"),
    "undecided": ("u", "#f0f0f0"),
    "differs": ("D", "#f4a582"),
    "not testable here": ("\N{EN DASH}", "white"),
}


def draw_choices(verdicts: pd.DataFrame) -> Drawn:
    """Claims by rows, options by columns, those first that are ours.

    Args:
        verdicts: schema ``choice_verdicts``.
    """
    claims = list(dict.fromkeys(verdicts["claim"]))
    options = list(dict.fromkeys(zip(verdicts["choice"], verdicts["option"], strict=True)))
    figure, axes = plt.subplots(figsize=(7.4, 1.6 + 0.19 * len(claims)), layout="constrained")
    places: dict[tuple[str, str], float] = {}
    edges: dict[str, list[float]] = {}
    x = 0.0
    for choice, option in options:
        if choice not in edges:
            x += 0.4 if edges else 0.0
            edges[choice] = [x, x]
        places[choice, option] = x
        x += 1.0
        edges[choice][1] = x
    for row in verdicts.to_dict("records"):
        place = places[row["choice"], row["option"]], claims.index(row["claim"])
        _draw_cell(axes, *place, row["verdict"], row["changes"])
    for choice, (left, right) in edges.items():
        axes.text((left + right) / 2, -0.7, choice, ha="center", va="bottom", fontsize=7.5, fontweight="bold")
    ours = set(verdicts.loc[verdicts["ours"], ["choice", "option"]].itertuples(index=False, name=None))
    names = [f"{option}*" if (choice, option) in ours else option for choice, option in options]
    axes.set_xticks(
        [places[option] + 0.5 for option in options], names, rotation=35, ha="right", rotation_mode="anchor"
    )
    axes.set_yticks(range(len(claims)), [claim.removeprefix("liu2025.") for claim in claims])
    axes.set(xlim=(-0.1, x + 0.1), ylim=(len(claims) - 0.4, -1.6))
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    keys = [Patch(fc=shade, ec="0.6", lw=0.4, label=f"{letter}  {name}") for name, (letter, shade) in _VERDICTS.items()]
    keys.append(Patch(fc="white", ec="k", lw=1.4, label="another verdict than ours*"))
    figure.legend(handles=keys, loc="outside lower center", ncols=5, handlelength=1.2)
    changed = verdicts[verdicts["changes"]].groupby("choice")["claim"].nunique()
    judged = verdicts.groupby("choice")["claim"].nunique()
    told = [f"{choice} {changed.get(choice, 0)} of {judged[choice]}" for choice in edges]
    return figure, {"told": told}


def _draw_cell(axes: Axes, x: float, y: int, verdict: str, changes: bool) -> None:
    letter, shade = _VERDICTS[verdict]
    axes.add_patch(Rectangle((x + 0.03, y - 0.47), 0.94, 0.94, fc=shade, ec="0.8", lw=0.4))
    if changes:
        axes.add_patch(Rectangle((x + 0.07, y - 0.41), 0.86, 0.82, fc="none", ec="k", lw=1.1))
    axes.text(x + 0.5, y, letter, ha="center", va="center", fontsize=7)
