"""One shard of a training: when its checkpoints go."""

from pathlib import Path

import pandas as pd
import pytest

from deepcrit.core.schema import Column, Schema
from deepcrit.core.tables import TableError, read_parquet
from deepcrit.training.shards import train_shard

SCHEMA = Schema("made_up", (Column("point", "text", "name of the network"),))
GROUPS = {"0_0": pd.DataFrame({"point": ["a", "b"]}), "0_1": pd.DataFrame({"point": ["c"]})}


def test_checkpoints_may_go_by_another_hand(tmp_path: Path) -> None:
    """The orphan of a killed run removes a checkpoint: the table is whole, and the others are removed."""

    def train(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
        checkpoint.write_text("state", encoding="utf-8")
        (tmp_path / "0_0.pt").unlink(missing_ok=True)
        return group

    train_shard(GROUPS, train, tmp_path, tmp_path / "history.parquet", SCHEMA, {})
    assert read_parquet(tmp_path / "history.parquet", SCHEMA)["point"].tolist() == ["a", "b", "c"]
    assert [path.name for path in tmp_path.iterdir()] == ["history.parquet"]


def test_checkpoints_outlive_a_table_that_cannot_be_written(tmp_path: Path) -> None:
    """What was trained is not lost with the table."""

    def train(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
        checkpoint.write_text("state", encoding="utf-8")
        return group.rename(columns={"point": "other"})

    with pytest.raises(TableError):
        train_shard(GROUPS, train, tmp_path, tmp_path / "history.parquet", SCHEMA, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0_0.pt", "0_1.pt"]
