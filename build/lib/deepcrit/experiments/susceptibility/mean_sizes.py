"""Mean sizes by the three ways of counting: of simulated blocks, and of the exact law."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.physics.propagation.annealed import simulate_annealed
from deepcrit.physics.propagation.block import AvalancheBlock
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law
from deepcrit.stats.intervals import student_interval

COUNTINGS = ("kept", "started", "all")
LEAST_SHARE = 1e-12
"""Exact means over a smaller share of inputs than this, which no simulation meets, are not given."""

_SAMPLERS = {"radial": simulate_radial, "annealed": simulate_annealed}
_NO_PROFILES = (1, 1)


def simulate_plane_blocks(
    method: str, spec: NetworkSpec, blocks: int, launched: int, seed: int, experiment: str
) -> list[AvalancheBlock]:
    """Independent blocks at one point; the seed of a block is that of its experiment, point and index.

    Args:
        method: ``radial`` or ``annealed``.
        spec: the network.
        blocks: their number.
        launched: inputs launched in each.
        seed: root of the seeds.
        experiment: part of the seeds.
    """
    point = f"{method}/N{spec.width}/L{spec.depth}/{spec.weight_variance:.12g}/{spec.bias_variance:.12g}"
    keys = (seed_key(seed, experiment, point, block) for block in range(blocks))
    return [_SAMPLERS[method](spec, launched, generator(key), _NO_PROFILES) for key in keys]


def sums_of_blocks(blocks: list[AvalancheBlock]) -> pd.DataFrame:
    """One row a block: inputs launched, and counts and summed sizes of kept and censored avalanches."""
    rows = [
        (
            index,
            block.launched,
            int((~block.censored).sum()),
            float(block.size[~block.censored].sum()),
            int(block.censored.sum()),
            float(block.size[block.censored].sum()),
        )
        for index, block in enumerate(blocks)
    ]
    return pd.DataFrame(rows, columns=["block", "launched", "kept", "kept_size", "censored", "censored_size"])


def ended_avalanches(blocks: list[AvalancheBlock]) -> pd.DataFrame:
    """Block, duration and size of every avalanche that started and ended inside the network."""
    ended = [~block.censored for block in blocks]
    return pd.DataFrame(
        {
            "block": np.repeat(np.arange(len(blocks)), [found.sum() for found in ended]),
            "duration": np.concatenate([block.duration[found] for block, found in zip(blocks, ended, strict=True)]),
            "size": np.concatenate([block.size[found] for block, found in zip(blocks, ended, strict=True)]),
        }
    )


def counted(sums: pd.DataFrame, counting: str) -> tuple[Floats, Floats]:
    """Inputs that count, and their summed size, in each row of :func:`sums_of_blocks`; float64, (rows,)."""
    if counting == "kept":
        found = sums["kept"], sums["kept_size"]
    elif counting == "started":
        found = sums["kept"] + sums["censored"], sums["kept_size"] + sums["censored_size"]
    else:
        found = sums["launched"], sums["kept_size"] + sums["censored_size"]
    return found[0].to_numpy(np.float64), found[1].to_numpy(np.float64)


class Mean(NamedTuple):
    """A mean size with its error; NaN where too few inputs count."""

    avalanches: int
    mean: float
    standard_error: float
    low: float
    high: float


def mean_of_blocks(count: Floats, size: Floats, confidence: float, minimum: int) -> Mean:
    """Summed size over summed count, with the error of a ratio between independent blocks.

    Args:
        count: inputs that count in each block, (blocks,).
        size: their summed size, (blocks,).
        confidence: level of the interval, Student's with one degree of freedom less than blocks.
        minimum: fewest inputs for which a mean is given.
    """
    total = count.sum()
    if total < minimum:
        return Mean(int(total), np.nan, np.nan, np.nan, np.nan)
    mean = size.sum() / total
    blocks = len(count)
    error = np.sqrt(np.sum((size - mean * count) ** 2) * blocks / (blocks - 1)) / total
    return Mean(int(total), *map(float, student_interval(float(mean), float(error), blocks - 1, confidence)))


class ExactMean(NamedTuple):
    """Share of launched inputs that count, and their mean size; NaN under :data:`LEAST_SHARE`."""

    share: float
    mean: float


def exact_means(spec: NetworkSpec) -> tuple[dict[str, ExactMean], float]:
    """Exact mean size by each way of counting, and the exact censored fraction."""
    law = transfer_law(spec)
    kept, kept_size = law.kept_fraction, float(law.probability @ law.mean_size)
    censored = law.censored_fraction
    size = kept_size + censored * law.mean_censored_size
    shares = {"kept": (kept, kept_size), "started": (kept + censored, size), "all": (1.0, size)}
    means = {
        counting: ExactMean(share, total / share if share > LEAST_SHARE else np.nan)
        for counting, (share, total) in shares.items()
    }
    return means, censored
