"""Results that were altered after their job: which are made again, and which are left."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from deepcrit.app.engine import Job
from deepcrit.app.launch.alterations import altered_results, lost_results, to_do
from deepcrit.core.schema import Column, Schema
from deepcrit.core.tables import TableError, read_tsv, write_parquet, write_tsv

NUMBERS = Schema("numbers", (Column("number", "float64", "", "a number"),))
FRAME = pd.DataFrame({"number": [float(row) for row in range(1000)]})
TSV, PARQUET, FIGURE = "results/a.tsv", "results/a.parquet", f"results/{'deep/' * 60}a.pdf"


MADE = Job("make", {}, "results/benchmarks/make.tsv", outputs=(TSV, PARQUET), due=False)
PLOT = Job("plot", {}, "results/benchmarks/plot.tsv", outputs=(FIGURE,), inputs=(TSV, "config.yaml"), due=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three results of two jobs, with their benchmarks."""
    write_tsv(FRAME, tmp_path / TSV, NUMBERS)
    write_parquet(FRAME, tmp_path / PARQUET, NUMBERS, {"seed": "1"})
    for name in (FIGURE, MADE.benchmark, PLOT.benchmark):
        (tmp_path / str(name)).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / str(name)).write_bytes(b"%PDF")
    assert mend(tmp_path) == []
    return tmp_path


MADE_AT: dict[Path, float] = {}


def jobs(root: Path) -> list[Job]:
    """The jobs, with the times at which Snakemake says that their results were made."""
    for name in (TSV, PARQUET, FIGURE):
        MADE_AT.setdefault(root / name, (root / name).stat().st_mtime if (root / name).exists() else 0.0)
    return [replace(job, made={name: MADE_AT[root / name] for name in job.outputs}) for job in (MADE, PLOT)]


def mend(root: Path) -> list[str]:
    """What was altered, mended and told."""
    return altered_results(root, jobs(root)).mend(root)


def lost(root: Path) -> set[str]:
    """What was deleted and has to be made again."""
    return lost_results(root, jobs(root), ())


def later(path: Path) -> None:
    """As if an hour had gone by since the job."""
    os.utime(path, (path.stat().st_mtime + 3600,) * 2)


def test_whole_parquet_tables_are_kept(root: Path) -> None:
    """A Parquet table that was touched or copied tells by its checksums that it is whole, and is left."""
    past = (root / PARQUET).stat().st_mtime - 3600
    os.utime(root / PARQUET, (past, past))
    assert mend(root) == []


def test_a_whole_parquet_table_of_the_future_gets_back_its_time(root: Path) -> None:
    """A table whose time has not come yet is whole and kept, with the time at which its job ended."""
    made = (root / PARQUET).stat().st_mtime
    later(root / PARQUET)
    assert mend(root) == [f"set back the time of {PARQUET}, which lay in the future"]
    assert (root / PARQUET).stat().st_mtime == pytest.approx(made, abs=1e-3)


@pytest.mark.parametrize("name", [TSV, FIGURE])
def test_other_results_are_removed_when_they_are_younger_than_their_job(root: Path, name: str) -> None:
    """A result without checksums that is younger than its job is removed, by name, and no other is."""
    later(root / name)
    assert mend(root) == [f"removed {name}, which was altered after it was made, to make it again"]
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
    assert altered_results(root, jobs(root)) == ([PARQUET], {})
    mend(root)
    assert not path.exists()


def test_results_without_a_record_are_left(root: Path) -> None:
    """A file that no job made, and one of which Snakemake does not know when it was made, are none of our business."""
    own = root / "results" / "mine.tsv"
    own.write_text("mine", encoding="utf-8")
    later(root / TSV)
    assert altered_results(root, [replace(job, made={}) for job in jobs(root)]) == ([], {})
    assert own.exists()


def test_what_was_deleted_is_lost_if_something_was_made_from_it(root: Path) -> None:
    """A table from which a figure was made, or that was made with another, is lost once it is deleted."""
    assert lost(root) == set()
    (root / TSV).unlink()
    assert lost(root) == {TSV}
    (root / PARQUET).unlink()
    assert lost(root) == {TSV}, "from which the figure was made"
    (root / FIGURE).unlink()
    assert lost(root) == set(), "nothing is there any more: all of it is to do"


def test_what_was_made_with_others_is_lost(root: Path) -> None:
    """Nor is a table forgotten from which nothing was made, as long as there is one of the same job."""
    (root / PARQUET).unlink()
    assert lost(root) == {PARQUET}


def test_what_a_failed_job_removed_is_not_lost(root: Path) -> None:
    """Snakemake dates what a job did not make that failed, too, but its benchmark is that of an earlier success."""
    (root / TSV).unlink()
    failed = replace(jobs(root)[0], made={TSV: MADE_AT[root / TSV] + 60})
    assert lost_results(root, [failed, jobs(root)[1]], ()) == set()
    assert lost_results(root, jobs(root), ()) == {TSV}


def test_a_dry_run_plans_what_a_run_does(root: Path) -> None:
    """A damaged table is made again and, as it comes out the same, nothing else; what has other reasons is done."""
    later(root / TSV)
    altered = altered_results(root, jobs(root))
    gone = lost_results(root, jobs(root), altered.damaged)
    assert gone == {TSV}
    made, plot = jobs(root)
    plot = replace(plot, due=True, updated=frozenset({TSV}))
    whole = Job("all", {}, inputs=(FIGURE,), updated=frozenset({FIGURE}))
    assert to_do([made, plot, whole], altered, gone) == [made]
    also = replace(plot, updated=frozenset({TSV, "config.yaml"}))
    assert to_do([made, also, whole], altered, gone) == [made, also, whole]
    other = replace(plot, updated=None)
    assert to_do([made, other, whole], altered, gone) == [made, other, whole]


def test_a_small_table_that_ends_within_a_line_is_refused(root: Path) -> None:
    """Cut anywhere but between lines, a TSV table is refused by name when it is read, with what to do."""
    path = root / TSV
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(TableError, match=r"a\.tsv: not a whole TSV table .*; delete it to have it made again"):
        read_tsv(path, NUMBERS)
