"""Bootstrap over blocks: what shares a network is drawn together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["BasicInterval", "basic_interval", "check_confidence", "multinomial_weights"]


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless 0 < confidence < 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly between 0 and 1, got {confidence}")


def multinomial_weights(
    n_blocks: int, replicates: int, generator: np.random.Generator, *, at_a_time: int = 50
) -> Iterator[NDArray[np.float64]]:
    """How often each block is drawn, in pieces of shape (at most `at_a_time`, n_blocks).

    Sums over a resample are these weights times sums per block. Raises ValueError under two blocks or
    replicates.
    """
    if n_blocks < 2:
        raise ValueError(f"a bootstrap over blocks needs at least 2 blocks, got {n_blocks}")
    if replicates < 2:
        raise ValueError(f"a bootstrap needs at least 2 replicates, got {replicates}")
    equal = np.full(n_blocks, 1.0 / n_blocks)
    for start in range(0, replicates, at_a_time):
        drawn = generator.multinomial(n_blocks, equal, size=min(at_a_time, replicates - start))
        yield drawn.astype(np.float64)


class BasicInterval(NamedTuple):
    """Both ends, and ``told``, which is empty or, for a name of the method, that the estimate widened the interval."""

    low: float
    high: float
    told: str


def basic_interval(estimate: float, values: NDArray[np.float64], confidence: float) -> BasicInterval:
    """Basic (reversed percentile) bootstrap interval: 2 estimate - quantiles of the bootstrap values.

    Noise biases both the slope and the exponent of the best collapse, and resampled data, noisier than the data, show
    that bias once more: percentiles double it, reversing them removes it (Davison and Hinkley 1997, section 5.2).
    Where nearly all bootstrap values lie on one side of the estimate, bias exceeds noise and no bootstrap interval, by
    percentiles or accelerated, holds it. This one is then widened to the estimate, covers no less, and says so.
    Quantiles are rounded outwards to values that occurred.

    Infinite values stand for replicates without a bounded estimate, so that an end of the interval is infinite as
    soon as too many of them are; NaN stands for replicates without any estimate and is left out. With fewer than two
    estimates left both ends are NaN. Raises ValueError for a confidence outside (0, 1).
    """
    check_confidence(confidence)
    kept = np.sort(values[~np.isnan(values)])
    if kept.size < 2:
        return BasicInterval(float("nan"), float("nan"), "")
    tail = 0.5 * (1.0 - confidence) * (kept.size - 1)
    margin = int(np.floor(tail + 1e-9))
    low, high = (float(2.0 * estimate - kept[place]) for place in (kept.size - 1 - margin, margin))
    told = "" if low <= estimate <= high else ", widened to the value"
    return BasicInterval(min(low, estimate), max(high, estimate), told)
