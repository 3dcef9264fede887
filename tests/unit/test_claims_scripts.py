"""The scripts that judge and report, from files to files."""

import re
from pathlib import Path

import pandas as pd
import pytest
from workflow_scripts import script

from deepcrit.claims.required_tables import tables_of
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "claims" / "ghavasieh2025.yaml"


@pytest.fixture
def scoreboard(tmp_path: Path) -> Path:
    """The scoreboard of ghavasieh2025 from tables without rows."""
    tables = []
    for table in tables_of(CLAIMS):
        path = tmp_path / f"{table}.tsv"
        schema = path.stem
        write_tsv(pd.DataFrame(columns=[column.name for column in SCHEMAS[schema].columns]), path, SCHEMAS[schema])
        tables.append(str(path))
    verdicts = tmp_path / "claims" / "ghavasieh2025.tsv"
    script("claims/judge_claims").main(str(CLAIMS), tables, str(verdicts), "smoke")
    script("claims/compile_scoreboard").main(
        [str(verdicts), str(verdicts)], str(tmp_path / "scoreboard.tsv"), str(tmp_path / "provenance.tsv"), {"seed": 7}
    )
    return tmp_path / "scoreboard.tsv"


def test_scoreboard_of_empty_tables(scoreboard: Path) -> None:
    """Without a row to judge from nothing is judged, and the columns are those promised."""
    columns = "claim paper figure quantity published measured value ci_low ci_high evidence repeats"
    columns += " verdict reason scale samples"
    assert scoreboard.read_text(encoding="utf-8").splitlines()[0].split("\t") == columns.split()
    board = read_tsv(scoreboard, SCOREBOARD)
    assert len(board) == 2 * len(set(board["claim"]))
    assert set(board["verdict"]) <= {"not testable here", "ill-posed"}
    assert board.loc[board["verdict"] == "not testable here", "reason"].str.contains("at scale smoke").all()


def test_report_is_rendered_from_files(scoreboard: Path, tmp_path: Path) -> None:
    """The report script puts figures, parameters, the commit and package versions on the page, without a time."""
    (tmp_path / "ghavasieh2025_a.png").write_bytes(b"not looked at")
    (tmp_path / "a.md").write_text("The caption.", encoding="utf-8")
    (tmp_path / "rules.svg").write_text("<svg/>", encoding="utf-8")
    report = tmp_path / "report.html"
    once = tmp_path / "once.tsv"
    write_tsv(read_tsv(scoreboard, SCOREBOARD).drop_duplicates(), once, SCOREBOARD)
    script("report/render_report").main(
        str(once),
        str(tmp_path / "provenance.tsv"),
        [str(CLAIMS)],
        [str(tmp_path / f"{table}.tsv") for table in tables_of(CLAIMS)],
        [str(tmp_path / "ghavasieh2025_a.png")],
        [str(tmp_path / "a.md")],
        [["ghavasieh2025.fig2"]],
        ["Fig. 2"],
        str(tmp_path / "rules.svg"),
        str(report),
    )
    page = report.read_text(encoding="utf-8")
    assert "<p>The caption.</p>" in page
    assert '<th scope="row">seed</th><td><code>7</code>' in page
    assert '<th scope="row">numpy</th>' in page
    assert '<th scope="row">processor</th>' in page
    assert re.search(r'<th scope="row">git commit</th><td><code>([0-9a-f]{40}|none: not a git repository)</code>', page)
    assert "has no row with" in page
    assert not re.search(r"\b\d\d:\d\d\b", page)
