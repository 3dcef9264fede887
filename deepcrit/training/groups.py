"""How the networks of a manifest are shared out: into shards, and into groups that are trained side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from deepcrit.training.parts import even_parts


def points_of_shard(manifest: pd.DataFrame, shard: int, shards: int) -> pd.DataFrame:
    """Every ``shards``-th row of a manifest, so that each shard holds as many wide networks as the others."""
    return manifest.iloc[shard::shards]


def groups_of(points: pd.DataFrame, together: int, alike: Sequence[str] = ("width", "depth")) -> Iterator[pd.DataFrame]:
    """Rows cut evenly into groups of the same values in the columns ``alike``, of at most ``together`` networks."""
    for _, rows in points.groupby([*alike], sort=False):
        start = 0
        for size in even_parts(len(rows), together):
            yield rows.iloc[start : start + size]
            start += size
