"""Tables as the report shows them: the first rows of one, and the very rows that a claim is judged from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from deepcrit.claims.evidence import deciding_columns, judged_rows, measures, picking_columns
from deepcrit.claims.model import Claim
from deepcrit.core.registry import SCHEMAS

__all__ = ["Excerpt", "evidence", "head"]

HEAD_ROWS = 4


@dataclass(frozen=True)
class Heading:
    """A column: its name, what it holds, its unit, and whether it decides on a claim."""

    name: str
    what: str
    unit: str
    decides: bool


@dataclass(frozen=True)
class Excerpt:
    """Some rows of a table.

    ``rows`` pairs the line of the file, of which the header is the first, with the text of every cell; ``missing`` says
    which row was looked for where none was found.
    """

    table: str
    headings: list[Heading]
    rows: list[tuple[int, list[str]]]
    total: int
    missing: str = ""


def head(table: str, frame: pd.DataFrame) -> Excerpt:
    """The first rows of ``experiment/schema``."""
    return _excerpt(table, frame.head(HEAD_ROWS), list(frame.columns), (), len(frame))


def evidence(claim: Claim, table: str, frame: pd.DataFrame) -> Excerpt:
    """The rows of ``experiment/schema`` that a claim is judged from.

    Columns that single them out come first, then those that decide, marked, then all others.
    """
    rows = judged_rows(claim, table, frame)
    decide = deciding_columns(claim, table)
    order = list(dict.fromkeys([*picking_columns(claim, table), *decide, *frame.columns]))
    sought = [
        ", ".join(f"{name} = {value}" for name, value in measure.where.items()) for measure in measures(claim, table)
    ]
    missing = " or ".join(dict.fromkeys(sought)) if rows.empty else ""
    return _excerpt(table, rows, order, decide, len(frame), missing)


def _excerpt(
    table: str, rows: pd.DataFrame, order: Sequence[str], decide: Sequence[str], total: int, missing: str = ""
) -> Excerpt:
    declared = {column.name: column for column in SCHEMAS[table.split("/")[-1]].columns}
    headings = [
        Heading(name, declared[name].what, "" if declared[name].unit == "1" else declared[name].unit, name in decide)
        for name in order
    ]
    columns = [rows[name] for name in order]
    lines = [
        (int(index) + 2, [_text(column.iloc[position]) for column in columns])
        for position, index in enumerate(rows.index)
    ]
    return Excerpt(table, headings, lines, total, missing)


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value)
