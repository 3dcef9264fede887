"""The observables that are fitted: durations, and sizes in the units that align widths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Observable:
    """Kept avalanches (1 <= D < L) of one sample at one width, as one of the two observables.

    Attributes:
        name: ``duration`` (layers) or ``size`` (S sqrt(N)).
        discrete: whether values are whole numbers.
        values: one value an avalanche, shape (n,).
        block: the block or network of each, shape (n,).
    """

    name: str
    discrete: bool
    values: NDArray[np.float64] | NDArray[np.int64]
    block: NDArray[np.int32]

    def cluster_sums(self, xmin: float, xmax: float, blocks: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Number of values in [xmin, xmax] and their sum of logarithms in each block, shape (blocks,)."""
        inside = (self.values >= xmin) & (self.values <= xmax)
        block = self.block[inside]
        counts = np.bincount(block, minlength=blocks).astype(np.int64)
        sums = np.bincount(block, weights=np.log(self.values[inside]), minlength=blocks).astype(np.float64)
        return counts, sums


def observables(avalanches: pd.DataFrame, width: int) -> list[Observable]:
    """Both observables of a table of avalanches; censored ones are dropped, and counted elsewhere."""
    kept = avalanches[~avalanches["censored"].to_numpy()]
    block = kept["block"].to_numpy()
    return [
        Observable("duration", True, kept["duration"].to_numpy().astype(np.int64), block),
        Observable("size", False, kept["size"].to_numpy() * np.sqrt(width), block),
    ]
