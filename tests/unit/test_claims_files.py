"""Claims files: strict when read, and true to what the papers print."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from deepcrit.claims.comparisons import Arithmetic
from deepcrit.claims.model import Claim, ClaimError, load_claims
from deepcrit.claims.required_tables import tables_of
from deepcrit.core.registry import SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
GHAVASIEH = ROOT / "claims" / "ghavasieh2025.yaml"
CLAIM_FILES = sorted((ROOT / "claims").glob("*.yaml"))

# What the text and captions of ghavasieh2025 print about Fig. 2, copied from the paper once more.
PRINTED = {
    "fig2.delta_N25": "0.03",
    "fig2.delta_N50": "0.015",
    "fig2.delta_N75": "0.009",
    "fig2.delta_N100": "0.005",
    "fig2.delta_N200": "0.002",
    "fig2.delta_N500": "0.001",
    "fig2.delta_N1000": "0.001",
    "fig2a.powerlaw_decades": "> 3",
    "fig2b.powerlaw_decades": "> 2",
    "fig2a.sqrtN_alignment": "independent of N",
    "fig2d.tau_s_inf": "1.34",
    "fig2e.tau_d_inf": "1.53",
    "fig2de.fss_form": "tau + c N^-w, with c and w not printed",
    "fig2c.gamma_fit": "1.5303",
    "fig2c.gamma_caption": "1.53",
    "fig2c.scaling_all_N": "power law",
    "fig2.ratio_text": "1.5883",
    "fig2.ratio_caption": "1.58",
    "fig2f.gamma_star": "1.5800 ± 0.1131",
    "fig2f.collapse": "least NMSE near the prediction",
    "fig2.crackling": "1.5303, 1.5800 and 1.5883",
    "fig2.barkhausen_experiment": "1.33 ± 0.05 and 1.50 ± 0.07",
    "fig2.barkhausen_model": "1.34 and 1.55",
}

# What they print about infinitely wide networks, Fig. 3 and Fig. 5.
PRINTED_MEAN_FIELD = {
    "mf.beta": "beta = 1",
    "mf.qss_branch": "(1 - 1/sw2) / 2",
    "mf.tanh2_expansion": "-2/3",
    "mf.beta_over_sigma": "1/2 = 0.5",
    "mf.eq4_condition": "beta/sigma = 0.5 at sw2 = 0",
    "mf.sigma": "sigma = 2",
    "mf.field_prefactor": "1/2 = 0.5",
    "mf.chi_w_exponent": "-1/2 = -0.5",
    "mf.chi_w_formula": "1 / (2 sqrt(2) sw^3 sqrt(sw2 - 1))",
    "mf.chi_b_exponent": "-3/4 = -0.75",
    "mf.critical_point": "(1, 0)",
    "mf.universality": "beta = 1 and sigma = 2",
    "mf.bias_rounds_transition": "increasing in sb2",
    "mf.corr_decay": "zeta_c -> infinity on the edge of chaos",
    "fig3b.ridge": "near 1",
    "fig3b.peak_decreases": "decreasing in sb2",
    "fig3b.peak_finite": "finite peaks around sw2 = 1",
    "fig3d.mean_size": "same shape, read as curves that differ by less than 0.05 of their height",
    "fig3e.peaks_in_simulations": "finite peaks around sw2 = 1",
    "main.crackling_with_bias": "approximately satisfied, a difference near 0",
    "fig3e.chi_emp": "same position, read as a difference of 0, and heights falling in sb2",
    "fig5.intersection": "(1, 0)",
    "fig5.eoc_curve": "curve from sw2 = 1 between an ordered and a chaotic region",
    "fig5.widom_vanish": "weaker peaks, until the line completely vanishes",
}

# What they print about signals along the layers and large inputs.
PRINTED_SIGNALS = {
    "fig1.regimes": "decay below, growth above, stable at the critical weight variance of 1",
    "main.large_inputs_dissolve": "dissolves for large inputs",
}

# What they print about training.
PRINTED_TRAINING = {
    "fig3c.overlap": "positive; accuracy peaks in the region of heightened susceptibility",
    "fig3c.untrainable": "not trainable at sb2 = 10^-2.2",
    "fig3c.which_accuracy": "training accuracy (text and Methods), test performance (caption)",
    "fig3c.shift_right": "increasing",
    "fig3c.narrowing": "decreasing",
    "fig3f.onset": "1",
    "fig3f.width_grows": "increasing",
    "fig3f.shift_to_one": "decreasing",
    "fig3f.areas_closer": "closer and closer to 1 as N grows",
    "fig3f.no_late_training": "accuracy remains low",
    "fig3f.goal": "at most 50",
    "fig5.eoc_poorly_trainable": "accuracy falls as the bias variance grows",
    "main.chi_better_than_eoc": "positive",
    "main.chi_better_than_point": "positive",
    "main.aligns_with_widom": "positive",
}

# What they print about residual networks, Fig. 4.
PRINTED_RESNETS = {
    "fig4.depth_resnet18": "60",
    "fig4.depth_resnet50": "158",
    "fig4.depth_resnet152": "464",
    "fig4a.size_powerlaw": "power laws",
    "fig4b.duration_powerlaw": "power laws",
    "fig4c.gamma": "2",
    "fig4c.gamma_regardless": "2",
    "fig4d.versions_close": "very close to each other",
    "fig4d.ratio": "2",
    "fig4d.cluster": "closely clustered",
    "fig4.class": "(tau_d - 1) - 2 (tau_s - 1) = 0",
    "fig4.weaker_than_gaussian": "not as strong as Gaussian initialized networks",
    "fig4c.runaway": "runaways for large avalanches",
}

MINIMAL = """
paper: ghavasieh2025
title: a title
claims:
  - id: ghavasieh2025.fig2e.one
    figure: Fig. 2e
    quantity: tau_d
    statement: a statement
    published: "1.53"
    source: a caption
    conditions: none
    measure:
      table: gaussian_avalanches/exponents
      where: {sample: radial, width: 1000}
      value: exponent
      samples: {column: n, unit: avalanches}
    compare: {kind: absolute, target: 1.53, tolerance: 0.05}
"""


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    return {claim.id.removeprefix("ghavasieh2025."): claim for claim in load_claims(GHAVASIEH).claims}


def test_every_claim_is_there_as_printed(claims: dict[str, Claim]) -> None:
    """The file holds each published statement once, with the digits that the paper prints."""
    fig2 = {name: claim.published for name, claim in claims.items() if name.startswith("fig2")}
    assert fig2 == PRINTED
    assert {name: claim.published for name, claim in claims.items() if name not in fig2} == (
        PRINTED_SIGNALS | PRINTED_MEAN_FIELD | PRINTED_TRAINING | PRINTED_RESNETS
    )


def test_offsets_are_judged_within_half_their_value(claims: dict[str, Claim]) -> None:
    """The tolerance of a published offset is half of it and half of its last digit, and its width is the row's."""
    for name, claim in claims.items():
        if name.startswith("fig2.delta_N"):
            value = float(claim.published)
            assert len(claim.readings) == 2
            for part in claim.parts():
                assert part.compare.region().high == pytest.approx(1.5 * value + 0.0005, abs=1e-12)
                assert part.measure.where == {"width": int(name.removeprefix("fig2.delta_N"))}


def test_fig2_is_judged_under_both_readings_of_its_offsets(claims: dict[str, Claim]) -> None:
    """Whatever follows from the offsets is measured with them as shifts of the variance and of the standard deviation.

    What is measured is the same; only the sample differs, or the column of the offset itself.
    """
    fig2 = [claim for name, claim in claims.items() if name.startswith("fig2")]
    assert fig2
    for claim in fig2:
        first, second = claim.parts_by_reading().values()
        assert list(claim.parts_by_reading()) == ["the variance", "the standard deviation"]
        if claim.id.endswith("fss_form"):
            continue  # networks that inputs share are simulated under the first reading alone
        for one, other in zip(first, second, strict=True):
            assert one.compare == other.compare
            if "sample" in one.measure.where:
                assert other.measure.where == {**one.measure.where, "sample": "deviation"}
                assert one.measure.where["sample"] == "radial"
            else:
                assert (one.measure.value, other.measure.value) == ("straightest", "deviation")


def test_what_holds_of_a_protocol_is_bound_to_it(claims: dict[str, Claim]) -> None:
    """Every claim on trained networks says what they have to be trained by, and none takes just any for a number."""
    trained = {name: claim for name, claim in claims.items() if claim.evidence == "trained" and not claim.ill_posed}
    assert trained
    for name, claim in trained.items():
        assert claim.protocol is not None, name
        assert claim.protocol.conditions == "conditions"
        general = name.startswith("main.") or name == "fig3c.overlap"
        assert ("reduced" in claim.protocol.judged) == general, name
    numbers = ("fig3c.untrainable", "fig3f.onset", "fig3f.goal", "fig3f.no_late_training")
    assert all(list(trained[name].protocol.judged) == ["published"] for name in numbers)  # type: ignore[union-attr]


def test_error_bars_are_those_printed(claims: dict[str, Claim]) -> None:
    """A comparison with a published error bar uses the value and the error that are printed together."""
    found = set()
    for claim in claims.values():
        for part in claim.parts():
            if part.compare.kind == "interval":
                found.add((claim.id, part.compare.target, part.compare.error))
                printed = [(float(a), float(b)) for a, b in re.findall(r"([\d.]+) ± ([\d.]+)", claim.published)]
                assert (part.compare.target, part.compare.error) in printed
    assert len({(claim, target) for claim, target, _ in found}) == 3


def test_targets_of_parts_are_printed_or_zero(claims: dict[str, Claim]) -> None:
    """What a part is compared with is a printed number, or the zero of a difference."""
    for claim in claims.values():
        numbers = {float(number) for number in re.findall(r"-?\d+\.?\d*", claim.published)}
        for part in claim.all_of:
            if part.compare.kind in ("absolute", "interval"):
                # at the critical point alone, both lines stand at sw2 = 1
                at_criticality = {1.0} if part.measure.table == "mean_field/critical_lines" else set[float]()
                assert part.compare.target in numbers | {0.0} | at_criticality, claim.id


@pytest.mark.parametrize("path", CLAIM_FILES, ids=lambda path: path.stem)
def test_claims_say_what_they_judge_and_fail_on_what_is_wrong(path: Path) -> None:
    """Each has the paper's sentence, says what ours is and, part by part, what would be wrong, which does not pass."""
    for claim in load_claims(path).claims:
        assert claim.quote, claim.id
        assert claim.evidence, claim.id
        for part in claim.parts():
            assert part.wrong is not None or isinstance(part.compare, Arithmetic), (claim.id, part.name)
            assert part.wrong is None or part.compare.region().misses(part.wrong, part.wrong)


def test_the_judged_sample_is_one(claims: dict[str, Claim]) -> None:
    """Every sampled number is taken from the sample of the paper's size, or the case that the paper describes."""
    wanted = {
        "susceptibility": {"network": "published", "counting": "started"},
        "resnets": {"case": "gaussian", "normalisation": "components"},
    }
    whole = {"resnets/depths", "susceptibility/mismatch"}  # of every case, and of avalanches that end alone
    measures = [part.measure for claim in claims.values() for part in claim.parts()]
    for measure in measures:
        if measure.table not in whole:
            expected = wanted.get(measure.table.split("/")[0], {})
            assert {key: measure.where.get(key) for key in expected} == expected, measure


def test_tables_of_names_every_table(claims: dict[str, Claim]) -> None:
    """The rule's inputs are all tables of the file, those that only count samples included."""
    tables = tables_of(GHAVASIEH)
    assert tables == sorted(set(tables))
    assert {part.measure.table for claim in claims.values() for part in claim.parts()} <= set(tables)
    assert "gaussian_avalanches/exponents" in tables
    assert all(table.split("/")[1] in SCHEMAS for table in tables)


def test_tables_of_is_quick() -> None:
    """Reading the rules must not import pydantic, pandas or numpy for the sake of a list of names."""
    code = (
        f"import sys; from deepcrit.claims.required_tables import tables_of; tables_of({str(GHAVASIEH)!r}); "
        "print([name for name in ('pydantic', 'pandas', 'numpy', 'pyarrow') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout == "[]\n"
    )


def edited(tmp_path: Path, old: str, new: str) -> Path:
    assert old in MINIMAL
    path = tmp_path / "claims.yaml"
    path.write_text(MINIMAL.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("quantity:", "quantty:", r"fig2e\.one: quantty: unknown key"),
        ("    source: a caption\n", "", r"fig2e\.one: source: missing"),
        ("tolerance:", "tolerence:", r"fig2e\.one: compare\.tolerence: unknown key"),
        ("tolerance: 0.05", "tolerance: -1", r"fig2e\.one: compare\.tolerance: .*greater than 0"),
        ("kind: absolute", "kind: close", r"fig2e\.one: compare: .*'close'"),
        ("target: 1.53", "target: 1.35", r"fig2e\.one: compare\.target: 1\.35 is not printed in '1\.53'"),
        (
            "/exponents",
            "/exponent",
            r"fig2e\.one: measure\.table: .*'gaussian_avalanches/exponent'; nearest .*'exponents'",
        ),
        ("table: gaussian_avalanches/exponents", "table: exponents", r"measure\.table: expected experiment/schema"),
        ("width: 1000", "widht: 1000", r"fig2e\.one: measure: column 'widht' is not part of table"),
        ("value: exponent", "value: tau", r"fig2e\.one: measure: column 'tau' is not part of table"),
        ("column: n,", "column: m,", r"fig2e\.one: measure: column 'm' is not part of table"),
        ("{column: n, unit", "{colum: n, unit", r"fig2e\.one: measure\.samples\.colum: unknown key"),
        ("    compare: {kind: absolute, target: 1.53, tolerance: 0.05}\n", "", r"fig2e\.one: compare: missing"),
        ("id: ghavasieh2025", "id: vock2025", r"vock2025\.fig2e\.one: id: expected to begin with 'ghavasieh2025\.'"),
        ("paper: ghavasieh2025\n", "papr: ghavasieh2025\n", r"papr: unknown key"),
        ("claims:", "claims: ]", r"not YAML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A mistake in a claims file stops with the file, the claim and the key, not with a stack of library errors."""
    path = edited(tmp_path, old, new)
    with pytest.raises(ClaimError, match=message) as caught:
        load_claims(path)
    assert str(path) in str(caught.value)


def test_parts_and_measure_exclude_each_other(tmp_path: Path) -> None:
    """A claim is judged by one comparison or by several, never by a mixture."""
    content = yaml.safe_load(MINIMAL)
    entry = content["claims"][0]
    entry["all_of"] = [{"name": "again", "measure": entry["measure"], "compare": entry["compare"]}]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ClaimError, match="all_of: replaces measure and compare"):
        load_claims(path)


def test_ids_are_distinct(tmp_path: Path) -> None:
    """Two claims of one name could not be told apart on the scoreboard."""
    content = yaml.safe_load(MINIMAL)
    content["claims"] *= 2
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ClaimError, match=r"fig2e\.one: id: occurs twice"):
        load_claims(path)
