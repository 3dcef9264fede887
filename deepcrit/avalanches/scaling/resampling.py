"""Bootstrap over blocks: what shares a network is drawn together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["multinomial_weights"]


def multinomial_weights(
    n_blocks: int, replicates: int, generator: np.random.Generator, *, at_a_time: int = 50
) -> Iterator[NDArray[np.float64]]:
    """How often each block is drawn, in pieces of shape (at most `at_a_time`, n_blocks).

    Sums over a resample are these weights times sums per block.

    Raises:
        ValueError: under two blocks or replicates.
    """
    if n_blocks < 2:
        raise ValueError(f"a bootstrap over blocks needs at least 2 blocks, got {n_blocks}")
    if replicates < 2:
        raise ValueError(f"a bootstrap needs at least 2 replicates, got {replicates}")
    equal = np.full(n_blocks, 1.0 / n_blocks)
    for start in range(0, replicates, at_a_time):
        drawn = generator.multinomial(n_blocks, equal, size=min(at_a_time, replicates - start))
        yield drawn.astype(np.float64)
