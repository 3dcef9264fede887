"""The report: one page that needs no other file and holds every claim and figure."""

import base64
import html
import re
from pathlib import Path

import pandas as pd
import pytest

from deepcrit.claims.model import Claim, Paper
from deepcrit.core.registry import SCHEMAS
from deepcrit.report import tables
from deepcrit.report.markup import to_html
from deepcrit.report.page import VERDICTS, Picture, render_page

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NAMES = ["fig2.gamma", "fig2a.decades", "fig2d.tau", "fig2f.collapse", "fig21.other"]


def paper() -> Paper:
    def claim(name: str) -> Claim:
        return Claim.model_validate(
            {
                "id": f"ghavasieh2025.{name}",
                "figure": "Fig. 2",
                "quantity": "tau_d",
                "statement": "sizes < durations",
                "published": "1.53",
                "source": "a caption",
                "conditions": "depth 3000",
                "measure": {"table": "gaussian_avalanches/exponents", "where": {"width": 1000}, "value": "exponent"},
                "compare": {"kind": "absolute", "target": 1.53, "tolerance": 0.05},
                "note": "Mind <b>this</b>",
            }
        )

    return Paper(paper="ghavasieh2025", title="Toward & beyond", claims=[claim(name) for name in NAMES])


def exponents() -> pd.DataFrame:
    columns = {column.name: 0.5 if column.kind == "float64" else "x" for column in SCHEMAS["exponents"].columns}
    return pd.DataFrame([{**columns, "width": width, "exponent": width / 1e6} for width in (25, 1000, 500)])


def scoreboard() -> pd.DataFrame:
    rows = []
    for name, verdict, low, high in zip(
        NAMES, VERDICTS, (1.5, 1.7, 1.5, float("nan"), float("nan")), (1.56, 1.8, float("inf"),) + (float("nan"),) * 2,
        strict=True,
    ):  # fmt: skip
        rows.append(
            {
                "claim": f"ghavasieh2025.{name}", "paper": "ghavasieh2025", "figure": "Fig. 2", "quantity": "tau_d",
                "published": "1.53", "measured": "1.54", "value": 1.54, "ci_low": low, "ci_high": high,
                "evidence": "simulated", "repeats": "", "verdict": verdict,
                "reason": "interval <i>wide</i>. Mind <b>this</b>", "scale": "default", "samples": "7 avalanches",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)[[column.name for column in SCHEMAS["scoreboard"].columns]]


@pytest.fixture
def page(tmp_path: Path) -> str:
    png, panels, alone = (tmp_path / f"ghavasieh2025_{name}.png" for name in ("fig2", "panels", "alone"))
    caption, svg = tmp_path / "fig2.md", tmp_path / "rulegraph.svg"
    png.write_bytes(PNG)
    panels.write_bytes(PNG)
    alone.write_bytes(PNG)
    caption.write_text("**Sizes** at widths <25> and `1000`.", encoding="utf-8")
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    pictures = [
        Picture(("ghavasieh2025.fig2",), "Figure two", png, caption),
        Picture(("ghavasieh2025.fig2f", "ghavasieh2025.fig2d"), "Panels d and f", panels, caption),
        Picture((), "What is claimed nowhere", alone, caption),
    ]
    found = {"gaussian_avalanches/exponents": exponents()}
    return render_page(scoreboard(), [paper()], found, pictures, svg, {"digest": "0123456789abcdef"})


def row(page: str, claim: str) -> str:
    """The row of a claim in the scoreboard."""
    found = re.search(rf'<tr id="board:ghavasieh2025\.{re.escape(claim)}".*?</tr>', page, re.DOTALL)
    assert found is not None
    return found[0]


def evidence(page: str, claim: str) -> str:
    """All that is told of a claim below its figure."""
    found = re.search(rf'id="ghavasieh2025\.{re.escape(claim)}".*?</details>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_page_is_self_contained(page: str) -> None:
    """Nothing is fetched: sources are embedded, links lead to the page or files beside it, no style imports another."""
    assert re.findall(r'\bsrc="(?!data:)', page) == []
    assert set(re.findall(r'\bhref="([^#][^"]*)"', page)) == {
        "gaussian_avalanches/exponents.tsv",
        "figures/ghavasieh2025_alone.pdf",
        "figures/ghavasieh2025_fig2.pdf",
        "figures/ghavasieh2025_panels.pdf",
        "report/rulegraph.svg",
    }
    assert "@import" not in page
    assert "url(" not in page
    assert "<link" not in page
    assert not re.search(r"https?://", page)


def test_page_holds_every_claim_with_its_verdict(page: str) -> None:
    """Each claim has a row with verdict in words and sign, and evidence with the command that traces it."""
    for name, verdict in zip(NAMES, VERDICTS, strict=True):
        assert f"</b>{verdict}" in row(page, name)
        assert f'aria-hidden="true">{VERDICTS[verdict][0]}' in row(page, name)
        assert f"deepcrit trace ghavasieh2025.{name}" in evidence(page, name)
        assert "<strong>1.53</strong>, in Fig. 2: a caption" in evidence(page, name)


def test_evidence_is_the_row_that_is_judged(page: str) -> None:
    """Of the table only the row that the claim looks for is shown, at its line of the file, its value marked."""
    told = evidence(page, "fig2.gamma")
    assert "1 of 3 rows" in told
    assert re.findall(r'<tr><th scope="row">(\d+)', told) == ["3"]
    cells = re.findall(r"<td([^>]*)>([^<]*)</td>", told)
    assert [text for marks, text in cells if marks == ' class="decides"'] == ["0.001", "0.5", "0.5"]
    assert cells[0] == ("", "1000")


def test_a_row_that_is_missing_is_named(page: str) -> None:
    """Where the table lacks the row, the page says which one was looked for."""
    assert "no row with" not in page
    frame = exponents()
    missing = tables.evidence(paper().claims[0], "gaussian_avalanches/exponents", frame[frame["width"] < 1000])
    assert missing.rows == []
    assert missing.missing == "width = 1000"


def test_claims_link_to_the_figure_that_shows_them(page: str) -> None:
    """A claim links to the figure with the longest fitting beginning; fig21 is not part of fig2, and stands apart."""
    linked = {name: re.findall(r'href="#([^":.]+)"', row(page, name)) for name in NAMES}
    assert linked == {
        "fig2.gamma": ["ghavasieh2025_fig2"],
        "fig2a.decades": ["ghavasieh2025_fig2"],
        "fig2d.tau": ["ghavasieh2025_panels"],
        "fig2f.collapse": ["ghavasieh2025_panels"],
        "fig21.other": [],
    }
    apart = page[page.index('id="ghavasieh2025_others"') :]
    assert 'id="ghavasieh2025.fig21.other"' in apart
    assert 'id="ghavasieh2025.fig2.gamma"' not in apart


def test_every_link_on_the_page_has_a_target(page: str) -> None:
    """No link of the page leads nowhere, and no two elements share an identifier."""
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(identifiers)


def test_figures_have_images_and_captions(page: str) -> None:
    """Each figure is embedded byte for byte, with its caption and title."""
    assert page.count(base64.b64encode(PNG).decode()) == 3
    assert page.count('width="1" height="1" loading="lazy"') == 3
    assert page.count("<strong>Sizes</strong> at widths &lt;25&gt; and <code>1000</code>.") == 3
    assert "Figure two" in page
    assert "What is claimed nowhere" in page
    assert "data:image/svg+xml;base64," in page


def test_texts_are_escaped_and_notes_told_once(page: str) -> None:
    """Text from tables and claims is shown, never interpreted; a note stands apart from the reason."""
    assert "<i>wide</i>" not in page
    assert "<b>this</b>" not in page
    assert "sizes &lt; durations" in evidence(page, "fig2.gamma")
    assert html.escape("interval <i>wide</i>") in page
    assert page.count(html.escape("Mind <b>this</b>")) == len(NAMES)


def test_verdicts_are_counted(page: str) -> None:
    """The summary counts each of the five verdicts, of all claims and of the paper."""
    assert re.findall(r'class="pick [^>]*>. (\d+) ', page) == ["1"] * 5
    assert re.findall(r'class="count">(\d+)', page) == ["1"] * 5
    assert "Verdicts on 5 claims" in page


def test_provenance_is_shown(page: str) -> None:
    """Scale and digests are on the page."""
    assert '<th scope="row">digest</th><td><code>0123456789abcdef</code>' in page


def test_drawing_only_where_there_is_one_bounded_interval(page: str) -> None:
    """A claim whose interval is unbounded gets no drawing to scale; the others are drawn in the tolerance."""
    assert [name for name in NAMES if '<svg class="strip"' not in row(page, name)] == ["fig2d.tau"]
    assert "ours 1.54 against 1.53 ± 0.05" in page


def test_caption_marks() -> None:
    """Captions know paragraphs, lists and three marks, and products of numbers are no emphasis."""
    assert to_html("a *b* **c** `d`\n\n- one\n  more\n- two") == (
        "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n<ul><li>one more</li><li>two</li></ul>"
    )
    assert to_html("2 * 3 * 4, gamma* and tau*") == "<p>2 * 3 * 4, gamma* and tau*</p>"


def test_conditions_of_the_run_stand_beside_the_published_ones(page: str) -> None:
    """What the paper did is not taken for what was done here."""
    assert "<dt>published conditions</dt><dd>depth 3000</dd>" in page
    assert "<dt>this run</dt><dd>scale default, with the parameters in the caption of the figure</dd>" in page
