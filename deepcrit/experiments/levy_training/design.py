"""Which networks are trained from stable weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from deepcrit.core.seeds import seed_key
from deepcrit.experiments.levy_training.schemas import NARROW, ON_GRID, OTHER_BATCH, REPEATED


def stable_design(design: Mapping[str, Any], root_seed: int) -> pd.DataFrame:
    """One row a network, schema ``levy_manifest``.

    A network with the other minibatch starts from the weights of that of the grid. The rate times the width is the
    same for all, so that networks of any width train as long.

    Args:
        design: keys of the configuration that say which networks there are.
        root_seed: of the configuration.
    """
    width, batch, rate = design["width"], design["batch"], design["learning_rate"]
    rows: list[dict[str, Any]] = []

    def add(sample: str, alpha: float, gain: float, draw: int = 0, **other: Any) -> None:
        row = {"sample": sample, "alpha": alpha, "gain": gain, "width": width, "batch": batch} | other
        place = f"N{row['width']}/a{alpha:g}/g{gain:g}"
        rows.append(
            {
                "point": f"{sample}/{place}/{draw}",
                "seed_key": seed_key(root_seed, "levy_training", place, draw),
                "learning_rate": rate * width / row["width"],
                **row,
            }
        )

    for alpha in design["alphas"]:
        for gain in design["gains"]:
            add(ON_GRID, alpha, gain)
    for alpha, gain in design["repeats"]["points"]:
        for draw in range(1, design["repeats"]["networks"] + 1):
            add(REPEATED, alpha, gain, draw)
    largest = max(design["alphas"])
    for gain in design["narrow"]["gains"]:
        for narrow in design["narrow"]["widths"]:
            add(NARROW, largest, gain, width=narrow)
        if gain not in design["gains"]:
            add(NARROW, largest, gain)
    for alpha, gain in design["sensitivity"]["points"]:
        add(OTHER_BATCH, alpha, gain, batch=design["sensitivity"]["batch"])
    return pd.DataFrame(rows)
