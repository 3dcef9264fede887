"""The report as the workflow lays it out, from invented tables: every figure of the plan, every claim of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.image import imsave
from workflow_scripts import script

from deepcrit.app.plan import FIGURES, PAPERS, paper_of
from deepcrit.claims.model import Claim, Paper, load_claims
from deepcrit.claims.required_tables import tables_of
from deepcrit.claims.schemas import RUN_PROVENANCE, SCOREBOARD
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import write_tsv
from deepcrit.report.page import VERDICTS

ROOT = Path(__file__).resolve().parents[2]
FILLINGS: dict[str, Any] = {"text": "text", "bool": True, "int32": 3, "int64": 3, "float64": 0.25}


@dataclass(frozen=True)
class Rendered:
    """The page with what went into it."""

    path: Path
    papers: list[Paper]
    scoreboard: pd.DataFrame
    widths: Mapping[str, int]  # of the picture of each figure, in pixels; no two are equal

    @property
    def claims(self) -> dict[str, Claim]:
        """All claims by identifier."""
        return {claim.id: claim for paper in self.papers for claim in paper.claims}

    def caption(self, figure: str) -> str:
        """What the caption of a figure says."""
        return f"Caption of {figure} at seed 7."


def render(directory: Path) -> Rendered:
    """Render the page into results/ of a directory, beside all that it links to."""
    results = directory / "results"
    papers = [load_claims(ROOT / "claims" / f"{paper}.yaml") for paper in PAPERS]
    names = sorted({table for paper in PAPERS for table in tables_of(ROOT / "claims" / f"{paper}.yaml")})
    tables = {table: results / f"{table}.tsv" for table in names}
    for table, path in tables.items():
        write_tsv(_table(table, papers), path, SCHEMAS[path.stem])
    scoreboard = _scoreboard(papers)
    write_tsv(scoreboard, results / "scoreboard.tsv", SCOREBOARD)
    provenance = results / "provenance.tsv"
    told = pd.DataFrame({"name": ["scale", "seed"], "value": ["invented", "7"]})
    write_tsv(told, provenance, RUN_PROVENANCE)

    (results / "figures").mkdir()
    (results / "report").mkdir()
    rulegraph = results / "report" / "rulegraph.svg"
    rulegraph.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="90"/>', encoding="utf-8")
    rendered = Rendered(
        results / "report.html", papers, scoreboard, {figure: 40 + i for i, figure in enumerate(FIGURES)}
    )
    figures = []
    for name, figure in FIGURES.items():
        png = results / "figures" / f"{name}.png"
        imsave(png, np.full((30, rendered.widths[png.stem], 3), 0.5))
        png.with_suffix(".md").write_text(f"**{figure.title}.** {rendered.caption(png.stem)}", encoding="utf-8")
        png.with_suffix(".pdf").write_bytes(b"only linked to")
        figures.append(str(png))
    script("report/render_report").main(
        str(results / "scoreboard.tsv"),
        str(provenance),
        [str(ROOT / "claims" / f"{paper}.yaml") for paper in PAPERS],
        [str(path) for path in tables.values()],
        figures,
        [str(Path(figure).with_suffix(".md")) for figure in figures],
        [[f"{paper_of(name)}.{claims}" for claims in figure.claims] for name, figure in FIGURES.items()],
        [figure.title for figure in FIGURES.values()],
        str(rulegraph),
        str(rendered.path),
    )
    return rendered


def _table(table: str, papers: list[Paper]) -> pd.DataFrame:
    """A first row that no claim looks for, then one for every row that a claim does look for."""
    columns = {column.name: FILLINGS[column.kind] for column in SCHEMAS[table.split("/")[-1]].columns}
    rows = [columns]
    for claim in (claim for paper in papers for claim in paper.claims):
        for measure in (part.measure for part in claim.parts() if part.measure.table == table):
            rows += [{**columns, **single.where, single.value: float(len(rows))} for _, single in measure.expanded()]
    return pd.DataFrame(rows).drop_duplicates([name for name in columns if columns[name] is not None])


def _scoreboard(papers: list[Paper]) -> pd.DataFrame:
    """Every claim, with each verdict in turn."""
    rows = []
    for paper in papers:
        for number, claim in enumerate(paper.claims):
            verdict = list(VERDICTS)[number % len(VERDICTS)]
            rows.append(
                {
                    "claim": claim.id, "paper": paper.paper, "figure": claim.figure, "quantity": claim.quantity,
                    "published": claim.published, "measured": f"{1 + number / 8:g}",
                    "value": 1 + number / 8, "evidence": "simulated", "repeats": "", "ci_low": 0.5 + number / 8,
                    "ci_high": 1.5 + number / 8, "verdict": verdict, "reason": f"reason {number} of {paper.paper}",
                    "scale": "invented", "samples": f"{number} networks",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)
