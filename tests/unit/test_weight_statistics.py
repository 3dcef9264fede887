"""Tails, trajectories, gradients and redistribution: laws that were put in, chains, finite differences, and scripts."""

from __future__ import annotations

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from curvlinops import HessianLinearOperator
from made_up_digits import write_digits
from scipy.special import logsumexp
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_parquet, read_tsv, write_parquet
from deepcrit.experiments.sgd_runs.schemas import RUN_OUTCOMES
from deepcrit.experiments.weight_statistics.gradients import gradient_elements
from deepcrit.experiments.weight_statistics.measured import WeightImages, measured_statistics
from deepcrit.experiments.weight_statistics.redistribution import (
    redistributed_strengths,
    redistribution_exponents,
    redistribution_relation,
)
from deepcrit.experiments.weight_statistics.schemas import NETWORK_STATISTICS, TAIL_SHAPES
from deepcrit.experiments.weight_statistics.summary import tail_onset
from deepcrit.experiments.weight_statistics.tails import log_binned_density, tail_shape
from deepcrit.experiments.weight_statistics.trajectories import (
    autocorrelation,
    irreversibility,
    larger_than,
    redundant_connections,
    standardised,
    time_variance,
)
from deepcrit.training.schemas import SNAPSHOTS
from deepcrit.training.snapshots import Trajectory

SEED = 4


def shape_of(values: np.ndarray, **limits: Any) -> dict[str, Any]:
    """Of up to 6000 values."""
    return tail_shape(values, 6000, 100, np.random.default_rng(1), **limits)


def test_a_power_law_that_was_put_in_is_found() -> None:
    """Its exponent comes back above its xmin whatever the unit, no rival is better, and the body is left out."""
    rng = np.random.default_rng(1)
    values = np.concatenate([2e-7 * rng.random(3000), 2e-7 * (1.0 + rng.pareto(1.5, 3000))]) * rng.choice([-1, 1], 6000)
    found = shape_of(values)
    assert found["exponent"] == pytest.approx(2.5, abs=0.15)
    assert 1.5e-7 < found["xmin"] < 4e-7
    assert found["heavier"]
    assert found["better"] == ""


@pytest.mark.parametrize("family", ["normal", "exponential", "lognormal", "bounded"])
def test_other_laws_are_not_taken_for_power_laws(family: str) -> None:
    """Draws of lighter laws are not heavier than exponential, or have a rival that is better."""
    rng = np.random.default_rng(2)
    values = {
        "normal": rng.normal(size=6000), "exponential": rng.exponential(size=6000),
        "lognormal": np.exp(0.4 * rng.normal(size=6000)), "bounded": rng.beta(2.0, 2.0, 6000),
    }[family]  # fmt: skip
    found = shape_of(values, largest=1.0 if family == "bounded" else None)
    assert not found["heavier"] or found["better"], found


def test_a_stable_law_is_not_beaten_by_the_power_law_of_its_tail() -> None:
    """Cauchy values have the index that was put in, and an exponent one above it."""
    found = shape_of(np.random.default_rng(3).standard_cauchy(6000))
    assert found["stable_index"] == pytest.approx(1.0, abs=0.05)
    assert found["exponent"] == pytest.approx(2.0, abs=0.2)
    assert abs(found["stable"]) < 2.5


def test_tails_of_too_few_values_have_a_reason() -> None:
    """No value, all alike, and some."""
    assert "fewer than 200 values" in shape_of(np.zeros(1000))["reason"]
    assert "different ones" in shape_of(np.ones(1000))["reason"]
    assert shape_of(np.arange(150.0))["reason"]


def test_densities_hold_all_values() -> None:
    """They sum to one over bins of equal logarithms, and there are none of zeros."""
    x, density = log_binned_density(np.exp(np.random.default_rng(4).normal(size=1000)))
    half = 10.0 ** (1.0 / 12.0)
    assert (density * x * (half - 1.0 / half)).sum() == pytest.approx(1.0)
    assert not log_binned_density(np.zeros(3))[0].size


def test_reversible_chains_have_no_irreversibility() -> None:
    """An Ornstein-Uhlenbeck chain looks the same backwards; slow rises and sudden falls do not."""
    rng, times = np.random.default_rng(5), 200_000
    noise, chain = rng.normal(size=times), np.zeros(times)
    saw = np.zeros(times)
    for step in range(1, times):
        chain[step] = 0.8 * chain[step - 1] + noise[step]
        saw[step] = 0.0 if rng.random() < 0.05 else saw[step - 1] + 1.0
    reversible, irreversible = irreversibility(standardised(np.stack([chain, saw], axis=1)), 5)
    assert reversible < 1e-3
    assert irreversible > 20.0 * reversible
    backwards = irreversibility(standardised(saw[::-1, None]), 5)[0]
    assert backwards == pytest.approx(irreversible)


def test_autocorrelations_are_those_of_the_chain() -> None:
    """Powers of the coefficient of a chain; a weight that does not move has none."""
    rng, chain = np.random.default_rng(6), np.zeros((100_000, 2))
    for step in range(1, len(chain)):
        chain[step, 0] = 0.7 * chain[step - 1, 0] + rng.normal()
    found = autocorrelation(chain, 3)
    assert found[0] == pytest.approx((0.7 + 0.49 + 0.343) / 3.0, abs=0.02)
    assert np.isnan(found[1])
    assert (standardised(chain)[:, 1] == 0.0).all()


def test_variances_are_over_time() -> None:
    """A straight line has the variance of a uniform law, however unevenly it is looked at; a constant has none."""
    times = np.sort(np.concatenate([np.linspace(0, 1, 2001), np.random.default_rng(7).random(500) ** 4]))
    found = time_variance(np.stack([times, np.ones(times.size)], axis=1), times)
    assert found == pytest.approx([1.0 / 12.0, 0.0], abs=1e-4)
    still = np.full((50, 1), 0.1)
    assert time_variance(still, times[:50]) == irreversibility(still, 5) == standardised(still).max() == 0.0


def test_contrasts_and_redundancy_by_hand() -> None:
    """Pairs are counted, ties half; a kind without a value gives none; redundant is what was and is no longer."""
    assert larger_than(np.array([3.0, 1.0]), np.array([2.0, 1.0])) == pytest.approx(2.5 / 4.0 - 0.5)
    assert larger_than(np.array([1.0, np.nan]), np.array([0.0])) == 0.5
    assert np.isnan(larger_than(np.empty(0), np.ones(2)))
    then, now = np.array([0.6, 0.6, 0.1, -0.9]), np.array([0.4, 0.7, 0.9, 0.0])
    assert redundant_connections(then, now, 0.5).tolist() == [True, False, False, False]


def test_onsets_last_to_the_end() -> None:
    """A tail that is heavy only for a time has no onset."""
    assert tail_onset(pd.Series([False, True, True], [0, 1, 10])) == 1.0
    assert tail_onset(pd.Series([True, False, True], [0, 1, 10])) == 10.0
    assert tail_onset(pd.Series([True, True, False], [0, 1, 10])) == np.inf


def losses_by_hand(flat: np.ndarray, first: np.ndarray, labels: np.ndarray, hidden: int) -> np.ndarray:
    """Cross-entropies behind a first layer, of weights in one row and no bias, by tanh."""
    second = np.tanh(first @ flat[: hidden * hidden].reshape(hidden, hidden))
    logits = second @ flat[hidden * hidden :].reshape(hidden, 10)
    return np.asarray(logsumexp(logits, axis=1) - logits[np.arange(labels.size), labels])


def test_derivatives_are_those_of_finite_differences() -> None:
    """Gradients of every image and the Hessian of their mean, between weights of both layers."""
    rng, hidden = np.random.default_rng(8), 3
    weights = rng.normal(size=(hidden, hidden)), rng.normal(size=(hidden, 10))
    first, labels = rng.normal(size=(40, hidden)), rng.integers(0, 10, 40)
    chosen = np.array([0, 4, 8, 11, 30])
    found = gradient_elements(weights, (np.zeros(hidden), np.zeros(10)), "tanh", first, labels, chosen)
    flat, step = np.concatenate([np.ravel(part) for part in weights]), 1e-4
    units = step * np.eye(flat.size)[chosen]
    each = np.stack([(losses_by_hand(flat + u, first, labels, hidden) - losses_by_hand(flat - u, first, labels, hidden))
                     / (2 * step) for u in units])  # fmt: skip
    assert found.noise == pytest.approx(np.cov(each, bias=True), abs=1e-7)
    assert found.products == pytest.approx(np.outer(each.mean(axis=1), each.mean(axis=1)), abs=1e-8)

    def slope(at: np.ndarray) -> np.ndarray:
        ends = [losses_by_hand(at + s * u, first, labels, hidden).mean() for u in units for s in (1.0, -1.0)]
        return np.diff(np.reshape(ends, (-1, 2)), axis=1)[:, 0] / (-2.0 * step)

    differences = np.stack([(slope(flat + u) - slope(flat - u)) / (2.0 * step) for u in units])
    assert found.hessian == pytest.approx(differences, abs=1e-5)
    with pytest.raises(ValueError, match="activation: found 'sine'"):
        gradient_elements(weights, (np.zeros(3), np.zeros(10)), "sine", first, labels, chosen)


def test_hessians_are_those_of_curvlinops() -> None:
    """Between weights of both layers, with biases, against products of the whole Hessian with unit vectors."""
    rng, (hidden, images) = np.random.default_rng(4), (3, 60)
    weights = rng.normal(size=(hidden, hidden)), rng.normal(size=(hidden, 10))
    biases = rng.normal(size=hidden), rng.normal(size=10)
    first, labels = rng.normal(size=(images, hidden)), rng.integers(0, 10, images)
    chosen = rng.permutation(39)[:20]
    found = gradient_elements(weights, biases, "tanh", first, labels, chosen)
    layers = [torch.nn.Linear(hidden, size, dtype=torch.float64) for size in (hidden, 10)]
    for layer, matrix, offset in zip(layers, weights, biases, strict=True):
        layer.weight.data, layer.bias.data = torch.from_numpy(matrix.T.copy()), torch.from_numpy(offset)
    model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1])
    data = [(torch.from_numpy(first), torch.from_numpy(labels))]
    matrices = [layer.weight for layer in layers]
    peer = HessianLinearOperator(model, torch.nn.CrossEntropyLoss(), matrices, data, check_deterministic=False)
    whole = (peer @ torch.eye(39, dtype=torch.float64)).numpy()
    # torch keeps a layer as (fan out, fan in)
    places = np.concatenate([np.arange(9).reshape(3, 3).T.ravel(), 9 + np.arange(30).reshape(10, 3).T.ravel()])[chosen]
    np.testing.assert_allclose(found.hessian, whole[np.ix_(places, places)], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("probability", [0.3, 0.6])
def test_redistribution_conserves_strength_and_has_a_lomax_law(probability: float) -> None:
    """Strengths stay positive with a mean of one, and are as often large as the limit of many connections says."""
    strengths = [redistributed_strengths(probability, 2000, 25, np.random.default_rng(seed)) for seed in range(20)]
    assert [one.mean() for one in strengths] == pytest.approx(np.ones(20))
    pooled = np.concatenate(strengths)
    assert pooled.min() >= 0.0
    for least in (0.5, 2.0, 8.0):
        expected = (1.0 + probability * least / (1.0 - probability)) ** (-1.0 / probability)
        assert (pooled >= least).mean() == pytest.approx(expected, rel=0.1)


def test_relations_that_were_put_in_are_found() -> None:
    """Pareto strengths of exponents 1 + 1/P_C give a slope and an intercept of one; P_C that are too small are left."""
    rng = np.random.default_rng(9)
    laws = {p: 1.0 + rng.pareto(1.0 / p, 40_000) for p in (0.1, 0.25, 0.3, 0.4, 0.6, 0.9)}
    fits = redistribution_exponents(laws)
    found = redistribution_relation(fits, 0.2).set_index(["xmin_rule", "parameter"])
    assert found.loc[("mean strength", "slope"), "value"] == pytest.approx(1.0, abs=0.05)
    assert found.loc[("mean strength", "intercept"), "value"] == pytest.approx(1.0, abs=0.1)
    assert found.loc[("mean strength", "slope"), "points"] == 5


def test_networks_about_to_diverge_are_measured() -> None:
    """Weights whose activities single precision cannot hold have a finite kurtosis, as have their correlations."""
    rng, sizes = np.random.default_rng(10), (784, 3, 3, 10)
    weights = [(1e37 * rng.normal(size=shape)).astype(np.float32) for shape in ((784, 3), (3, 3), (3, 10))]
    parameters = weights, [np.zeros(size, np.float32) for size in sizes[1:]]
    images = WeightImages(rng.random((50, 784)).astype(np.float32), rng.integers(0, 10, 50))
    trajectory = Trajectory("one", sizes, np.array([0, 7]), [parameters, parameters])
    row = SimpleNamespace(run="one", sample="phases", activation="relu")
    settings = {"ends": {"phases": 7}, "plane": "phases", "followed": "terminal"}
    found = measured_statistics(row, trajectory, images, settings, SEED).statistics
    assert found["quantity"].tolist() == ["kurtosis of weights", "kurtosis of correlations"]
    assert np.isfinite(found["value"]).all()


# ---- scripts ----

CONFIG = copy.deepcopy(load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml"))
CONFIG["sgd_runs"]["images"] = 400
CONFIG["sgd_runs"]["samples"] = {
    "terminal": {"hidden": [8, 12], "seeds": 2, "iterations": [0, 1, 10, 100, 400], "flux_iterations": [400],
                 "windows": [{"start": 300, "stop": 400, "step": 10}]},
    "phases": {"hidden": [4, 12], "seeds": 1, "iterations": [0, 30, 100], "flux_iterations": [100],
               "log_mobilities": {"start": -8.0, "stop": 70.0, "step": 39.0}},
}  # fmt: skip
CONFIG["weight_statistics"] |= {"images": 400, "gradient_images": 60, "gradient_iterations": [10]}
PARTS = ("shapes", "statistics", "curves")
NAMES = {"shapes": "tail_shapes", "statistics": "network_statistics", "curves": "statistic_curves",
         "summary": "statistics_summary"}  # fmt: skip
MODEL = {"weights": "redistributed_weights", "fits": "redistribution_fits", "relation": "redistribution_relation"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training runs on made-up digits, in two shards, and their fluxes; some diverge."""
    path = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 400), rng.integers(0, 10, 100))
    script("sgd_runs/list_sgd_runs").main(str(path / "runs.tsv"), CONFIG["sgd_runs"], SEED)
    for shard in range(2):
        script("sgd_runs/train_sgd_runs").main(
            str(path / "runs.tsv"), [str(path / "any")], str(path / f"{shard}.history.parquet"),
            str(path / f"{shard}.snapshots.parquet"), str(path / "checkpoints"), shard, 2,
            Plan(CONFIG).sgd_runs.kept(), 400, SEED, "code",
        )  # fmt: skip
    script("sgd_runs/merge_sgd_runs").main(
        str(path / "runs.tsv"), [str(path / f"{shard}.history.parquet") for shard in range(2)],
        str(path / "run_history.tsv"), str(path / "run_outcomes.tsv"),
    )  # fmt: skip
    outcomes = read_tsv(path / "run_outcomes.tsv", RUN_OUTCOMES)
    fluxes = outcomes.assign(iteration=outcomes["iterations"], loss=1.0, loss_flux=0.1, loss_speed=0.1,
                             weight_flux=np.exp(outcomes["log_mobility"]), weight_speed=0.1)  # fmt: skip
    columns = [column.name for column in SCHEMAS["fluxes"].columns]
    fluxes[columns].to_csv(path / "fluxes.tsv", sep="\t", index=False)
    return path


def measured(trained: Path, path: Path, snapshots: list[Path], code: str = "code") -> dict[str, list[str]]:
    """Parts of every kind, one for each table of snapshots."""
    parts: dict[str, list[str]] = {kind: [] for kind in PARTS}
    plan = Plan(CONFIG).weight_statistics
    settings = CONFIG["weight_statistics"] | {"ends": plan.ends(), "window": plan.window()}
    for shard, table in enumerate(snapshots):
        outputs = {kind: str(path / f"{shard}.{kind}.parquet") for kind in PARTS}
        for kind in PARTS:
            parts[kind].append(outputs[kind])
        script("weight_statistics/measure_statistics").main(
            runs=str(trained / "runs.tsv"), snapshots=str(table), mnist=[str(trained / "any")], **outputs,
            settings=settings, seed=SEED, code=code,
        )  # fmt: skip
    return parts


def summarised(trained: Path, path: Path, parts: dict[str, list[str]]) -> Path:
    """All tables of what was measured, and of the model."""
    script("weight_statistics/redistribute_weights").main(
        **{argument: str(path / f"{name}.tsv") for argument, name in MODEL.items()},
        settings=CONFIG["weight_statistics"]["redistribution"], seed=SEED,
    )  # fmt: skip
    script("weight_statistics/summarise_statistics").main(
        outcomes=str(trained / "run_outcomes.tsv"), fluxes=str(trained / "fluxes.tsv"),
        fits=str(path / "redistribution_fits.tsv"),
        **dict(zip(("shape_parts", "statistic_parts", "curve_parts"), parts.values(), strict=True)),
        **{argument: str(path / f"{name}.tsv") for argument, name in NAMES.items()},
        settings=CONFIG["weight_statistics"], seed=SEED,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def results(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of all networks, and the outcomes beside them."""
    path = tmp_path_factory.mktemp("results")
    (path / "run_outcomes.tsv").write_bytes((trained / "run_outcomes.tsv").read_bytes())
    return summarised(trained, path, measured(trained, path, [trained / f"{n}.snapshots.parquet" for n in range(2)]))


def test_what_is_missing_has_a_reason(results: Path) -> None:
    """Values and reasons exclude each other, and networks that diverged say so."""
    shapes = read_tsv(results / "tail_shapes.tsv", TAIL_SHAPES)
    assert (shapes["exponent"].notna() == (shapes["reason"] == "")).all()
    statistics = read_tsv(results / "network_statistics.tsv", NETWORK_STATISTICS)
    assert (statistics["value"].notna() == (statistics["reason"] == "")).all()
    runs = read_tsv(results / "run_outcomes.tsv", RUN_OUTCOMES)
    lost = statistics[statistics["quantity"] == "trained to the end"]
    assert set(lost["run"]) == set(runs.loc[runs["diverged"], "run"])
    assert len(lost)


def test_shards_change_no_byte(trained: Path, results: Path, tmp_path: Path) -> None:
    """All snapshots in one table give the same tables as those of two shards."""
    tables = [read_parquet(trained / f"{shard}.snapshots.parquet", SNAPSHOTS) for shard in range(2)]
    write_parquet(pd.concat(tables), tmp_path / "all.parquet", SNAPSHOTS, {})
    summarised(trained, tmp_path, measured(trained, tmp_path, [tmp_path / "all.parquet"]))
    for name in NAMES.values():
        assert (tmp_path / f"{name}.tsv").read_bytes() == (results / f"{name}.tsv").read_bytes(), name


def test_parts_of_other_code_are_refused(trained: Path, tmp_path: Path) -> None:
    """A part that other code has written is named."""
    (tmp_path / "other").mkdir()
    parts = measured(trained, tmp_path, [trained / "0.snapshots.parquet"])
    other = measured(trained, tmp_path / "other", [trained / "1.snapshots.parquet"], "other code")
    with pytest.raises(TableError, match=r"other/0\.shapes\.parquet"):
        summarised(trained, tmp_path, {kind: parts[kind] + other[kind] for kind in PARTS})


def test_the_figure_and_its_caption(results: Path, tmp_path: Path) -> None:
    """The figure is drawn from these tables, and the caption quotes settings and fits."""
    caption = caption_of("liu2025_fig4", results, tmp_path, CONFIG)
    assert "two hidden layers of 12 neurons" in caption
    assert "20 matrices of 100 connections" in caption


def test_claims_of_the_figure_are_judged(results: Path) -> None:
    """Every claim of Fig. 4 finds its tables; trained ones are bound to the published number of iterations."""
    names = [*NAMES.values(), *MODEL.values()]
    tables = {f"weight_statistics/{name}": read_tsv(results / f"{name}.tsv", SCHEMAS[name]) for name in names}
    paper = load_claims(ROOT / "claims" / "liu2025.yaml")
    ours = [claim for claim in paper.claims if claim.id.startswith(("liu2025.fig4", "liu2025.sec25"))]
    ours = [claim for claim in ours if claim.parts()[0].measure.table in tables]
    verdicts = judge_paper(paper.model_copy(update={"claims": ours}), tables, "smoke").set_index("claim")
    assert len(verdicts) == len(ours) == 20
    assert verdicts.loc["liu2025.fig4e.var_w", "verdict"] == "not testable here"
    assert verdicts.loc["liu2025.fig4k.linear", "verdict"] in ("differs", "undecided")


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"gradient_images": 20_000}, "gradient_images"), ({"least_tail": 10}, "least_tail"),
     ({"gradient_iterations": [10, 1]}, "gradient_iterations"), ({"critical": 1.5}, "critical")],
)  # fmt: skip
def test_broken_settings_are_named(changes: dict[str, Any], named: str) -> None:
    """A setting that cannot be is refused by its key."""
    config = copy.deepcopy(load_config(ROOT / "config.yaml"))
    config["weight_statistics"] |= changes
    with pytest.raises(ConfigError, match=named):
        validate(config)


def test_samples_that_are_not_trained_or_have_no_window_are_named() -> None:
    """Weights cannot be looked at in networks that there are not, nor followed without a window."""
    config = copy.deepcopy(load_config(ROOT / "config.yaml"))
    config["weight_statistics"]["plane"] = "others"
    with pytest.raises(ValueError, match=r"weight_statistics\.plane: found 'others'"):
        Plan(config).weight_statistics.ends()
    config["weight_statistics"]["followed"] = "sizes"
    with pytest.raises(ValueError, match="expected a sample with windows"):
        Plan(config).weight_statistics.window()
