"""Intervals that span ranges of fits, and the two readings of the offsets."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from workflow_scripts import ROOT, script

from deepcrit.avalanches.schemas import COLLAPSES, EXPONENTS, GAMMAS, OFFSET_SCAN, OFFSETS, RANGE_SPANS
from deepcrit.core.schema import Schema
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.gaussian_avalanches.plan import GaussianAvalanchesPlan

WIDTHS = (25, 50, 100, 200, 400)


def filled(rows: list[dict[str, object]], schema: Schema) -> pd.DataFrame:
    """Rows with whatever else their schema asks for."""
    kinds = {"text": "", "bool": True}
    default = {column.name: kinds.get(column.kind, 1) for column in schema.columns}
    return pd.DataFrame([{**default, **row} for row in rows])


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Exponents 1.5 - 1/N of durations and 1.3 of sizes on the declared range, all 0.1 larger on another."""
    path = tmp_path_factory.mktemp("spans")
    exponents = [
        {
            "sample": "radial", "width": width, "observable": observable, "range": label, "xmin": xmin, "xmax": 1000.0,
            "exponent": exponent + shift, "standard_error": 0.001, "ci_low": exponent + shift - 0.002,
            "ci_high": exponent + shift + 0.002,
        }
        for width in WIDTHS
        for label, xmin, shift in (("declared", 10.0, 0.0), ("scan", 3.0, 0.7), ("other", 20.0, 0.1))
        for observable, exponent in (("duration", 1.5 - 1 / width), ("size", 1.3 - 1 / width))
    ]  # fmt: skip
    gammas = [
        {"sample": "radial", "width": width, "declared": declared, "gamma": gamma, "ci_low": gamma - 0.01,
         "ci_high": gamma + 0.01}
        for width in WIDTHS
        for declared, gamma in ((False, 1.7), (True, 1.6), (False, 1.55))
    ]  # fmt: skip
    collapses = [{"sample": "radial", "width": 400, "gamma_star": 1.65, "ci_low": 1.66, "ci_high": 1.68}]
    for name, rows, schema in (
        ("exponents", exponents, EXPONENTS),
        ("gammas", gammas, GAMMAS),
        ("collapses", collapses, COLLAPSES),
    ):
        write_tsv(filled(rows, schema), path / f"{name}.tsv", schema)
    names = ("exponents", "gammas", "collapses", "spans")
    script("gaussian_avalanches/span_ranges").main(*(str(path / f"{name}.tsv") for name in names), 0.95)
    return read_tsv(path / "spans.tsv", RANGE_SPANS).set_index(["width", "quantity"])


def test_an_interval_spans_all_ranges(spans: pd.DataFrame) -> None:
    """From the lowest lower end to the highest upper one, with the declared value; scans of xmin do not enter."""
    found = spans.loc[(400, "tau_d"), ["value", "ci_low", "ci_high", "ranges"]].tolist()
    assert found == pytest.approx([1.4975, 1.4955, 1.5995, 2])
    assert spans.loc[(400, "gamma"), ["value", "ci_low", "ci_high", "ranges"]].tolist() == pytest.approx(
        [1.6, 1.54, 1.71, 3]
    )
    # an interval that leaves its value out is no reason to leave it out of the hull
    assert spans.loc[(400, "gamma_star"), ["value", "ci_low", "ci_high"]].tolist() == pytest.approx([1.65, 1.65, 1.68])


def test_a_difference_spans_every_pair_of_ranges(spans: pd.DataFrame) -> None:
    """Two exponents could have been fitted on different ranges."""
    gamma, star, ratio = (spans.loc[(400, name)] for name in ("gamma", "gamma_star", "ratio"))
    found = spans.loc[(400, "gamma - gamma_star")]
    assert found["value"] == pytest.approx(gamma["value"] - star["value"])
    assert found["ci_low"] == pytest.approx(gamma["ci_low"] - star["ci_high"])
    assert found["ci_high"] == pytest.approx(gamma["ci_high"] - star["ci_low"])
    assert spans.loc[(400, "gamma - ratio"), "ci_high"] == pytest.approx(gamma["ci_high"] - ratio["ci_low"])
    assert ratio["value"] == pytest.approx((1.4975 - 1) / (1.2975 - 1))


def test_extrapolations_span_ranges(spans: pd.DataFrame) -> None:
    """tau = 1.5 and w = 1 come back from 1.5 - 1/N, and the other range's limit lies in the interval."""
    limit = spans.loc[(0, "tau_d")]
    assert limit["value"] == pytest.approx(1.5, abs=1e-6)
    assert limit["ci_low"] <= 1.5
    assert limit["ci_high"] >= 1.6 - 1e-6
    assert spans.loc[(0, "w of tau_s"), "value"] == pytest.approx(1.0, abs=1e-4)


def test_offsets_are_located_under_both_readings(tmp_path) -> None:
    """What is straightest at sw2 = 1 + x is so at a standard deviation of sqrt(1 + x)."""
    scan = [
        {"width": 100, "offset": offset, "xmin": xmin, "xmax": 500.0, "exponent": 1.5,
         "ks_distance": abs(offset - best) + 0.01}
        for xmin, best in ((10.0, 0.02), (20.0, 0.04))
        for offset in np.linspace(0.0, 0.06, 7)
    ]  # fmt: skip
    write_tsv(filled(scan, OFFSET_SCAN), tmp_path / "N100.tsv", OFFSET_SCAN)
    script("gaussian_avalanches/locate_offsets").main(
        [str(tmp_path / "N100.tsv")], str(tmp_path / "offsets.tsv"), "tanh", [0.01]
    )
    row = read_tsv(tmp_path / "offsets.tsv", OFFSETS).iloc[0]
    for suffix, expected in (("", 0.02), ("_low", 0.02), ("_high", 0.04)):
        assert row[f"straightest{suffix}"] == pytest.approx(expected, abs=1e-3)
        assert (1 + row[f"deviation{suffix}"]) ** 2 == pytest.approx(1 + row[f"straightest{suffix}"], abs=1e-12)


def test_the_two_samples_differ_by_their_reading_alone() -> None:
    """One shifts the variance by the published offsets, the other the standard deviation; only the first has a law."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    plan = GaussianAvalanchesPlan(config["gaussian_avalanches"], config["execution"]["shards"])
    radial, deviation = (
        plan.sample_keys(SimpleNamespace(sample=name, width="100")) for name in ("radial", "deviation")
    )
    assert radial["weight_variance"] == pytest.approx(1.005)
    assert deviation["weight_variance"] == pytest.approx(1.005**2)
    assert {key for key in radial if radial[key] != deviation[key]} == {"weight_variance", "launched"}
    assert plan.samples_at(100) == ["radial", "annealed", "network"]
    assert ("deviation", 1000) in plan.reading_points()
