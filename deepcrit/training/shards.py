"""How the networks of a manifest are shared out, into shards and groups, and how one shard is trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from deepcrit.core.schema import Schema
from deepcrit.core.tables import write_parquet
from deepcrit.training.parts import even_parts


def points_of_shard(manifest: pd.DataFrame, shard: int, shards: int, alike: Sequence[str] = ()) -> pd.DataFrame:
    """Every ``shards``-th row of a manifest, so that each shard holds as many wide networks as the others.

    Rows of the same values in the columns ``alike`` that are fewer than half a shard are all in one, since each step of
    a few networks takes nearly as long as one of twice as many.
    """
    if not alike:
        return manifest.iloc[shard::shards]
    kinds = [rows for _, rows in manifest.groupby([*alike], sort=False)]
    few = [2 * shards * len(rows) <= len(manifest) for rows in kinds]
    dealt = [rows.iloc[shard::shards] for rows, whole in zip(kinds, few, strict=True) if not whole]
    dealt += [rows for rows, whole in zip(kinds, few, strict=True) if whole][shard::shards]
    return pd.concat([manifest.iloc[:0], *dealt])


def groups_of(points: pd.DataFrame, together: int, alike: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Rows cut evenly into groups of the same values in the columns ``alike``, of at most ``together`` networks."""
    for _, rows in points.groupby([*alike], sort=False):
        start = 0
        for size in even_parts(len(rows), together):
            yield rows.iloc[start : start + size]
            start += size


def train_shard(
    groups: Mapping[str, pd.DataFrame],
    train: Callable[[pd.DataFrame, Path], pd.DataFrame],
    checkpoints: str | Path,
    history: str | Path,
    schema: Schema,
    provenance: Mapping[str, str],
) -> None:
    """Train groups of networks and write their history; only then are their checkpoints removed.

    Args:
        groups: rows of a manifest that are trained side by side, by a name that is theirs among all shards.
        train: trains a group, with its state in the file that it is given, and returns its rows.
        checkpoints: directory of these files.
        history: path of the table.
        schema: of the table, which has no rows where there are no groups.
        provenance: of the table.
    """
    parts = [pd.DataFrame({column.name: [] for column in schema.columns})]
    paths = {name: Path(checkpoints) / f"{name}.pt" for name in groups}
    parts += [train(group, paths[name]) for name, group in groups.items()]
    write_parquet(pd.concat(parts), history, schema, provenance)
    for path in paths.values():
        # the orphan of a killed run may be doing the same
        path.unlink(missing_ok=True)
