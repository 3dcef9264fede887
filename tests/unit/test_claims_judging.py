"""The judge: every verdict, from small tables made up here."""

import math

import pandas as pd
import pytest

from deepcrit.claims.comparisons import calculate
from deepcrit.claims.judging import judge, judge_paper
from deepcrit.claims.model import Absence, Claim, ClaimError, Paper
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.claims.wording import number, whole
from deepcrit.core.tables import check_table

TABLE = "gaussian_avalanches/exponents"
ROW = {"sample": "radial", "width": 1000, "observable": "duration", "range": "declared"}


def exponents(*rows: dict[str, object]) -> dict[str, pd.DataFrame]:
    """A table of exponents with the given rows, default values elsewhere."""
    default = {
        **ROW, "xmin": 10.0, "xmax": 1000.0, "exponent": 1.53, "standard_error": 0.001, "ci_low": 1.52, "ci_high": 1.54,
        "ci_method": "bootstrap", "ks_distance": 0.01, "n": 4_000_000, "effective_n": 4e6, "clusters": 40,
        "censored_of_launched": 0.0, "censored_of_started": 0.0, "censored_of_kept": 0.0, "peer_points": 9,
        "peer_xmin": 1.0, "peer_exponent": 1.5, "peer_error": 0.1, "own_exponent": 1.5, "warning": "",
    }  # fmt: skip
    return {TABLE: pd.DataFrame([{**default, **row} for row in rows])}


def claim(compare: dict[str, object] | None = None, **keys: object) -> Claim:
    """A claim about the duration exponent, published as 1.53."""
    measure = {
        "table": TABLE,
        "where": ROW,
        "value": "exponent",
        "samples": {"column": "n", "unit": "avalanches"},
        **dict(keys.pop("measure", {})),  # type: ignore[call-overload]
    }
    content: dict[str, object] = {
        "id": "ghavasieh2025.fig2e.test",
        "figure": "Fig. 2e",
        "quantity": "tau_d",
        "statement": "a statement",
        "published": "1.53",
        "source": "a caption",
        "conditions": "none",
        "measure": measure,
        "compare": compare or {"kind": "absolute", "target": 1.53, "tolerance": 0.05},
        **keys,
    }
    if "all_of" in content:
        del content["measure"], content["compare"]
    if "readings" in content:
        del content["measure"]
    return Claim.model_validate(content)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.50, 1.56, "reproduced"),
        (1.60, 1.70, "differs"),
        (1.30, 1.40, "differs"),
        (1.50, 1.60, "undecided"),
        (1.20, 1.90, "undecided"),
        (1.50, math.inf, "undecided"),
        (-math.inf, 1.56, "undecided"),
        (-math.inf, math.inf, "undecided"),
        (1.70, math.inf, "undecided"),
        (math.nan, math.nan, "undecided"),
    ],
)
def test_the_whole_interval_decides(low: float, high: float, verdict: str) -> None:
    """Inside the tolerance reproduces, outside differs, all other intervals decide nothing."""
    row = judge(claim(), exponents({"ci_low": low, "ci_high": high}), "default")
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("compare", "inside", "outside"),
    [
        ({"kind": "absolute", "target": 1.53, "tolerance": 0.05}, (1.481, 1.579), (1.582, 1.60)),
        ({"kind": "relative", "target": 1.53, "tolerance": 0.1}, (1.38, 1.68), (1.70, 1.80)),
        ({"kind": "interval", "target": 1.53, "error": 0.07}, (1.461, 1.599), (1.30, 1.45)),
        ({"kind": "at_least", "bound": 1.5}, (1.5, 9.0), (1.0, 1.49)),
        ({"kind": "at_most", "bound": 1.5}, (-9.0, 1.5), (1.51, 1.6)),
        ({"kind": "sign", "sign": "positive"}, (0.1, 9.0), (-1.0, 0.0)),
        ({"kind": "sign", "sign": "negative"}, (-9.0, -0.1), (0.0, 1.0)),
    ],
)
def test_each_comparison(compare: dict[str, object], inside: tuple[float, float], outside: tuple[float, float]) -> None:
    """Each kind accepts its region, refuses what is beyond, and leaves an interval that reaches both undecided."""

    def verdict(low: float, high: float) -> object:
        value = 0.5 * (low + high)
        return judge(claim(compare), exponents({"exponent": value, "ci_low": low, "ci_high": high}), "default")[
            "verdict"
        ]

    assert verdict(*inside) == "reproduced"
    assert verdict(*outside) == "differs"
    assert verdict(min(inside[0], outside[0]), max(inside[1], outside[1])) == "undecided"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ((1.50, 1.56), (1.51, 1.55), "reproduced"),
        ((1.60, 1.70), (1.70, 1.80), "differs"),
        ((1.50, 1.56), (1.70, 1.80), "undecided"),
        ((1.50, 1.60), (1.51, 1.55), "undecided"),
        ((1.50, 1.56), None, "undecided"),
        (None, None, "not testable here"),
    ],
)
def test_readings_have_to_agree(
    first: tuple[float, float] | None, second: tuple[float, float] | None, verdict: str
) -> None:
    """Where the text admits two readings, both are told, and only what both give is a verdict."""
    measure = {"table": TABLE, "value": "exponent"}
    two = [
        {"name": name, "measure": {**measure, "where": {**ROW, "observable": name}}} for name in ("duration", "size")
    ]
    rows = [
        {"observable": name, "ci_low": ends[0], "ci_high": ends[1]}
        for name, ends in (("duration", first), ("size", second))
        if ends is not None
    ]
    row = judge(claim(readings=two), exponents(*(rows or [{"width": 25}])), "default")
    assert row["verdict"] == verdict
    assert "Read as duration, " in str(row["reason"])
    assert "Read as size, " in str(row["reason"])


@pytest.mark.parametrize(
    ("found", "verdict", "told"),
    [
        ("declared", "reproduced", "lies within"),
        ("sooner", "reproduced", "the same after half the epochs"),
        ("reduced", "not testable here", "this was reduced; seen all the same: reproduced, our interval 1.520"),
    ],
)
def test_a_protocol_binds(found: str, verdict: str, told: str) -> None:
    """What holds of one protocol is judged where it, or one that counts as it, was run; else what was seen is told."""
    keys = {key: value for key, value in ROW.items() if key != "range"}
    judged = {"declared": "as published", "sooner": "the same after half the epochs"}
    bound = {"table": TABLE, "where": keys, "column": "range", "judged": judged}
    row = judge(claim(measure={"where": keys}, protocol=bound), exponents({"range": found}), "default")
    assert row["verdict"] == verdict
    assert told in str(row["reason"])


@pytest.mark.parametrize(("found", "verdict"), [("declared", "reproduced"), ("reduced", "not testable here")])
def test_the_conditions_told_are_those_of_the_run(found: str, verdict: str) -> None:
    """Whether it decides or not, the verdict says how networks were trained here, not how they were in the paper."""
    keys = {key: value for key, value in ROW.items() if key != "range"}
    bound = {"table": TABLE, "where": keys, "column": "range", "judged": {"declared": "as published"}}
    row = judge(
        claim(measure={"where": keys}, protocol={**bound, "conditions": "warning"}),
        exponents({"range": found, "warning": "N = 48, L = 64"}),
        "default",
    )
    assert row["verdict"] == verdict
    assert "(N = 48, L = 64)" in str(row["reason"])


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (["a.pth: host: no answer", "b.pth: host: no answer", ""], "2 of 3 files are missing: no answer"),
        (["a.pth: no answer", "b.pth: too large", "c.pth: no answer"], "3 of 3 files are missing: no answer (2)"),
        (["", ""], "at scale default"),
    ],
)
def test_absent_rows_say_why_they_are(reasons: list[str], told: str) -> None:
    """A row that a server withholds is not blamed on the scale: the table that knows the cause is quoted."""
    absence = Absence(table="zoo/dynamics_status", column="reason", of="files are missing")
    states = pd.DataFrame({"reason": reasons})
    tables = {**exponents({"width": 25}), "zoo/dynamics_status": states}
    row = judge(claim(), tables, "default", {"gaussian_avalanches": absence})
    assert row["verdict"] == "not testable here"
    assert str(row["reason"]).endswith(told)
    elsewhere = judge(claim(), tables, "default", {"zoo": absence})
    assert str(elsewhere["reason"]).endswith("at scale default")


@pytest.mark.parametrize(
    ("kind", "low", "high", "verdict"),
    [
        ({"kind": "at_least", "bound": 1.5}, 1.6, math.inf, "reproduced"),
        ({"kind": "at_least", "bound": 1.5}, 1.4, math.inf, "undecided"),
        ({"kind": "sign", "sign": "positive"}, 0.1, math.inf, "reproduced"),
        ({"kind": "sign", "sign": "positive"}, 0.0, math.inf, "undecided"),
        ({"kind": "at_most", "bound": 1.5}, -math.inf, 1.4, "reproduced"),
        ({"kind": "at_most", "bound": 1.5}, 1.2, math.inf, "undecided"),
    ],
)
def test_no_end_is_needed_where_the_region_has_none(
    kind: dict[str, object], low: float, high: float, verdict: str
) -> None:
    """An interval that is open where a bound asks for nothing lies inside as a whole."""
    row = judge(claim(kind), exponents({"exponent": 1.6, "ci_low": low, "ci_high": high}), "default")
    assert row["verdict"] == verdict


def test_no_sample_size_is_told_from_a_value_on_the_edge() -> None:
    """A value at a hundredth of its half width from the edge says nothing of the sample that would decide."""
    row = judge(claim(), exponents({"exponent": 1.5795, "ci_low": 1.5295, "ci_high": 1.6295, "n": 4}), "default")
    assert row["verdict"] == "undecided"
    assert "too near that edge" in str(row["reason"])
    assert "would decide" in str(row["reason"])
    assert "times those" not in str(row["reason"])


def test_what_is_wrong_has_to_fail() -> None:
    """A claim whose comparison passes a result against it is refused: a bound that passes anything is no test."""
    assert claim(wrong=1.3).parts()[0].wrong == 1.3
    with pytest.raises(ValueError, match=r"wrong: 1\.55 passes, expected a value that is not 1\.53 ± 0\.05"):
        claim(wrong=1.55).parts()


def test_zero_has_no_sign() -> None:
    """An interval that ends at zero does not have the claimed sign for certain."""
    row = judge(
        claim({"kind": "sign", "sign": "positive"}),
        exponents({"exponent": 0.5, "ci_low": 0.0, "ci_high": 1.0}),
        "default",
    )
    assert row["verdict"] == "undecided"


def test_undecided_names_the_sample_that_would_decide() -> None:
    """Half width 0.04 at distance 0.02 from the edge needs (0.04 / 0.02)^2 = 4 times the avalanches."""
    row = judge(claim(), exponents({"exponent": 1.56, "ci_low": 1.52, "ci_high": 1.60, "n": 1_000_000}), "laptop")
    assert "about 4.0e6 avalanches, 4.0 times those at scale laptop, would decide" in str(row["reason"])


def test_undecided_uses_the_edge_that_is_hardest_to_leave() -> None:
    """An interval over both edges must be drawn off the nearer one: (0.1 / 0.02)^2 = 25."""
    row = judge(claim(), exponents({"exponent": 1.50, "ci_low": 1.40, "ci_high": 1.60, "n": 100}), "default")
    assert "2500 avalanches, 25 times" in str(row["reason"])


def test_a_value_on_the_edge_is_never_sure_to_be_decided() -> None:
    """A value that sits on the edge of the tolerance gets no sample size, rather than an infinite one."""
    compare = {"kind": "at_least", "bound": 1.5}
    row = judge(claim(compare), exponents({"exponent": 1.5, "ci_low": 1.4, "ci_high": 1.6}), "default")
    assert "no sample size is sure to decide" in str(row["reason"])


def test_declared_remedy_replaces_the_estimate() -> None:
    """Where more samples do not narrow an interval, the claim's own words say what would decide."""
    row = judge(
        claim(measure={"would_decide": "a wider network"}), exponents({"ci_low": 1.2, "ci_high": 1.9}), "default"
    )
    assert str(row["reason"]).endswith("straddles the edge of 1.53 ± 0.05; deciding it takes a wider network")


def test_unbounded_says_on_which_side() -> None:
    """The reason of an unbounded interval names the missing end and the one that is known."""
    row = judge(claim(), exponents({"ci_low": 1.5, "ci_high": math.inf}), "default")
    assert "unbounded above (starts at 1.5)" in str(row["reason"])
    row = judge(claim(), exponents({"ci_low": -math.inf, "ci_high": 1.5}), "default")
    assert "unbounded below (ends at 1.5)" in str(row["reason"])


def test_value_without_interval_column_decides_alone() -> None:
    """Where the table states no interval the value decides, the reason says so, and the interval stays empty."""
    row = judge(claim(measure={"ci": None}), exponents({"exponent": 1.55}), "default")
    assert row["verdict"] == "reproduced"
    assert "the value alone decides" in str(row["reason"])
    assert math.isnan(float(str(row["ci_low"])))
    assert math.isnan(float(str(row["ci_high"])))


def test_missing_row_is_not_testable_here() -> None:
    """A width that this scale did not run is no error; the reason names filter, scale and the widths there are."""
    row = judge(claim(), exponents({"width": 25}, {"width": 50}), "smoke")
    assert row["verdict"] == "not testable here"
    assert "width=1000" in str(row["reason"])
    assert "(width there: 25, 50)" in str(row["reason"])
    assert "at scale smoke" in str(row["reason"])
    assert row["measured"] == ""
    assert judge(claim(), {TABLE: exponents({})[TABLE].iloc[:0]}, "smoke")["verdict"] == "not testable here"


def test_two_rows_are_an_error() -> None:
    """A filter that leaves two rows would judge one at random; it names the claim, the table and the filter."""
    with pytest.raises(
        ClaimError, match=r"fig2e\.test: 2 rows of table 'gaussian_avalanches/exponents' have sample=radial"
    ):
        judge(claim(), exponents({}, {"xmin": 20.0}), "default")


def test_missing_table_and_column_are_errors() -> None:
    """A table that the rule did not pass, and a column that it lacks, are named with the claim."""
    with pytest.raises(ClaimError, match=r"fig2e\.test: table 'gaussian_avalanches/exponents' is not among"):
        judge(claim(), {}, "default")
    with pytest.raises(ClaimError, match=r"fig2e\.test: column 'exponent' is missing from table"):
        judge(claim(), {TABLE: exponents({})[TABLE].drop(columns="exponent")}, "default")


def test_ill_posed_is_never_judged() -> None:
    """A claim that contradicts itself has that verdict whatever we measure; ours is still shown."""
    row = judge(claim(ill_posed="1.5883 is not 1.58"), exponents({}), "default")
    assert row["verdict"] == "ill-posed"
    assert row["reason"] == "1.5883 is not 1.58"
    assert row["measured"] == "1.530"
    bare = claim(ill_posed="no number is printed")
    bare = bare.model_copy(update={"measure": None, "compare": None})
    assert judge(bare, {}, "default")["verdict"] == "ill-posed"


def test_arithmetic_on_printed_numbers() -> None:
    """Arithmetic is exact and needs no table; ours is shown beside it and takes no part."""
    compare = {"kind": "arithmetic", "expression": "(1.53 - 1) / (1.34 - 1)", "target": 1.5303, "tolerance": 0.05}
    row = judge(claim(compare), exponents({"exponent": 9.0, "ci_low": 8.8, "ci_high": 9.2}), "default")
    assert row["verdict"] == "reproduced"
    assert row["measured"] == "1.5588 from the printed numbers; ours 9.00 [8.80, 9.20]"
    assert row["ci_low"] == 8.8
    compare["tolerance"] = 0.01
    assert judge(claim(compare), exponents({}), "default")["verdict"] == "differs"


@pytest.mark.parametrize("expression", ["__import__('os')", "1 +", "1 / 0", "a + 1", "2 ** 9", "True + 1"])
def test_arithmetic_is_nothing_but_arithmetic(expression: str) -> None:
    """Names, calls and undefined values are refused when a claims file is read."""
    with pytest.raises(ValueError, match=r"numbers|no value"):
        calculate(expression)


@pytest.mark.parametrize(
    ("rows", "verdict", "mentions"),
    [
        ([(25, 1.52, 1.54), (50, 1.52, 1.54)], "reproduced", "all 2: our interval 1.520 to 1.540 lies within"),
        ([(25, 1.52, 1.54), (50, 1.20, 1.90)], "undecided", "1 of 2 undecided: width 50"),
        ([(25, 1.70, 1.80), (50, 1.20, 1.90)], "differs", "1 of 2 differs: width 25"),
        ([(25, 1.52, 1.54)], "not testable here", "1 of 2 not testable here: width 50: no row"),
        ([(25, 1.70, 1.80)], "differs", "width 25"),
    ],
)
def test_all_parts_must_hold(rows: list[tuple[int, float, float]], verdict: str, mentions: str) -> None:
    """One part that differs refutes the claim; short of that one missing or undecided part leaves it open."""
    tables = exponents(*({"width": width, "ci_low": low, "ci_high": high} for width, low, high in rows))
    row = judge(claim(measure={"where": {**ROW, "width": [25, 50]}}), tables, "default")
    assert row["verdict"] == verdict
    assert mentions in str(row["reason"])


def test_named_parts_are_listed() -> None:
    """Parts of an all_of claim appear by name with their intervals, and their sample sizes as a range."""
    part = {
        "measure": {
            "table": TABLE,
            "where": ROW,
            "value": "exponent",
            "samples": {"column": "n", "unit": "avalanches"},
        },
        "compare": {"kind": "at_least", "bound": 1.2},
    }
    other = {**part, "measure": {**part["measure"], "where": {**ROW, "observable": "size"}}}
    both = claim(all_of=[{"name": "tau_d", **part}, {"name": "tau_s", **other}])
    row = judge(
        both,
        exponents({}, {"observable": "size", "exponent": 1.33, "ci_low": 1.32, "ci_high": 1.34, "n": 5}),
        "default",
    )
    assert row["measured"] == "tau_d: 1.530 [1.520, 1.540]; tau_s: 1.330 [1.320, 1.340]"
    assert row["samples"] == "5 to 4000000 avalanches"
    assert row["verdict"] == "reproduced"


def test_sample_size_from_another_table() -> None:
    """A table without counts takes the sample size from the row of another."""
    crackling = pd.DataFrame([{"relation": "ratio", "value": 1.55, "ci_low": 1.2, "ci_high": 1.9}])
    measure = {
        "table": "gaussian_avalanches/crackling",
        "where": {"relation": "ratio"},
        "value": "value",
        "samples": {"table": TABLE, "where": ROW, "column": "n", "unit": "avalanches"},
    }
    row = judge(claim(measure=measure), {"gaussian_avalanches/crackling": crackling, **exponents({"n": 7})}, "default")
    assert row["samples"] == "7 avalanches"


def test_filter_on_a_float_allows_for_rounding() -> None:
    """Twelve written digits are enough to find a row by a float; a truth value is found as one."""
    tables = exponents({"xmin": 0.1 + 0.2})
    assert judge(claim(measure={"where": {**ROW, "xmin": 0.3}}), tables, "default")["verdict"] == "reproduced"
    tables[TABLE]["declared"] = True
    gammas = {"gaussian_avalanches/gammas": tables[TABLE].assign(gamma=1.53)}
    measure = {"table": "gaussian_avalanches/gammas", "where": {"declared": True}, "value": "gamma"}
    assert judge(claim(measure=measure), gammas, "default")["verdict"] == "reproduced"


def test_note_is_told() -> None:
    """A note of the claims file reaches the reader of the scoreboard."""
    assert str(judge(claim(note="Mind the step"), exponents({}), "default")["reason"]).endswith(". Mind the step")


def test_rows_make_a_scoreboard() -> None:
    """The rows of a paper are a table of the declared schema, in the order of the file."""
    first, second = claim(), claim(id="ghavasieh2025.fig2e.second")
    paper = Paper(paper="ghavasieh2025", title="a title", claims=[second, first])
    board = check_table(judge_paper(paper, exponents({}), "default"), SCOREBOARD)
    assert list(board["claim"]) == ["ghavasieh2025.fig2e.second", "ghavasieh2025.fig2e.test"]
    assert list(board["samples"]) == ["4000000 avalanches"] * 2
    assert list(board["scale"]) == ["default"] * 2


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (1.531234, 1.5290, 1.5334, "1.5312"),
        (0.53, 0.2, 0.9, "0.53"),
        (12345.6, 12000.0, 13000.0, "12346"),
        (1.531234, math.nan, math.nan, "1.531"),
        (math.nan, math.nan, math.nan, "none"),
        (math.inf, 0.0, math.inf, "∞"),
    ],
)
def test_digits_follow_the_interval(value: float, low: float, high: float, text: str) -> None:
    """A value has two digits of its half width, four significant ones without an interval."""
    assert number(value, low, high) == text


def test_estimates_have_two_digits() -> None:
    """Estimated sample sizes are not more precise than estimates are."""
    assert [whole(count) for count in (12.2, 4321.0, 3_123_456.0)] == ["13", "4400", "3.1e6"]
