"""How the networks of a manifest are shared out: into shards, and into groups that are trained side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd


def points_of_shard(manifest: pd.DataFrame, shard: int, shards: int) -> pd.DataFrame:
    """Every ``shards``-th row of a manifest, so that each shard holds as many wide networks as the others."""
    return manifest.iloc[shard::shards]


def groups_of(points: pd.DataFrame, together: int) -> Iterator[pd.DataFrame]:
    """Rows cut into groups of one width and depth, of at most ``together`` networks."""
    for _, alike in points.groupby(["width", "depth"], sort=False):
        for start in range(0, len(alike), together):
            yield alike.iloc[start : start + together]
