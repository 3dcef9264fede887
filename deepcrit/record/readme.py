"""What the record says, in the first lines of the README."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.claims.totals import by_evidence, in_words
from deepcrit.core.tables import read_tsv
from deepcrit.record.keeping import provenance_of
from deepcrit.record.outcome import BOARD, RECORDED_RUNS

__all__ = ["readme_with_record", "told_by_record"]

_BLOCK = re.compile(r"(<!-- written by deepcrit record -->\n).*?(<!-- end -->)", re.DOTALL)


def told_by_record(record: Path) -> str:
    """Verdicts by what ours is, and the runs that they are of, as Markdown.

    Raises:
        FileNotFoundError: if there is no record.
    """
    board = read_tsv(record / BOARD, SCOREBOARD)
    rows = board.to_dict("records")
    lines = [
        f"Of {len(rows)} claims: **{in_words(rows)}**. By what our value is, each number counted once:",
        "",
        "| our value is | verdicts |",
        "|---|---|",
        *(f"| {kind} | {in_words(own)} |" for kind, own in by_evidence(rows).items()),
        "",
        *_runs(record, board),
    ]
    return "\n".join(lines)


def readme_with_record(text: str, record: Path) -> str:
    """The README with what the record says between the two comments that mark the place.

    Raises:
        ValueError: if there is no such place.
    """
    found, times = _BLOCK.subn(lambda match: f"{match[1]}\n{told_by_record(record)}\n\n{match[2]}", text)
    if times != 1:
        raise ValueError(f"README.md: found {times} places for the record, expected one")
    return found


def _runs(record: Path, board: pd.DataFrame) -> list[str]:
    told = []
    for scale, number in board["scale"].value_counts(sort=False).items():
        run = provenance_of(record / RECORDED_RUNS / str(scale))
        told.append(
            f"{number} at scale {scale} (configuration `{run['configuration digest']}`, commit "
            f"`{run['git commit'][:10]}`, {run['processor']})"
        )
    return [f"They are the best run of each claim, kept in [record/](record/scoreboard.tsv): {'; '.join(told)}."]
