"""Results that were altered after their job: which are made again, and which are left."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path

import pandas as pd
import pytest

from deepcrit.app.launch.alterations import lost_results, mend_altered
from deepcrit.app.launch.engine import Job
from deepcrit.core.schema import Column, Schema
from deepcrit.core.tables import TableError, read_tsv, write_parquet, write_tsv

NUMBERS = Schema("numbers", (Column("number", "float64", "", "a number"),))
FRAME = pd.DataFrame({"number": [float(row) for row in range(1000)]})
TSV, PARQUET, FIGURE = "results/a.tsv", "results/a.parquet", f"results/{'deep/' * 60}a.pdf"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three results with the records that Snakemake keeps of them, one of a name longer than a file's can be."""
    write_tsv(FRAME, tmp_path / TSV, NUMBERS)
    write_parquet(FRAME, tmp_path / PARQUET, NUMBERS, {"seed": "1"})
    (tmp_path / FIGURE).parent.mkdir(parents=True)
    (tmp_path / FIGURE).write_bytes(b"%PDF")
    for name in (TSV, PARQUET, FIGURE):
        note(tmp_path, "metadata", name, json.dumps({"endtime": (tmp_path / name).stat().st_mtime}))
    assert mend_altered(tmp_path).sentences == []
    return tmp_path


def note(root: Path, kind: str, name: str, content: str) -> None:
    """Write what Snakemake keeps of a result, under a name that is cut where it is longer than a file's can be."""
    encoded = urlsafe_b64encode(name.encode()).decode()
    *long, last = [encoded[at : at + 254] for at in range(0, len(encoded), 254)]
    path = root.joinpath(".snakemake", kind, *(f"@{part}" for part in long), last)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def later(path: Path) -> None:
    """As if an hour had gone by since the job."""
    os.utime(path, (path.stat().st_mtime + 3600,) * 2)


def test_whole_parquet_tables_are_kept(root: Path) -> None:
    """A Parquet table that was touched or copied tells by its checksums that it is whole, and is left."""
    past = (root / PARQUET).stat().st_mtime - 3600
    os.utime(root / PARQUET, (past, past))
    assert mend_altered(root).sentences == []


def test_a_whole_parquet_table_of_the_future_gets_back_its_time(root: Path) -> None:
    """A table whose time has not come yet is whole and kept, with the time at which its job ended."""
    made = (root / PARQUET).stat().st_mtime
    later(root / PARQUET)
    assert mend_altered(root).sentences == [f"set back the time of {PARQUET}, which lay in the future"]
    assert (root / PARQUET).stat().st_mtime == pytest.approx(made, abs=1e-3)


@pytest.mark.parametrize("name", [TSV, FIGURE])
def test_other_results_are_removed_when_they_are_younger_than_their_job(root: Path, name: str) -> None:
    """A result without checksums that is younger than its job is removed, by name, and no other is."""
    later(root / name)
    assert mend_altered(root).sentences == [f"removed {name}, which was altered after it was made, to make it again"]
    assert [(root / other).exists() for other in (TSV, PARQUET, FIGURE)] == [
        other != name for other in (TSV, PARQUET, FIGURE)
    ]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "saved by other hands"])
def test_damaged_parquet_tables_are_removed(root: Path, damage: str) -> None:
    """Half a table, one with a wrong bit, and one without provenance are no tables of ours."""
    path = root / PARQUET
    content = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    else:
        FRAME.to_parquet(path)
    later(path)
    assert mend_altered(root) == ([PARQUET], [])
    assert not path.exists()


def test_results_without_a_record_are_left(root: Path) -> None:
    """A file that Snakemake did not make, and one whose record is not whole, are none of our business."""
    own = root / "results" / "mine.tsv"
    own.write_text("mine")
    later(root / TSV)
    note(root, "metadata", TSV, '{"endt')
    assert mend_altered(root).sentences == []
    assert own.exists()


PLOT = Job("plot", {}, outputs=(FIGURE,), inputs=(TSV, "config.yaml"))


def test_what_was_deleted_is_lost_if_something_was_made_from_it(root: Path) -> None:
    """A table without which a figure would be outdated is lost once it is deleted; without the figure, it is not."""
    assert lost_results(root, [PLOT]) == set()
    (root / TSV).unlink()
    assert lost_results(root, [PLOT]) == {TSV}
    (root / FIGURE).unlink()
    assert lost_results(root, [PLOT]) == set()


def test_a_rule_that_only_asks_for_results_is_not_made_from_them(root: Path) -> None:
    """The rule all makes nothing: what it asks for is to do, and not lost."""
    (root / TSV).unlink()
    assert lost_results(root, [Job("all", {}, inputs=(TSV,))]) == set()


def test_what_a_killed_job_removed_is_not_lost(root: Path) -> None:
    """Snakemake removes results of a job as it begins, with a mark: a job killed at work is one among those to do."""
    (root / TSV).unlink()
    note(root, "incomplete", TSV, "{}")
    assert lost_results(root, [PLOT]) == set()


def test_what_a_failed_job_removed_is_not_lost(root: Path) -> None:
    """Nor is what a job did not make that failed after the figure was made from its earlier result."""
    note(root, "metadata", TSV, json.dumps({"endtime": (root / FIGURE).stat().st_mtime + 60}))
    (root / TSV).unlink()
    assert lost_results(root, [PLOT]) == set()


def test_a_small_table_that_ends_within_a_line_is_refused(root: Path) -> None:
    """Cut anywhere but between lines, a TSV table is refused by name when it is read, with what to do."""
    path = root / TSV
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(TableError, match=r"a\.tsv: not a whole TSV table .*; delete it to have it made again"):
        read_tsv(path, NUMBERS)
