"""The scripts of the plane of weight and bias variance, at the smallest scale, from configuration to verdicts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_parquet, read_tsv
from deepcrit.experiments.susceptibility.plane import POINT_KEYS, plane_points
from deepcrit.experiments.susceptibility.schemas import (
    DERIVATIVE_CHECK,
    DERIVATIVES,
    MISMATCH,
    PLANE_BLOCKS,
    SIZE_AGAINST_FIELD,
    SIZE_PLANE,
)

ROOT = Path(__file__).resolve().parents[2]
CONFIG = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
KEYS = CONFIG["susceptibility"]
PLANES = Plan(CONFIG).susceptibility.planes
GRID = KEYS["published"]["weight_variances"], KEYS["published"]["log_bias_variances"]
SEED = 11


def simulate(directory: Path, name: str, shard: int, shards: int) -> list[str]:
    """Paths of blocks and avalanches of one shard."""
    shape = {key: PLANES[name][key] for key in ("width", "depth")}
    network = {"name": name, **shape, "activation": "tanh", "input_strength": 0.1}
    paths = {table: str(directory / f"{name}_{shard}_{shards}.{table}.parquet") for table in ("blocks", "avalanches")}
    script("susceptibility/simulate_plane").main(
        paths,
        network,
        PLANES[name],
        shard,
        shards,
        KEYS["blocks"],
        KEYS["launched_per_block"],
        SEED,
        "code",
    )
    return list(paths.values())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of the plane of one network at the smallest scale."""
    path = tmp_path_factory.mktemp("susceptibility")
    blocks, avalanches = ([found] for found in simulate(path, "published", 0, 1))
    exact = [str(path / f"{shard}.exact.tsv") for shard in range(2)]
    network = {"name": "published", **KEYS["published"], "activation": "tanh", "input_strength": 0.1}
    for shard, part in enumerate(exact):
        script("susceptibility/solve_plane").main(part, network, KEYS["published"], shard, 2, KEYS["derivative_step"])
    bandwidths = {name: network["bandwidth"] for name, network in PLANES.items()}
    plane, confidence, fewest = str(path / "size_plane.tsv"), KEYS["confidence"], KEYS["minimum_avalanches"]
    script("susceptibility/average_sizes").main(blocks, exact, plane, confidence, fewest)
    script("susceptibility/differentiate_sizes").main(
        plane, exact, str(path / "derivatives.tsv"), "tanh", bandwidths, confidence
    )
    script("susceptibility/check_derivatives").main(
        plane, exact, str(path / "derivative_check.tsv"), [0.15, 0.4], bandwidths, confidence
    )
    script("susceptibility/compare_with_field").main(
        plane, exact, blocks, str(path / "size_against_field.tsv"), "tanh", KEYS, bandwidths, SEED
    )
    script("susceptibility/fit_mismatch").main(
        avalanches, blocks, str(path / "mismatch.tsv"), KEYS["mismatch"], fewest, 100, confidence, SEED
    )
    return path


def test_a_shard_in_the_place_of_another_is_refused(results: Path, tmp_path: Path) -> None:
    """Points that are simulated and not solved, or solved and not simulated, are told, and no table is written."""
    exact = str(results / "0.exact.tsv")
    blocks = [str(next(results.glob("published_0_1.blocks.parquet")))]
    with pytest.raises(TableError, match=r"found \d+ points only simulated, the first at network published, .*delete"):
        script("susceptibility/average_sizes").main(blocks, [exact], str(tmp_path / "plane.tsv"), 0.95, 10)
    assert not (tmp_path / "plane.tsv").exists()


def test_there_are_no_more_shards_than_points() -> None:
    """A shard has a point of every plane, however many are asked for."""
    plan = Plan({**CONFIG, "execution": {"shards": {**CONFIG["execution"]["shards"], "susceptibility": 10_000}}
                 | {"networks_trained_together": 1}}).susceptibility  # fmt: skip
    fewest = min(len(list(plane_points(p["weight_variances"], p["log_bias_variances"]))) for p in PLANES.values())
    assert plan.shards == fewest


def test_every_point_has_its_rows(results: Path) -> None:
    """Tables that others join hold each point once, or once a way of counting, under the same keys."""
    points = len(list(plane_points(*GRID)))
    plane, derivatives = (
        read_tsv(results / "size_plane.tsv", SIZE_PLANE),
        read_tsv(results / "derivatives.tsv", DERIVATIVES),
    )
    mismatch = read_tsv(results / "mismatch.tsv", MISMATCH)
    assert len(mismatch) == points
    assert len(plane) == len(derivatives) == 3 * points
    kept = plane[plane["counting"] == "kept"].merge(mismatch, on=POINT_KEYS, validate="one_to_one")
    assert len(kept) == points
    assert (kept["avalanches_x"] == kept["avalanches_y"]).all()
    assert not mismatch.loc[mismatch["avalanches"] < KEYS["minimum_avalanches"], "tau_s"].notna().any()
    assert mismatch["mismatch"].notna().any()


def test_shards_change_no_row(tmp_path: Path) -> None:
    """Blocks simulated in three shards are those simulated in one."""
    whole = read_parquet(simulate(tmp_path, "trained", 0, 1)[0], PLANE_BLOCKS)
    parts = [read_parquet(simulate(tmp_path, "trained", shard, 3)[0], PLANE_BLOCKS) for shard in range(3)]
    order = [*POINT_KEYS, "block"]
    pd.testing.assert_frame_equal(
        pd.concat(parts).sort_values(order, ignore_index=True), whole.sort_values(order, ignore_index=True)
    )


def test_countings_differ_by_what_is_censored(results: Path) -> None:
    """Sizes of all inputs are those of started avalanches and zeros; without censored avalanches started is kept."""
    rows = read_tsv(results / "size_plane.tsv", SIZE_PLANE)
    kept, started, everything = (
        rows[rows["counting"] == counting].set_index(POINT_KEYS) for counting in ("kept", "started", "all")
    )
    total = started["mean_size"] * started["avalanches"]
    known = total.notna()
    assert total[known].to_numpy() == pytest.approx(
        (everything["mean_size"] * everything["avalanches"])[known].to_numpy()
    )
    ended = started["censored_fraction"] == 0
    assert ended.any()
    assert (started["avalanches"] == kept["avalanches"])[ended].all()


def test_simulated_means_are_near_the_exact_ones(results: Path) -> None:
    """Intervals of simulated means, and of derivatives that lean on them, hold the exact values most of the time."""
    plane = read_tsv(results / "size_plane.tsv", SIZE_PLANE).dropna(subset=["mean_size"])
    assert plane["exact_mean_size"].between(plane["ci_low"], plane["ci_high"]).mean() > 0.85
    slopes = read_tsv(results / "derivatives.tsv", DERIVATIVES).dropna(subset=["derivative"])
    assert slopes["exact_derivative"].between(slopes["ci_low"], slopes["ci_high"]).mean() > 0.85


def test_the_check_says_what_was_chosen(results: Path) -> None:
    """Each function has one chosen estimator among those tabulated, and wider windows have more bias and less noise."""
    check = read_tsv(results / "derivative_check.tsv", DERIVATIVE_CHECK)
    assert (check.groupby(["network", "function", "log10_bias_variance"], dropna=False)["chosen"].sum() == 1).all()
    logistic = check[check["function"] == "logistic"].set_index("bandwidth")
    assert logistic["bias"][0.4] > logistic["bias"][0.15]
    assert logistic["noise"][0.4] < logistic["noise"][0.15]


def test_misfits_are_those_of_the_shape() -> None:
    """The same shape at any scale fits, its noise misfits by its size, and a straight line does not pass for a root."""
    x = np.linspace(0.0, 1.0, 101)
    field = np.sqrt(x)
    curves = np.vstack([7.0 * field, x, np.where(x > 0.5, field, 0.0)])
    same, line, later = script("susceptibility/compare_with_field").misfits(curves, field, len(x) - 1)
    assert same == pytest.approx(0.0, abs=1e-12)
    assert line == pytest.approx(np.sqrt(((x - field) ** 2).mean()), rel=1e-12)
    assert line > 0.15
    assert later > 0.2


def test_claims_are_judged(results: Path) -> None:
    """Claims find their rows; that on the shape, which width rounds, those of the published network alone."""
    paper = load_claims(ROOT / "claims" / "ghavasieh2025.yaml")
    ours = [claim for claim in paper.claims if claim.id.split(".")[1] in ("fig3d", "fig3e")]
    table = read_tsv(results / "size_against_field.tsv", SIZE_AGAINST_FIELD)
    for size in ({}, {"width": 300, "depth": 400}):
        tables = {"susceptibility/size_against_field": table.assign(**size)}
        board = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=ours), tables, "smoke")
        verdicts = board.set_index("claim")["verdict"]
        assert (verdicts["ghavasieh2025.fig3d.mean_size"] == "not testable here") == (not size)
        assert verdicts["ghavasieh2025.fig3e.chi_emp"] != "not testable here"
        assert verdicts["ghavasieh2025.fig3e.peaks_in_simulations"] != "not testable here"
    kept = table[(table["network"] == "published") & (table["counting"] == "kept")]
    assert kept["spearman"].min() < 0.9
    assert (table["difference_ci_low"] <= table["difference_ci_high"])[table["points"] >= 5].all()
    assert set(SCHEMAS) >= {"size_against_field"}


def test_figure(results: Path, tmp_path: Path) -> None:
    """The figure and its caption are made from these tables, and the caption quotes them."""
    shape = KEYS["published"]
    assert f"N = {shape['width']}, L = {shape['depth']}" in caption_of(
        "ghavasieh2025_fig3de", results, tmp_path, CONFIG
    )


def test_samplers_agree(tmp_path: Path) -> None:
    """Means with censored avalanches lie within five standard errors of the exact law; those without are too skewed."""
    shapes = {name: {key: network[key] for key in ("width", "depth")} for name, network in PLANES.items()}
    path = tmp_path / "sampler_check.tsv"
    script("susceptibility/check_radial").main(
        str(path), shapes, {**KEYS["annealed"], "blocks": 20, "launched_per_block": 100}, "tanh", 0.1, 50, 0.95, SEED
    )
    check = read_tsv(path, SCHEMAS["sampler_check"]).dropna(subset=["deviation"])
    assert set(check["method"]) == {"annealed", "radial"}
    assert np.abs(check.loc[check["counting"] != "kept", "deviation"]).max() < 5
