"""The rows that a claim is judged from, and which of their columns decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from deepcrit.claims.judging import select
from deepcrit.claims.model import Claim, Measure, Samples

__all__ = [
    "deciding_columns",
    "figure_of",
    "judged_rows",
    "measures",
    "picking_columns",
    "tables_behind",
    "tables_used",
]


def tables_behind(claim: Claim) -> list[str]:
    """Tables that a claim is judged from, each as ``experiment/schema``, in the order of its parts."""
    return _distinct(part.measure.table for part in claim.parts())


def tables_used(claim: Claim) -> list[str]:
    """The same, and those that say by which protocol, or from how many samples."""
    counted = [part.measure.samples for part in claim.parts()]
    others = [samples.table for samples in counted if isinstance(samples, Samples) and samples.table]
    return _distinct([*tables_behind(claim), *others, *([claim.protocol.table] if claim.protocol else [])])


def measures(claim: Claim, table: str) -> list[Measure]:
    """What a claim measures in one table."""
    return [part.measure for part in claim.parts() if part.measure.table == table]


def judged_rows(claim: Claim, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that a claim is judged from, in the order of the table, which their index counts from 0."""
    picked = pd.concat([select(claim.id, measure, {table: frame}) for measure in measures(claim, table)])
    return picked[~picked.index.duplicated()].sort_index()


def picking_columns(claim: Claim, table: str) -> list[str]:
    """Columns of a table that single out the rows of a claim."""
    return _distinct(name for measure in measures(claim, table) for name in measure.where)


def deciding_columns(claim: Claim, table: str) -> list[str]:
    """Columns of a table that hold the values and the ends of intervals that a claim is judged by."""
    return _distinct(name for measure in measures(claim, table) for name in (measure.value, *(measure.ci or ())))


def figure_of(claim: str, shown: Mapping[str, Sequence[str]]) -> str:
    """The figure that shows the longest beginning of a claim: fig2 begins fig2a, but not fig21. Empty if none does.

    Args:
        claim: its identifier.
        shown: beginnings of claims that each figure shows.
    """
    figures = {beginning: figure for figure, beginnings in shown.items() for beginning in beginnings}
    fitting = [beginning for beginning in figures if re.match(rf"{re.escape(beginning)}(?!\d)", claim)]
    return figures[max(fitting, key=len)] if fitting else ""


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
