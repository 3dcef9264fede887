"""Typed tables: what is refused, and that a file is whole or absent."""

import hashlib
import os
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from deepcrit.avalanches.schemas import AVALANCHES, BLOCKS, CRACKLING
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.schema import Column, Kind, Schema
from deepcrit.core.tables import (
    TableError,
    check_table,
    is_whole,
    read_parquet,
    read_provenance,
    read_tsv,
    write_parquet,
    write_tsv,
    written_aside,
)
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.wanted import WantedFile


@pytest.fixture
def avalanches():
    return pd.DataFrame(
        {"block": [0, 0, 1], "duration": [1, 5, 2], "size": [0.1, 2.0, 0.3], "censored": [False, True, False]}
    )


@pytest.fixture
def gathered():
    return pd.DataFrame(
        {
            "sample": "radial",
            "width": [25, 50],
            "relation": "gamma",
            "value": [1.5, np.nan],
            "ci_low": [1.4, -np.inf],
            "ci_high": [1.6, np.inf],
            "ci_method": ["a", ""],
        }
    )


def test_parquet_round_trip(tmp_path, avalanches):
    """Rows, types and provenance come back as written."""
    path = tmp_path / "a" / "avalanches.parquet"
    write_parquet(avalanches, path, AVALANCHES, {"seed": "1"})
    back = read_parquet(path, AVALANCHES)
    assert back.dtypes.astype(str).to_dict() == {
        "block": "int32",
        "duration": "int32",
        "size": "float64",
        "censored": "bool",
    }
    assert back["size"].tolist() == [0.1, 2.0, 0.3]
    assert read_provenance(path) == {"seed": "1", "schema": "avalanches"}
    assert read_parquet(path, AVALANCHES, ["size"]).columns.tolist() == ["size"]


def test_some_rows_are_those_of_the_whole_table(tmp_path: Path) -> None:
    """In its order, from a table longer than what is held at a time; none is no error; other columns are one."""
    path, rng = tmp_path / "avalanches.parquet", np.random.default_rng(1)
    whole = pd.DataFrame({"block": rng.integers(0, 4, 500), "duration": rng.integers(1, 9, 500),
                          "size": rng.random(500), "censored": False})  # fmt: skip
    write_parquet(whole, path, AVALANCHES, {})
    read = read_parquet(path, AVALANCHES)
    chosen = read[read["block"].isin([1, 3]) & (read["duration"] == 2)].reset_index(drop=True)
    where = {"block": [3, 1], "duration": [2]}
    pd.testing.assert_frame_equal(read_parquet(path, AVALANCHES, where=where), chosen)
    pd.testing.assert_frame_equal(read_parquet(path, AVALANCHES, ["size"], where), chosen[["size"]])
    assert read_parquet(path, AVALANCHES, where={"block": [7]}).empty
    assert read_parquet(path, AVALANCHES, where={"block": []}).dtypes.equals(read.dtypes)
    with pytest.raises(TableError, match=r"avalanches\.parquet: found columns .*, expected blocks"):
        read_parquet(path, BLOCKS, where={"network": [1]})


def test_tsv_round_trip_keeps_unbounded_and_missing(tmp_path, gathered):
    """Unbounded ends and missing values survive a TSV; an empty text stays a text."""
    path = tmp_path / "crackling.tsv"
    write_tsv(gathered, path, CRACKLING)
    back = read_tsv(path, CRACKLING)
    assert np.isnan(back["value"][1])
    assert back["ci_low"][1] == -np.inf
    assert back["ci_method"].tolist() == ["a", ""]


def test_equal_tables_are_equal_files(tmp_path, avalanches):
    """Nothing but the content enters a file."""
    paths = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    for path in paths:
        write_parquet(avalanches, path, AVALANCHES, {"b": "2", "a": "1"})
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="size"), "column 'size' of avalanches is missing"),
        (lambda f: f.assign(extra=1), "column 'extra' is not part of avalanches"),
        (lambda f: f.assign(duration=["x", "y", "z"]), "column 'duration' of avalanches: expected int32"),
        (lambda f: f.assign(size=[0.1, np.nan, 1.0]), "column 'size' of avalanches: found a value that is not finite"),
    ],
)
def test_wrong_columns_are_named(avalanches, change, message):
    """A table that fails its schema fails with the column named."""
    with pytest.raises(TableError, match=message):
        check_table(change(avalanches), AVALANCHES)


def test_truncated_parquet_is_refused_by_name(tmp_path, avalanches):
    """Half a file is no table."""
    path = tmp_path / "avalanches.parquet"
    write_parquet(avalanches, path, AVALANCHES, {})
    path.write_bytes(path.read_bytes()[:-20])
    for read in (
        lambda: read_parquet(path, AVALANCHES),
        lambda: read_parquet(path, AVALANCHES, where={"block": [0]}),
        lambda: read_provenance(path),
    ):
        with pytest.raises(TableError, match=r"avalanches\.parquet: not a whole Parquet table"):
            read()


def test_edited_parquet_is_refused_by_name(tmp_path):
    """A flipped byte in the middle of the data is noticed by the checksums of its pages."""
    path = tmp_path / "avalanches.parquet"
    n = 5000
    sizes = np.random.default_rng(0).random(n)
    frame = pd.DataFrame({"block": 0, "duration": np.arange(n) + 1, "size": sizes, "censored": False})
    write_parquet(frame, path, AVALANCHES, {})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    for where in (None, {"block": [0]}):
        with pytest.raises(TableError, match=r"avalanches\.parquet: not a whole Parquet table"):
            read_parquet(path, AVALANCHES, where=where)


def test_another_schema_is_refused(tmp_path, avalanches):
    """A file of other columns is refused with what was found and expected."""
    path = tmp_path / "avalanches.parquet"
    write_parquet(avalanches, path, AVALANCHES, {})
    with pytest.raises(TableError, match="expected blocks"):
        read_parquet(path, BLOCKS)


def test_interrupted_write_leaves_the_old_file(tmp_path):
    """An exception while writing leaves neither half a file nor a leftover, and keeps what was there."""
    path = tmp_path / "x.txt"
    path.write_text("old", encoding="utf-8")

    def interrupted():
        with written_aside(path) as aside:
            aside.write_text("new", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_every_column_is_described():
    """Schemas have no nameless or duplicate columns."""
    for schema in SCHEMAS.values():
        names = [column.name for column in schema.columns]
        assert len(set(names)) == len(names), schema
        assert all(column.what for column in schema.columns), schema


def test_a_changed_byte_anywhere_in_a_parquet_table_is_noticed(tmp_path: Path) -> None:
    """Of what is written every byte counts, those of the footer too, and what was merely touched is whole.

    The name of what wrote it is left out: a table of another version of Arrow is judged by its checksums alone.
    """
    path = tmp_path / "table.parquet"
    frame = pd.DataFrame({"x": np.arange(1000.0), "n": np.arange(1000)})
    columns = (Column("x", "float64", "a number"), Column("n", "int32", "another"))
    write_parquet(frame, path, Schema("numbers", columns), {"seed": "7", "versions": "numpy=1"})
    content = path.read_bytes()
    path.touch()
    assert is_whole(path)
    writer = pq.read_metadata(path).created_by.encode()
    named = range(content.index(writer), content.index(writer) + len(writer))
    for place in set(range(0, len(content), 3)) - set(named):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        assert not is_whole(path), place
    path.write_bytes(content[:-100])
    assert not is_whole(path)


def test_a_long_parquet_table_is_whole(tmp_path: Path) -> None:
    """More rows than a group of rows holds are read and written again to the same bytes."""
    path = tmp_path / "table.parquet"
    frame = pd.DataFrame({"x": np.random.default_rng(1).random(1_200_000)})
    write_parquet(frame, path, Schema("numbers", (Column("x", "float64", "a number"),)), {})
    assert is_whole(path)


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("rows", [0, 3])
def test_a_table_of_any_kind_of_column_is_whole(tmp_path: Path, kind: Kind, rows: int) -> None:
    """Whatever a column holds, an empty one included, nothing of it is taken for damage."""
    values = {
        "text": ["a", "b", "a"],
        "bool": [True, False, True],
        "float64": [1.5, np.nan, np.inf],
        "profile": [[1.0], [0.5, 2.0], [0.25, 0.5, 0.125]],
        "singles": [[1.0], [0.5, 2.0], [0.25, 0.5, 0.125]],
    }.get(kind, [3, 1, 2])
    path = tmp_path / "table.parquet"
    column = Column("x", kind, "something", nullable=kind == "float64")
    frame = pd.DataFrame({"x": values}).iloc[:rows]
    write_parquet(frame, path, Schema("things", (column,)), {"seed": "1"})
    assert is_whole(path)


@pytest.mark.parametrize(("kind", "cell"), [("bool", ""), ("bool", "yes"), ("float64", "1.x5")])
def test_garbled_cells_are_refused(tmp_path: Path, kind: Kind, cell: str) -> None:
    """A cell that is no value of its column stops with the column, instead of passing for True or for a missing one."""
    path = tmp_path / "a.tsv"
    path.write_text(f"first\tsecond\n{'True' if kind == 'bool' else 1.5}\t1\n{cell}\t2\n", encoding="utf-8")
    schema = Schema("garbled", (Column("first", kind, "", "", nullable=True), Column("second", "int64", "", "")))
    with pytest.raises(TableError, match=rf"a\.tsv: column 'first' of garbled: expected {kind}, .*{cell or 'nan'}"):
        read_tsv(path, schema)


def test_whole_tables_of_another_arrow_are_whole(
    tmp_path: Path, avalanches: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version of Arrow would write byte for byte is not known: checksums decide, and still see damage."""
    path = tmp_path / "a.parquet"
    write_parquet(avalanches, path, AVALANCHES, {"seed": "1"})
    content = path.read_bytes()
    writer = pq.read_metadata(path).created_by.encode()
    other = content.replace(writer, b"another writer".ljust(len(writer)))
    path.write_bytes(other)
    assert is_whole(path)
    path.write_bytes(other[:20] + bytes([other[20] ^ 1]) + other[21:])
    assert not is_whole(path)


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o027, 0o640), (0o002, 0o664)])
def test_who_may_read_is_up_to_the_umask(tmp_path, gathered, avalanches, umask, mode):
    """Tables, pictures and downloads are as private as any file that this user makes, also where one is replaced."""
    before = os.umask(umask)
    try:
        for _ in range(2):
            write_tsv(gathered, tmp_path / "small.tsv", CRACKLING)
            write_parquet(avalanches, tmp_path / "bulk.parquet", AVALANCHES, {})
            with written_aside(tmp_path / "picture.png") as aside:
                aside.write_bytes(b"picture")
        file = WantedFile("small.tsv", "md5", hashlib.md5((tmp_path / "small.tsv").read_bytes()).hexdigest())
        Downloader().fetch([file], [], tmp_path / "fetched", tmp_path)
    finally:
        os.umask(before)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 4
    assert {oct(path.stat().st_mode & 0o777) for path in written} == {oct(mode)}
