"""The report page: scoreboard, claims, tables, figures and provenance in, one self-contained HTML file out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from deepcrit.claims.comparisons import Arithmetic
from deepcrit.claims.evidence import figure_of, tables_behind
from deepcrit.claims.judging import Tables, select
from deepcrit.claims.model import Claim, Paper
from deepcrit.claims.totals import by_evidence
from deepcrit.claims.wording import number
from deepcrit.report.environment import data_uri, page_template, png_size
from deepcrit.report.markup import to_html
from deepcrit.report.strip import draw_strip
from deepcrit.report.tables import evidence, head

__all__ = ["Picture", "render_page"]

# Order, sign and what each verdict means. Signs tell verdicts apart where colours do not.
VERDICTS = {
    "reproduced": ("✓", "our whole interval lies inside the stated tolerance"),
    "differs": ("✗", "our whole interval lies outside it, or has the opposite sign"),
    "undecided": (
        "?",
        "our interval straddles the edge of the tolerance, or has no end; the reason says what would decide",
    ),
    "not testable here": ("–", "this scale or this machine does not produce the table row; the reason says which"),
    "ill-posed": ("!", "the paper contradicts itself; the reason says how"),
}

_Row = dict[str, object]


@dataclass(frozen=True)
class Picture:
    """A figure of the report. ``shows`` are the beginnings of the claims it shows, if any: ``ghavasieh2025.fig2``."""

    shows: tuple[str, ...]
    title: str
    png: Path
    caption: Path

    @property
    def key(self) -> str:
        """Its name on the page, which is that of its file and of the target that makes it."""
        return self.png.stem

    @property
    def paper(self) -> str:
        """Key of the paper it is from."""
        return self.key.split("_")[0]


def render_page(
    scoreboard: pd.DataFrame,
    papers: Sequence[Paper],
    tables: Tables,
    pictures: Sequence[Picture],
    rulegraph: Path,
    provenance: Mapping[str, str],
) -> str:
    """The page as text. Links to tables and PDF files are relative to ``results/``, where it is to lie.

    Args:
        scoreboard: all verdicts, schema ``scoreboard``.
        papers: the claims files behind it.
        tables: every table that the claims name, by ``experiment/schema``.
        pictures: in the order shown.
        rulegraph: SVG file.
        provenance: name and value of everything that identifies the run, in the order shown.
    """
    claims = {claim.id: claim for paper in papers for claim in paper.claims}
    records = [{str(name): value for name, value in row.items()} for row in scoreboard.to_dict("records")]
    rows = [_row(record, claims[str(record["claim"])], tables, pictures) for record in records]
    return page_template("page.html").render(
        verdicts=_verdicts(rows),
        total=len(rows),
        kinds=[{"name": kind, "verdicts": _verdicts(own)} for kind, own in by_evidence(rows).items()],
        repeated=sum(bool(row["repeats"]) for row in rows),
        scales=", ".join(dict.fromkeys(scoreboard["scale"])),
        rows=rows,
        papers=[
            _paper(paper, rows, [p for p in pictures if p.paper == paper.paper], claims, tables) for paper in papers
        ],
        rulegraph=data_uri(rulegraph.read_bytes(), "image/svg+xml"),
        provenance=provenance,
    )


def _paper(
    paper: Paper, rows: Sequence[_Row], pictures: Sequence[Picture], claims: Mapping[str, Claim], tables: Tables
) -> dict[str, object]:
    own = [row for row in rows if row["paper"] == paper.paper]
    return {
        "key": paper.paper,
        "title": paper.title,
        "verdicts": _verdicts(own),
        "total": len(own),
        "figures": [_figure(picture, own, claims, tables) for picture in pictures],
        "unpictured": [row for row in own if not row["picture"]],
    }


def _figure(picture: Picture, rows: Sequence[_Row], claims: Mapping[str, Claim], tables: Tables) -> dict[str, object]:
    own = [row for row in rows if row["picture"] == picture.key]
    png = picture.png.read_bytes()
    behind = dict.fromkeys(table for row in own for table in tables_behind(claims[str(row["claim"])]))
    return {
        "key": picture.key,
        "paper": picture.paper,
        "title": picture.title,
        "image": data_uri(png, "image/png"),
        "size": png_size(png),
        "caption": Markup(to_html(picture.caption.read_text(encoding="utf-8"))),
        "verdicts": _verdicts(own),
        "rows": own,
        "tables": [head(table, tables[table]) for table in behind],
    }


def _row(record: Mapping[str, object], claim: Claim, tables: Tables, pictures: Sequence[Picture]) -> _Row:
    verdict = str(record["verdict"])
    low, high = float(str(record["ci_low"])), float(str(record["ci_high"]))
    # what arithmetic on printed numbers stands beside is told with its interval already
    has_interval = not (math.isnan(low) or math.isnan(high) or isinstance(claim.compare, Arithmetic))
    return {
        **{name: str(record[name]) for name in ("claim", "paper", "figure", "quantity", "published", "measured")},
        **{name: str(record[name]) for name in ("evidence", "repeats", "samples")},
        "name": claim.id.removeprefix(f"{record['paper']}."),
        "reason": str(record["reason"]).removesuffix(f". {claim.note}"),
        "note": claim.note,
        "verdict": verdict,
        "css": _css(verdict),
        "sign": VERDICTS[verdict][0],
        "rank": list(VERDICTS).index(verdict),
        "interval": f"{number(low, low, high)} to {number(high, low, high)}" if has_interval else "",
        "statement": claim.statement,
        "quote": claim.quote,
        "source": claim.source,
        "conditions": claim.conditions,
        "run": _run(claim, str(record["scale"]), tables, pictures),
        "tolerances": [f"{part.name or 'ours'} {part.compare.region().inside}" for part in claim.parts()],
        "judged_from": [evidence(claim, table, tables[table]) for table in tables_behind(claim)],
        "picture": figure_of(claim.id, {picture.key: picture.shows for picture in pictures}),
        "strip": draw_strip(claim, float(str(record["value"])), low, high),
    }


def _run(claim: Claim, scale: str, tables: Tables, pictures: Sequence[Picture]) -> str:
    """What ours was made under: the scale, the protocol where one binds the claim, and where all parameters stand."""
    told = [f"scale {scale}"]
    if claim.protocol is not None and claim.protocol.table in tables:
        found = select(claim.id, claim.protocol, tables)[claim.protocol.column].astype(str).unique()
        told.append(f"protocol {', '.join(found)}")
    if figure_of(claim.id, {picture.key: picture.shows for picture in pictures}):
        told.append("with the parameters in the caption of the figure")
    return ", ".join(told)


def _verdicts(rows: Iterable[_Row]) -> list[dict[str, object]]:
    """Every verdict with its sign, its meaning, and how many of the rows have it."""
    found = [row["verdict"] for row in rows]
    return [
        {"name": name, "css": _css(name), "sign": sign, "meaning": meaning, "count": found.count(name)}
        for name, (sign, meaning) in VERDICTS.items()
    ]


def _css(verdict: str) -> str:
    return verdict.split()[0]
