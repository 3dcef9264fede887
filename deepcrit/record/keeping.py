"""The record: of every claim the verdict of its best run, with the tables that it rests on.

``record/scoreboard.tsv`` has the best verdict on each claim, and ``record/runs/<scale>/`` scoreboard, provenance and
the judged rows of tables of the run at that scale. Which way a run decided has no part in the choice: one that decided
the claim goes before one that left it open, and of these the one at the larger scale.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from deepcrit.claims.evidence import judged_rows, tables_behind, tables_used
from deepcrit.claims.model import Claim
from deepcrit.claims.schemas import RUN_PROVENANCE, SCOREBOARD
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.record.outcome import BOARD, PROVENANCE, RECORDED_RUNS

__all__ = ["RecordError", "best_of_each", "keep", "provenance_of"]

SCALES = ("smoke", "default", "night", "paper")  # from the smallest
_LARGEST = 2_000_000  # bytes
# what a run says that leaves a claim open, from what is known least
_OPEN = ("not testable here", "undecided")


class RecordError(ValueError):
    """Results that cannot be kept; the message says why."""


def keep(results: Path, record: Path, claims: Sequence[Claim]) -> pd.DataFrame:
    """Put a run into the record, in place of an earlier one at its scale, and choose the best of each claim anew.

    Args:
        results: directory of a finished run.
        record: the record's, which is made if there is none.
        claims: all that are judged, whichever run judged them.

    Returns:
        The record's scoreboard, in the order of the claims.

    Raises:
        FileNotFoundError: if the run has no scoreboard or no provenance.
        RecordError: if it is of an unknown scale, if scoreboard and provenance are of different runs, or if the record
            would be larger than 2 MB.
        TableError: if a table is not whole.
    """
    board = read_tsv(results / BOARD, SCOREBOARD)
    told = provenance_of(results)
    scales = set(board["scale"])
    if scales != {told["scale"]}:
        raise RecordError(
            f"{results / BOARD} is of scale {', '.join(sorted(scales))}, its provenance of {told['scale']}"
        )
    if told["scale"] not in SCALES:
        raise RecordError(f"found scale {told['scale']!r}, expected one of {', '.join(SCALES)}")
    with TemporaryDirectory(prefix=f".{record.name}.", dir=record.resolve().parent) as aside:
        new = Path(aside) / record.name
        if (record / RECORDED_RUNS).is_dir():
            shutil.copytree(record / RECORDED_RUNS, new / RECORDED_RUNS)
        run = new / RECORDED_RUNS / told["scale"]
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir(parents=True)
        for name in (BOARD, PROVENANCE):
            shutil.copyfile(results / name, run / name)
        for table in {table for claim in claims for table in tables_used(claim)}:
            if (results / f"{table}.tsv").is_file():
                _keep_rows(table, results, run, claims)
        found = {path.name: read_tsv(path / BOARD, SCOREBOARD) for path in sorted((new / RECORDED_RUNS).iterdir())}
        best = best_of_each([claim.id for claim in claims], found)
        write_tsv(best, new / BOARD, SCOREBOARD)
        size = sum(path.stat().st_size for path in new.rglob("*") if path.is_file())
        if size > _LARGEST:
            expected = f"expected at most {_LARGEST / 1e6:.0f} MB: remove a folder of {record / RECORDED_RUNS}"
            raise RecordError(f"the record would have {size / 1e6:.1f} MB, {expected}")
        shutil.rmtree(record, ignore_errors=True)
        new.rename(record)
    return best


def _keep_rows(table: str, results: Path, run: Path, claims: Sequence[Claim]) -> None:
    """Keep of a table the rows that claims are judged from, or all where they are counted or say by which protocol."""
    schema = SCHEMAS[table.rpartition("/")[2]]
    rows = read_tsv(results / f"{table}.tsv", schema)
    if not any(table in tables_used(claim) and table not in tables_behind(claim) for claim in claims):
        picked = pd.concat([judged_rows(claim, table, rows) for claim in claims if table in tables_behind(claim)])
        rows = picked[~picked.index.duplicated()].sort_index()
    write_tsv(rows, run / f"{table}.tsv", schema)


def best_of_each(claims: Iterable[str], found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The row of the best run of each claim.

    Args:
        claims: identifiers, in the order of the rows.
        found: schema ``scoreboard``, by scale.
    """
    boards = [{str(row["claim"]): row for row in board.to_dict("records")} for board in found.values()]
    rows = []
    for claim in claims:
        there = [board[claim] for board in boards if claim in board]
        if there:
            rows.append(max(there, key=_worth))
    return pd.DataFrame(rows, columns=[column.name for column in SCOREBOARD.columns])


def provenance_of(directory: Path) -> dict[str, str]:
    """What identifies a run, in order.

    Raises:
        FileNotFoundError: if its directory does not say.
    """
    return dict(read_tsv(directory / PROVENANCE, RUN_PROVENANCE).itertuples(index=False, name=None))


def _worth(row: Mapping[Any, Any]) -> tuple[int, int]:
    return [*_OPEN, row["verdict"]].index(row["verdict"]), SCALES.index(str(row["scale"]))
