"""Verdicts on single figures, where there is no scoreboard; `test_end_to_end.py` has one of a true run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from deepcrit.app.launch.verdicts import verdicts_on
from deepcrit.claims.evidence import figure_of
from deepcrit.claims.model import load_claims
from deepcrit.core.tables import TableError

ROOT = Path(__file__).resolve().parents[2]
SHOWN = {"p_fig2": ["p.fig2", "p.main"], "p_fig21": ["p.fig21"], "p_strong": ["p.main.strong"]}


@pytest.mark.parametrize(
    ("claim", "figure"),
    [
        ("p.fig2.tau", "p_fig2"),
        ("p.fig2a.tau", "p_fig2"),
        ("p.fig21.tau", "p_fig21"),
        ("p.fig22.tau", ""),
        ("p.main.weak", "p_fig2"),
        ("p.main.strong_inputs", "p_strong"),
        ("q.fig2.tau", ""),
    ],
)
def test_a_claim_belongs_to_the_figure_with_its_longest_beginning(claim: str, figure: str) -> None:
    """A longer beginning wins, and no number is taken for the beginning of a longer one."""
    assert figure_of(claim, SHOWN) == figure


def test_claims_await_their_tables(tmp_path: Path) -> None:
    """Without its table a claim is counted and not judged; a table that is not whole is an error, not a verdict."""
    (tmp_path / "claims").mkdir()
    shutil.copy(ROOT / "claims" / "ghavasieh2025.yaml", tmp_path / "claims")
    shown = {"ghavasieh2025_fig1": ["ghavasieh2025.fig1"], "ghavasieh2025_fig2": ["ghavasieh2025.fig2"]}
    claims = [claim.id for claim in load_claims(tmp_path / "claims" / "ghavasieh2025.yaml").claims]
    of_fig1 = [claim for claim in claims if claim.startswith("ghavasieh2025.fig1.")]
    assert verdicts_on(tmp_path, ["ghavasieh2025_fig1"], shown, "smoke") == ([], len(of_fig1))
    assert verdicts_on(tmp_path, [], shown, "smoke") == ([], 0)
    table = tmp_path / "results" / "signals" / "growth_rates.tsv"
    table.parent.mkdir(parents=True)
    table.write_text("weight_variance\n1.0", encoding="utf-8")
    with pytest.raises(TableError, match=r"growth_rates\.tsv"):
        verdicts_on(tmp_path, ["ghavasieh2025_fig1"], shown, "smoke")
