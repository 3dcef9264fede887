"""The scripts of avalanches in heavy-tailed networks, from configuration to tables and the figure."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.avalanches.blocks import TABLES
from deepcrit.avalanches.schemas import MANIFEST
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.levy_avalanches.schemas import LEVY_CURVES, LEVY_EXPONENTS, LEVY_GAINS
from deepcrit.physics.heavytails import ordered_gain


def smoke() -> dict[str, Any]:
    """The smallest scale, with a second width."""
    config = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
    config["levy_avalanches"]["widths"] = [20, 40]
    return config


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables, as the smallest scale asks for them, by the scripts that simulate Gaussian networks too."""
    path = tmp_path_factory.mktemp("levy_avalanches")
    config = smoke()
    keys, plan = config["levy_avalanches"], Plan(config)
    launched = [keys["launched_drift_free"], keys["launched_across"]]
    for width in keys["widths"]:
        of = path / f"N{width}"
        of.mkdir()
        manifest = str(of / "manifest.tsv")
        script("levy_avalanches/initialise_levy_avalanches").main(
            manifest, str(of / "levy_gains.tsv"), plan.levy_avalanches.block_keys(), keys["alphas"],
            plan.levy_avalanches.points_at(width), keys["blocks"], launched, keys["drift_layers"], config["seed"],
            width,
        )  # fmt: skip
        wildcards = SimpleNamespace(experiment="levy_avalanches", sample="annealed", width=str(width))
        assert plan.avalanches.shard_count(wildcards) == 1
        parts = {table: [str(of / f"0.{table}.parquet")] for table in TABLES}
        script("avalanches/simulate_avalanches").main(
            manifest, None, 0, 1, {table: part[0] for table, part in parts.items()}, "code"
        )
        script("avalanches/merge_avalanches").main(
            {"manifest": manifest, **parts}, {table: str(of / f"{table}.parquet") for table in TABLES}
        )
    inputs = [[str(path / f"N{width}" / name) for width in keys["widths"]] for name in
              ("avalanches.parquet", "levy_gains.tsv")]  # fmt: skip
    outputs = (str(path / f"{name}.tsv") for name in ("levy_exponents", "levy_curves"))
    script("levy_avalanches/fit_levy_avalanches").main(*inputs, *outputs, keys["fits"], keys["depth"], config["seed"])
    return path


def test_blocks_are_those_of_the_gains(results: Path) -> None:
    """Every gain has its blocks in the manifest, with weights of its square and index, and as many as are planned."""
    config = smoke()
    for width in config["levy_avalanches"]["widths"]:
        gains = read_tsv(results / f"N{width}" / "levy_gains.tsv", LEVY_GAINS)
        manifest = read_tsv(results / f"N{width}" / "manifest.tsv", MANIFEST)
        wildcards = SimpleNamespace(experiment="levy_avalanches", sample="annealed", width=str(width))
        assert len(manifest) == Plan(config).avalanches.sample_keys(wildcards)["blocks"]
        assert manifest["seed_key"].is_unique
        for row in gains.itertuples():
            mine = manifest.iloc[row.first_block : row.first_block + row.blocks]
            np.testing.assert_allclose(mine["weight_variance"], row.gain**2, rtol=1e-9)
            assert (mine["levy_alpha"] == row.alpha).all()
            assert mine["launched"].sum() == row.launched
            assert row.relative_gain == pytest.approx(row.gain / ordered_gain(row.alpha), rel=1e-9)


def test_wider_networks_have_the_drift_free_gain_alone(results: Path) -> None:
    """The line is crossed at the first width."""
    first, second = (read_tsv(results / f"N{width}" / "levy_gains.tsv", LEVY_GAINS) for width in (20, 40))
    assert (first.groupby("alpha").size() == 5).all()
    assert second["drift_free"].all()


def test_gains_without_drift_are_those_of_a_random_walk(results: Path) -> None:
    """At alpha = 2 it is sqrt(1 + 1/N) to order 1/N^2, within four standard errors."""
    gains = read_tsv(results / "N40" / "levy_gains.tsv", LEVY_GAINS)
    row = gains[gains["alpha"] == 2].iloc[0]
    assert abs(row["gain"] - np.sqrt(1 + 1 / 40)) < 4 * row["standard_error"] + 1 / 40**2


def test_every_point_has_every_quantity(results: Path) -> None:
    """Five rows a point; intervals hold values, and the ratio is that of the exponents beside it."""
    table = read_tsv(results / "levy_exponents.tsv", LEVY_EXPONENTS)
    points = table.groupby(["alpha", "width", "gain"])
    assert (points["quantity"].nunique() == 5).all()
    known = table[table["value"].notna()]
    assert ((known["ci_low"] <= known["value"]) & (known["value"] <= known["ci_high"])).all()
    for _, of in points:
        value = of.set_index("quantity")["value"]
        if value[["tau_d", "tau_s"]].notna().all():
            assert value["ratio"] == pytest.approx((value["tau_d"] - 1) / (value["tau_s"] - 1), rel=1e-9)


def test_curves_fall(results: Path) -> None:
    """Shares of avalanches fall with duration and size, from the share that outlives the first layer."""
    curves = read_tsv(results / "levy_curves.tsv", LEVY_CURVES)
    exponents = read_tsv(results / "levy_exponents.tsv", LEVY_EXPONENTS)
    started = exponents.groupby(["alpha", "width", "relative_gain"])["started"].first()
    durations = curves[curves["observable"] == "duration"]
    for point, of in durations.groupby(["alpha", "width", "relative_gain"]):
        assert (np.diff(of["value"]) <= 0).all()
        assert of["value"].iloc[0] == pytest.approx(started[point], rel=1e-9)


def test_figure(results: Path, tmp_path: Path) -> None:
    """Figure and caption are made from these tables."""
    assert "100 layers" in caption_of("qu2022_avalanches", results, tmp_path, smoke())


def test_points_without_avalanches_have_no_exponents() -> None:
    """Where next to nothing starts, rows say so instead of failing."""
    fits = smoke()["levy_avalanches"]["fits"]
    nothing = pd.DataFrame({"block": [0], "duration": [1], "size": [0.1], "censored": [False]})
    point = SimpleNamespace(width=20, blocks=4, launched=10)
    rows = script("levy_avalanches/fit_levy_avalanches").fitted(nothing, point, fits, 100, np.random.default_rng(1))
    assert [row["quantity"] for row in rows] == ["tau_d", "tau_s", "gamma", "ratio", "mismatch"]
    assert all(np.isnan(row["value"]) for row in rows)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alphas": [0.0, 2.0]}, r"levy_avalanches.alphas.0: .*greater than or equal to 1"),
        ({"alphas": [1.5, 2.5]}, r"levy_avalanches.alphas.1: .*less than or equal to 2"),
        ({"relative_gains": [1.0, 1.1, 1.2]}, r"relative_gains: found 1.0 to 1.2, expected a range that straddles"),
        ({"relative_gains": [0.0, 1.0, 1.2]}, r"relative_gains.0: .*greater than 0"),
        ({"depth": 20}, r"fits.shortest_duration: found 10, expected less than a quarter of depth, 20"),
    ],
)
def test_impossible_settings_are_named(change: dict[str, Any], message: str) -> None:
    """An index outside its range, a gain of zero, gains beside the ordered line: all are named."""
    config = load_config(ROOT / "config.yaml")
    config["levy_avalanches"].update(change)
    with pytest.raises(ConfigError, match=message):
        validate(config)
