"""Points of the plane of weight and bias variance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from deepcrit.core.grids import regular_grid

NETWORK_KEYS = ["network", "width", "depth"]
BIAS_KEYS = ["bias_variance", "log10_bias_variance"]
POINT_KEYS = [*NETWORK_KEYS, "weight_variance", *BIAS_KEYS]
"""Columns that name a point in every table of the plane."""


class Point(NamedTuple):
    """One point; ``log10_bias_variance`` is minus infinity without bias."""

    weight_variance: float
    bias_variance: float
    log10_bias_variance: float


def bias_variances(log_bias_variances: Sequence[float]) -> list[tuple[float, float]]:
    """Bias variances and their log10, no bias first; of twelve digits, as tables keep them, so that tables join."""
    return [(0.0, -np.inf), *((float(f"{10.0**value:.12g}"), value) for value in log_bias_variances)]


def plane_points(
    weight_variances: Mapping[str, float], log_bias_variances: Sequence[float], shard: int = 0, shards: int = 1
) -> Iterator[Point]:
    """All points of a shard, by bias variance and then weight variance.

    Every ``shards``-th point belongs to a shard, so that each has its part of the slow, supercritical ones.

    Raises:
        ValueError: if there is no such shard.
    """
    if not 0 <= shard < shards:
        raise ValueError(f"shard: found {shard}, expected 0 <= shard < {shards}")
    whole = [
        Point(float(sw2), sb2, log10)
        for sb2, log10 in bias_variances(log_bias_variances)
        for sw2 in regular_grid(**weight_variances)
    ]
    yield from whole[shard::shards]
