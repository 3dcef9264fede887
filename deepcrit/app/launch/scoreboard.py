"""The scoreboard and the way to everything else, as a terminal shows them."""

from __future__ import annotations

import difflib
import math
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepcrit.claims.totals import by_evidence, in_words

SCOREBOARD_PATH = Path("results/scoreboard.tsv")
_REPORT = Path("results/report.html")
_FIGURES = Path("results/figures")
_HEADINGS = ("claim", "published", "measured [95% interval]", "verdict")
_COLOURS = {"reproduced": "32", "differs": "31", "undecided": "33"}
_NARROWEST = 16  # characters that a column keeps in a narrow terminal


def scoreboard(root: Path, only: Sequence[str] = (), colour: bool = False, columns: int | None = None) -> str:
    """The scoreboard as a table, and how often each verdict was given.

    Args:
        root: the directory of the Snakefile.
        only: ``column=value`` of the rows that are shown.
        colour: colour verdicts.
        columns: width of the terminal; by default that of the present one.

    Raises:
        FileNotFoundError: if there is none yet.
        TableError: if it is not whole.
        ValueError: if there is no such column, or no row with that value.
    """
    # tables take some tenths of a second to import, which other commands are spared
    from deepcrit.claims.schemas import SCOREBOARD
    from deepcrit.core.tables import read_tsv

    return board(_chosen(read_tsv(root / SCOREBOARD_PATH, SCOREBOARD).to_dict("records"), only), colour, columns)


def board(rows: Sequence[Any], colour: bool = False, columns: int | None = None) -> str:
    """The same of these rows of a scoreboard."""
    lines = []
    for paper in dict.fromkeys(row["paper"] for row in rows):
        chosen = [row for row in rows if row["paper"] == paper]
        scales = ", ".join(sorted({row["scale"] for row in chosen}))
        lines += [f"{paper} (scale: {scales})", ""]
        cells = [
            (row["claim"].removeprefix(f"{paper}."), row["published"], measured(row), row["verdict"]) for row in chosen
        ]
        lines += [*_table([_HEADINGS, *cells], columns or shutil.get_terminal_size((120, 24)).columns, colour), ""]
    kinds = by_evidence(rows)
    width = max(map(len, kinds), default=0)
    if kinds:
        repeated = sum(bool(row["repeats"]) for row in rows)
        once = f"; {repeated} claims that state the number of another again are left out" if repeated else ""
        lines += [f"by what ours is{once}:"]
    lines += [f"  {kind:{width}}  {in_words(own)}" for kind, own in kinds.items()]
    lines += [f"{len(rows)} claims: {in_words(rows)}"]
    return "\n".join(lines)


def _chosen(rows: list[Any], only: Sequence[str]) -> list[Any]:
    """Rows with all these values."""
    for condition in only:
        column, _, value = condition.partition("=")
        known = sorted({str(row[column]) for row in rows}) if rows and column in rows[0] else sorted(rows[0])
        found = [row for row in rows if str(row.get(column)) == value]
        if not found:
            what = f"no {column} is {value!r}" if column in rows[0] else f"there is no column {column!r}"
            nearest = difflib.get_close_matches(value if column in rows[0] else column, known, n=5, cutoff=0.4) or known
            raise ValueError(f"{what}; expected one of {', '.join(nearest[:20])}")
        rows = found
    return rows


def measured(row: dict[str, Any]) -> str:
    """Our value with its interval, to as many decimals, unless it already shows one."""
    value = row["measured"]
    low, high = row["ci_low"], row["ci_high"]
    if "[" in value or math.isnan(low) or math.isnan(high):
        return value
    plain = re.fullmatch(r"-?\d+(?:\.(\d+))?", value)
    style = f".{len(plain[1] or '')}f" if plain else ".4g"
    return f"{value} [{low:{style}}, {high:{style}}]"


def _table(rows: Sequence[Sequence[str]], columns: int, colour: bool) -> list[str]:
    """Lines of a table that fits the terminal; what does not fit ends in an ellipsis."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADINGS))]
    available = columns - 2 * len(widths)
    while sum(widths) > available and max(widths[:-1]) > _NARROWEST:
        widest = widths[:-1].index(max(widths[:-1]))
        widths[widest] -= 1
    lines = []
    for row in rows:
        cut = [cell if len(cell) <= width else cell[: width - 1] + "…" for cell, width in zip(row, widths, strict=True)]
        padded = [cell.ljust(width) for cell, width in zip(cut, widths, strict=True)]
        if colour and row[-1] in _COLOURS:
            padded[-1] = f"\x1b[{_COLOURS[row[-1]]}m{padded[-1]}\x1b[0m"
        lines.append("  ".join(["", *padded]).rstrip())
    lines.insert(1, "  " + "  ".join("-" * width for width in widths))
    return lines


def whereabouts(root: Path, only: Sequence[str] = ()) -> str:
    """Paths of the report and the figures that are there, or of the figures with these names."""
    figures = sorted((root / _FIGURES).glob("*.png"))
    if only:
        figures = [figure for figure in figures if figure.stem in only]
    lines = []
    if not only and (root / _REPORT).is_file():
        lines.append(f"report   {_REPORT}")
    lines += [f"{'figures' if at == 0 else '':8} {figure.relative_to(root)}" for at, figure in enumerate(figures)]
    return "\n".join(lines)
