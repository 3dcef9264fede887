"""The record and comparisons: what is kept of runs, and what is told of two, from small runs made up here."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from test_claims_judging import claim as claim_about
from test_claims_judging import exponents

from deepcrit.app.cli import main
from deepcrit.claims.judging import Measured, judge
from deepcrit.claims.model import Claim
from deepcrit.claims.schemas import RUN_PROVENANCE, SCOREBOARD
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_tsv, write_tsv
from deepcrit.record import keeping
from deepcrit.record.comparing import apart, compare_outcomes
from deepcrit.record.junit import write_junit
from deepcrit.record.keeping import RecordError, best_of_each, keep, provenance_of
from deepcrit.record.outcome import outcome_in
from deepcrit.record.readme import readme_with_record, told_by_record

ROOT = Path(__file__).resolve().parents[2]
PLACE = "<!-- written by deepcrit record -->"


def claims() -> list[Claim]:
    """Durations, and sizes and durations together."""
    ids = ("ghavasieh2025.fig2e.durations", "ghavasieh2025.fig2d.both")
    measure = claim_about().parts()[0].measure
    both = [
        {"name": name, "measure": {**measure.model_dump(), "where": {**measure.where, "observable": name}},
         "compare": {"kind": "absolute", "target": 1.53, "tolerance": 0.05}}
        for name in ("duration", "size")
    ]  # fmt: skip
    return [
        claim_about(id=ids[0], evidence="simulated"),
        claim_about(id=ids[1], all_of=both, evidence="theory", repeats=""),
    ]


def run_at(directory: Path, scale: str, duration: float, size: float | None = 1.53) -> Path:
    """Results of a run at a scale, with these exponents; without a size, its row is missing."""
    rows = [{"exponent": duration, "ci_low": duration - 0.01, "ci_high": duration + 0.01}]
    if size is not None:
        ends = {"ci_low": size - 0.01, "ci_high": size + 0.01}
        rows.append({"observable": "size", "exponent": size, **ends})  # type: ignore[dict-item]
    tables = exponents(*rows)
    for name, frame in tables.items():
        write_tsv(frame, directory / f"{name}.tsv", SCHEMAS[name.split("/")[1]])
    write_tsv(
        pd.DataFrame([judge(claim, tables, scale) for claim in claims()]), directory / "scoreboard.tsv", SCOREBOARD
    )
    told = {"scale": scale, "configuration digest": "abc", "git commit": "0123456789abcdef", "processor": "a processor"}
    write_tsv(pd.DataFrame(told.items(), columns=["name", "value"]), directory / "provenance.tsv", RUN_PROVENANCE)
    return directory


def test_a_run_is_kept_whole(tmp_path: Path) -> None:
    """The record judges as the run did, and holds what it is judged from to the last byte, and nothing else."""
    results = run_at(tmp_path / "results", "default", 1.53)
    (results / "gaussian_avalanches" / "other.tsv").write_text("of no claim\n", encoding="utf-8")
    best = keep(results, tmp_path / "record", claims())
    assert list(best["verdict"]) == ["reproduced", "reproduced"]
    kept = {path.relative_to(tmp_path / "record").as_posix() for path in (tmp_path / "record").rglob("*.tsv")}
    run = "runs/default"
    assert kept == {
        "scoreboard.tsv", f"{run}/scoreboard.tsv", f"{run}/provenance.tsv", f"{run}/gaussian_avalanches/exponents.tsv"
    }  # fmt: skip
    for name in ("scoreboard.tsv", "provenance.tsv", "gaussian_avalanches/exponents.tsv"):
        assert (tmp_path / "record" / run / name).read_bytes() == (results / name).read_bytes()
    pd.testing.assert_frame_equal(read_tsv(tmp_path / "record" / "scoreboard.tsv", SCOREBOARD), best)
    assert provenance_of(tmp_path / "record" / run)["processor"] == "a processor"


def test_rows_that_no_claim_is_judged_from_are_left_out(tmp_path: Path) -> None:
    """Of a table with rows of another width, those stay behind."""
    results = run_at(tmp_path / "results", "default", 1.53)
    path, schema = results / "gaussian_avalanches" / "exponents.tsv", SCHEMAS["exponents"]
    judged = read_tsv(path, schema)
    write_tsv(pd.concat([judged.assign(width=7), judged]), path, schema)
    keep(results, tmp_path / "record", claims())
    kept = read_tsv(tmp_path / "record" / "runs" / "default" / "gaussian_avalanches" / "exponents.tsv", schema)
    pd.testing.assert_frame_equal(kept, judged)


def test_the_best_run_is_chosen_blindly(tmp_path: Path) -> None:
    """A run that decided goes before one that did not, a larger one before a smaller, whichever way they decided."""
    record = tmp_path / "record"
    keep(run_at(tmp_path / "small", "default", 1.53), record, claims())
    best = keep(run_at(tmp_path / "large", "night", 1.70, None), record, claims())
    assert list(best["verdict"]) == ["differs", "differs"]
    assert list(best["scale"]) == ["night", "night"]
    best = keep(run_at(tmp_path / "open", "night", 1.575, None), record, claims())
    assert list(best["scale"]) == ["default", "default"], (
        "a run that left claims open is no better than one that decided"
    )


def test_a_later_run_replaces_an_earlier_one_of_its_scale(tmp_path: Path) -> None:
    """There is one run a scale, the last one that was recorded."""
    record = tmp_path / "record"
    keep(run_at(tmp_path / "one", "default", 1.53), record, claims())
    best = keep(run_at(tmp_path / "two", "default", 1.70), record, claims())
    assert list(best["verdict"]) == ["differs", "differs"]


def test_what_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another scale than known, two runs mixed, a damaged table, or too much: the record stays as it was."""
    record = tmp_path / "record"
    keep(run_at(tmp_path / "good", "default", 1.53), record, claims())
    before = (record / "scoreboard.tsv").read_bytes()
    with pytest.raises(RecordError, match="found scale 'mine', expected one of smoke, default, night, paper"):
        keep(run_at(tmp_path / "mine", "mine", 1.7), record, claims())
    mixed = run_at(tmp_path / "mixed", "night", 1.7)
    shutil.copy(tmp_path / "good" / "provenance.tsv", mixed)
    with pytest.raises(RecordError, match="is of scale night, its provenance of default"):
        keep(mixed, record, claims())
    with pytest.raises(FileNotFoundError):
        keep(tmp_path / "nothing", record, claims())
    damaged = run_at(tmp_path / "damaged", "night", 1.7)
    (damaged / "scoreboard.tsv").write_bytes((damaged / "scoreboard.tsv").read_bytes()[:-9])
    with pytest.raises(TableError, match="not a whole TSV table"):
        keep(damaged, record, claims())
    monkeypatch.setattr(keeping, "_LARGEST", 100)
    with pytest.raises(RecordError, match="the record would have"):
        keep(run_at(tmp_path / "large", "night", 1.7), record, claims())
    assert (record / "scoreboard.tsv").read_bytes() == before


def test_claims_keep_their_order_and_unknown_ones_go() -> None:
    """The record follows the claims files: what no longer stands there is left out, what was never judged is absent."""
    board = pd.DataFrame([judge(claim, exponents({}, {"observable": "size"}), "default") for claim in claims()])
    ids = [claim.id for claim in claims()]
    assert list(best_of_each([*reversed(ids), "ghavasieh2025.new"], {"default": board})["claim"]) == ids[::-1]
    assert list(best_of_each(ids[:1], {"default": board})["claim"]) == ids[:1]


def test_a_comparison_finds_what_changed(tmp_path: Path) -> None:
    """Verdicts that changed and values that moved are named, each part of a claim by itself, and nothing else is."""
    before = outcome_in(run_at(tmp_path / "before", "default", 1.53, 1.53))
    after = outcome_in(run_at(tmp_path / "after", "default", 1.54, 1.70))
    compared = compare_outcomes(before, after, claims())
    assert [(change.claim, change.before, change.after) for change in compared.changed] == [
        ("ghavasieh2025.fig2d.both", "reproduced", "differs")
    ]
    assert [(move.claim, move.label) for move in compared.moved] == [("ghavasieh2025.fig2d.both", "size")]
    assert compared.moved[0].before == "1.530 [1.520, 1.540]"
    assert [change.claim for change in compared.lost] == ["ghavasieh2025.fig2d.both"]
    assert "! ghavasieh2025.fig2d.both: reproduced -> differs" in compared.text
    back = compare_outcomes(after, before, claims())
    assert len(back.changed) == 1
    assert back.lost == []
    same = compare_outcomes(before, before, claims())
    assert (same.changed, same.moved, same.unread) == ([], [], {})


def test_a_record_is_compared_as_a_run_is(tmp_path: Path) -> None:
    """Values of the record are read from the run that is the best of the claim."""
    results = run_at(tmp_path / "results", "default", 1.53)
    keep(results, tmp_path / "record", claims())
    keep(run_at(tmp_path / "night", "night", 1.70), tmp_path / "record", claims())
    compared = compare_outcomes(outcome_in(tmp_path / "record"), outcome_in(results), claims())
    assert len(compared.moved) == 2
    assert {move.before for move in compared.moved} == {"1.700 [1.690, 1.710]"}


def test_claims_that_are_gone_are_lost_and_unreadable_tables_are_said(tmp_path: Path) -> None:
    """A reproduced claim that is no longer judged is lost; a table of other columns leaves values out, and is named."""
    before = run_at(tmp_path / "before", "default", 1.53)
    after = run_at(tmp_path / "after", "default", 1.53)
    board = read_tsv(after / "scoreboard.tsv", SCOREBOARD)
    write_tsv(board.iloc[:1], after / "scoreboard.tsv", SCOREBOARD)
    table = after / "gaussian_avalanches" / "exponents.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("ci_low", "lower", 1), encoding="utf-8")
    compared = compare_outcomes(outcome_in(before), outcome_in(after), claims())
    assert [(change.claim, change.after) for change in compared.lost] == [("ghavasieh2025.fig2d.both", "not judged")]
    assert len(compared.unread) == 1
    assert "column 'ci_low' of exponents is missing" in compared.text


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1.0, 0.9, 1.1), (1.15, 1.05, 1.25), False),
        ((1.0, 0.9, 1.1), (1.3, 1.2, 1.4), True),
        ((1.3, 1.2, 1.4), (1.0, 0.9, 1.1), True),
        ((1.0, 1.0, 1.0), (1.0 + 1e-12, 1.0 + 1e-12, 1.0 + 1e-12), False),
        ((1.0, 1.0, 1.0), (1.001, 1.001, 1.001), True),
        ((1.0, 0.9, math.inf), (9.0, 8.0, 10.0), False),
        ((1.0, math.nan, math.nan), (9.0, 8.0, 10.0), False),
    ],
)
def test_values_move_when_their_intervals_share_nothing(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: bool
) -> None:
    """Intervals that touch are no move, and a value without one is held against rounding."""
    assert apart(*(Measured(*ends, exact=False, samples=1.0, unit="") for ends in (one, other))) is expected


def test_junit_fails_what_is_lost(tmp_path: Path) -> None:
    """One case a claim, in a suite a paper: failed where a reproduced verdict is lost, with the reason."""
    before = outcome_in(run_at(tmp_path / "before", "default", 1.53, 1.53))
    after = outcome_in(run_at(tmp_path / "after", "default", 1.54, 1.70))
    write_junit(compare_outcomes(before, after, claims()), tmp_path / "out" / "junit.xml")
    (suite,) = ElementTree.parse(tmp_path / "out" / "junit.xml").getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("ghavasieh2025", "2", "1")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    failure = cases["fig2d.both"].find("failure")
    assert failure is not None
    assert failure.get("message") == "reproduced -> differs"
    assert "lies outside" in str(failure.text)
    assert "size: 1.530" in str(cases["fig2d.both"].findtext("system-out"))
    assert list(cases["fig2e.durations"]) == []


def test_the_command_line_says_what_is_lost_by_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 for the same, 1 where a reproduced verdict is lost, 2 where there is nothing to compare."""
    for name, size in (("a", 1.53), ("b", 1.70)):
        run_at(tmp_path / name, "default", 1.53, size)
    (tmp_path / "claims").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["compare", "a", "a"]) == 0
    assert main(["compare", "b", "a"]) == 0
    assert main(["compare", "a", "b", "--junit", "junit.xml"]) == 1
    assert (tmp_path / "junit.xml").is_file()
    assert main(["compare", "a", "nothing"]) == 2
    assert "nothing/scoreboard.tsv: No such file" in capsys.readouterr().err


def test_the_readme_tells_the_record(tmp_path: Path) -> None:
    """What the record says stands between two comments, is replaced as often as it is written, and has its runs."""
    keep(run_at(tmp_path / "results", "default", 1.53), tmp_path / "record", claims())
    text = f"before\n{PLACE}\nold\n<!-- end -->\nafter\n"
    once = readme_with_record(text, tmp_path / "record")
    assert readme_with_record(once, tmp_path / "record") == once
    assert "Of 2 claims: **2 reproduced**" in once
    assert "| simulated | 1 reproduced |" in once
    assert "2 at scale default (configuration `abc`, commit `0123456789`, a processor)" in once
    assert once.startswith("before\n")
    assert once.endswith("\nafter\n")
    with pytest.raises(ValueError, match="found 0 places"):
        readme_with_record("nothing", tmp_path / "record")


def test_the_readme_is_that_of_the_record_there_is() -> None:
    """The README says what the committed record says: nothing while there is none."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    if (ROOT / "record").is_dir():
        assert told_by_record(ROOT / "record") in text
        assert sum(path.stat().st_size for path in (ROOT / "record").rglob("*") if path.is_file()) < 2_000_000
    else:
        assert f"{PLACE}\n<!-- end -->" in text
