"""Losses and their landscapes: rates in closed form, planes by hand, boundaries that were put in, and scripts."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from made_up_digits import write_digits
from scipy.special import expit
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_parquet, read_tsv, write_parquet
from deepcrit.experiments.loss_landscapes.boundary import parabolic_boundary
from deepcrit.experiments.loss_landscapes.measured import upper_layers
from deepcrit.experiments.loss_landscapes.schemas import (
    BATCH_DEVIATIONS,
    LANDSCAPE_SLICES,
    LANDSCAPE_SUMMARY,
    LOSS_MOMENTS,
    TILTED_ENTROPIES,
)
from deepcrit.experiments.loss_landscapes.slices import UpperLayers, connections, direction, roughness, sliced
from deepcrit.experiments.loss_landscapes.tilted import legendre_rate, tilted_ensemble
from deepcrit.experiments.sgd_runs.schemas import RUN_OUTCOMES
from deepcrit.stats.positive_families import positive_family
from deepcrit.training.schemas import SNAPSHOTS

SEED = 4


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.9])
def test_the_rate_of_coins_is_known(threshold: float) -> None:
    """Losses of zero and one, equally many: Delta S is ln 2 less the entropy of a coin of that mean, on both sides."""
    found = tilted_ensemble(np.repeat([0.0, 1.0], 500), threshold)
    entropy = -threshold * np.log(threshold) - (1 - threshold) * np.log(1 - threshold)
    assert found.entropy == pytest.approx(np.log(2.0) - entropy, abs=1e-9)
    assert found.beta == pytest.approx(np.log((1 - threshold) / threshold), abs=1e-6)


def test_the_rate_is_the_legendre_transform() -> None:
    """Of heavy-tailed losses over ten decades, for thresholds on both sides of the mean, and zero at the mean."""
    losses = np.exp(4.0 * np.random.default_rng(1).normal(size=5000) - 6.0)
    for threshold in (1e-3, losses.mean(), 10.0, 0.9 * losses.max()):
        found = tilted_ensemble(losses, threshold)
        assert not found.reason
        assert legendre_rate(losses, threshold, found.beta) == pytest.approx(found.entropy, abs=1e-7)
    assert tilted_ensemble(losses, losses.mean()).entropy == pytest.approx(0.0, abs=1e-9)


def test_the_entropy_turns_where_the_mean_loss_is_b() -> None:
    """Lognormal losses whose mean falls through b: Delta S is least at the crossing, whatever b."""
    shape = np.exp(1.5 * np.random.default_rng(2).normal(size=20_000))
    means = np.geomspace(3.0, 3e-4, 21)
    for threshold in (0.03, 0.003):
        entropies = [tilted_ensemble(shape / shape.mean() * mean, threshold).entropy for mean in means]
        crossing = means[np.nanargmin(entropies)]
        assert 0.5 < crossing / threshold < 2.0


def test_thresholds_without_an_ensemble_are_told() -> None:
    """Below all losses there is none; beyond them it is continued, and more unlikely; losses all alike have none."""
    losses = np.random.default_rng(3).random(1000) + 1.0
    assert "below the smallest" in tilted_ensemble(losses, 0.5).reason
    beyond, near = tilted_ensemble(losses, 3.0), tilted_ensemble(losses, 1.9)
    assert beyond.extrapolated
    assert not near.extrapolated
    assert beyond.entropy > near.entropy
    assert "alike" in tilted_ensemble(np.ones(10), 0.5).reason


def layers_of(rng: np.random.Generator, hidden: int = 6) -> UpperLayers:
    """Random weights."""
    weights = rng.normal(size=(hidden, hidden)), rng.normal(size=(hidden, 10))
    return UpperLayers(weights, (rng.normal(size=hidden), rng.normal(size=10)), "relu")


def test_losses_are_those_of_torch() -> None:
    """Cross-entropies of a network agree with torch's, layer by layer, in double precision behind the first layer."""
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=shape).astype(np.float32) for shape in ((20, 7), (7, 7), (7, 10))]
    biases = [rng.normal(size=size).astype(np.float32) for size in (7, 7, 10)]
    images, labels = rng.random((50, 20)).astype(np.float32), rng.integers(0, 10, 50)
    layers, first = upper_layers((weights, biases), "relu", images)
    x = torch.from_numpy(images).double()
    for w, b in zip(weights[:2], biases[:2], strict=True):
        x = torch.relu(x @ torch.from_numpy(w).double() + torch.from_numpy(b).double())
    logits = x @ torch.from_numpy(weights[2]).double() + torch.from_numpy(biases[2]).double()
    expected = torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels), reduction="none")
    assert layers.losses(first, labels) == pytest.approx(expected.numpy(), rel=1e-5)


@pytest.mark.parametrize("normalised", [True, False])
def test_directions_keep_to_their_connections(normalised: bool) -> None:
    """Nothing else moves; by filter a step is as long as the weights that may move, else as all weights."""
    rng = np.random.default_rng(5)
    layers = layers_of(rng)
    support = rng.random((6, 6)) < 0.4, rng.random((6, 10)) < 0.4
    steps = direction(layers, support, normalised, rng)
    for step, weights, mask in zip(steps, layers.weights, support, strict=True):
        assert (step[~mask] == 0.0).all()
        if normalised:
            wanted = np.linalg.norm(np.where(mask, weights, 0.0), axis=0)
            assert np.linalg.norm(step, axis=0) == pytest.approx(wanted)
    if not normalised:
        assert np.hypot(*map(np.linalg.norm, steps)) == pytest.approx(np.hypot(*map(np.linalg.norm, layers.weights)))
    nothing = direction(layers, (np.zeros((6, 6), bool), np.zeros((6, 10), bool)), normalised, rng)
    assert not nothing[0].any()


def test_planes_are_those_of_moved_weights() -> None:
    """Every point of a plane has the losses of the weights moved there; its middle those of the network."""
    rng = np.random.default_rng(6)
    layers, first, labels = layers_of(rng), rng.random((8, 6)), rng.integers(0, 10, 8)
    everywhere = np.ones((6, 6), bool), np.ones((6, 10), bool)
    ends = direction(layers, everywhere, True, rng), direction(layers, everywhere, True, rng)
    plane = sliced(layers, ends, 0.5, 5, first, labels)
    assert plane[2, 2] == pytest.approx(layers.losses(first, labels))
    moved = layers.moved((-0.5 * ends[0][0] + 0.25 * ends[1][0], -0.5 * ends[0][1] + 0.25 * ends[1][1]))
    assert plane[0, 3] == pytest.approx(moved.losses(first, labels))


def test_roughness_of_known_landscapes() -> None:
    """A plane has none; a parabola has its curvature's square along one axis, and none along the other."""
    a, b = np.meshgrid(np.arange(5.0), np.arange(5.0), indexing="ij")
    assert roughness(a + 2.0 * b).roughness == 0.0
    assert roughness(a**2).roughness == pytest.approx(2.0)
    assert roughness(a).variance == pytest.approx(2.0)


def test_critical_connections_have_correlated_ends() -> None:
    """From hidden to hidden and to classes, by sign or by size."""
    matrix = np.eye(16)
    for i, j, value in ((0, 4, 0.7), (1, 5, -0.7), (4, 9, 0.6)):
        matrix[i, j] = matrix[j, i] = value
    lower, upper = connections(matrix, 3, 0.5, signed=True)
    assert np.argwhere(lower).tolist() == [[0, 1]]
    assert np.argwhere(upper).tolist() == [[1, 3]]
    assert connections(matrix, 3, 0.5, signed=False)[0].sum() == 2


def test_a_boundary_that_was_put_in_is_found() -> None:
    """Networks that converge by a known parabola, with noise, give its numbers back; too few of a kind give none."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(-12.0, -3.0, 3000), rng.uniform(2.0, 8.0, 3000)
    chance = expit(6.0 * (y - (0.5 * (x + 7.7) ** 2 + 2.5)))
    found = parabolic_boundary(x, y, rng.random(3000) < chance)
    assert found == pytest.approx([0.5, -7.7, 2.5], abs=0.15)
    assert np.isnan(parabolic_boundary(x, y, np.zeros(3000, bool))).all()


def test_families_of_values_are_told_apart() -> None:
    """Draws of each law are named after it; too few, or all alike, have no name."""
    rng = np.random.default_rng(8)
    assert positive_family(np.exp(2.0 * rng.normal(size=4000))) == "lognormal"
    uniform = rng.random(4000)
    assert positive_family((uniform / (1.0 - uniform)) ** 1.5) == "heavier"
    assert positive_family(rng.weibull(0.7, 4000)) == "lighter"
    assert positive_family(np.ones(100)) == positive_family(rng.random(10)) == ""


# ---- scripts ----

CONFIG = copy.deepcopy(load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml"))
CONFIG["sgd_runs"]["images"] = 400
CONFIG["sgd_runs"]["samples"] = {
    "terminal": {"hidden": [8, 12], "seeds": 2, "iterations": [0, 1, 10, 20, 100, 600], "flux_iterations": []},
    "phases": {"hidden": [4, 12], "seeds": 1, "iterations": [0, 30, 100], "flux_iterations": [],
               "log_mobilities": {"start": -8.0, "stop": 70.0, "step": 39.0}},
    "batches": {"hidden": [8], "seeds": 1, "learning_rates": [0.05, 0.2], "batches": [16, 64], "iterations": [0, 40],
                "flux_iterations": []},
}  # fmt: skip
CONFIG["loss_landscapes"] |= {"images": 400, "thresholds": [0.005, 0.5]}
PARTS = ("moments", "tails", "entropies", "deviations", "slices", "maps")
NAMES = {
    "moments": "loss_moments", "tails": "loss_tails", "entropies": "tilted_entropies",
    "deviations": "batch_deviations", "slices": "landscape_slices", "maps": "landscape_maps",
    "boundary": "convergence_boundary", "summary": "landscape_summary",
}  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training runs on made-up digits, in two shards; some diverge."""
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
    return path


def measured(trained: Path, path: Path, snapshots: list[Path], code: str = "code") -> dict[str, list[str]]:
    """Parts of every kind, one for each table of snapshots."""
    parts: dict[str, list[str]] = {kind: [] for kind in PARTS}
    for shard, table in enumerate(snapshots):
        outputs = {kind: str(path / f"{shard}.{kind}.parquet") for kind in PARTS}
        for kind in PARTS:
            parts[kind].append(outputs[kind])
        script("loss_landscapes/measure_landscapes").main(
            runs=str(trained / "runs.tsv"), snapshots=str(table), mnist=[str(trained / "any")], **outputs,
            kept=Plan(CONFIG).loss_landscapes.measured(), settings=CONFIG["loss_landscapes"] | {"batch": 64}, seed=SEED,
            code=code,
        )  # fmt: skip
    return parts


def summarised(trained: Path, path: Path, parts: dict[str, list[str]]) -> Path:
    """All tables of what was measured."""
    names = ("moment_parts", "tail_parts", "entropy_parts", "deviation_parts", "slice_parts", "map_parts")
    script("loss_landscapes/summarise_landscapes").main(
        outcomes=str(trained / "run_outcomes.tsv"), **dict(zip(names, parts.values(), strict=True)),
        **{argument: str(path / f"{name}.tsv") for argument, name in NAMES.items()},
        settings=CONFIG["loss_landscapes"], seed=SEED,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def results(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of all networks, and the outcomes beside them."""
    path = tmp_path_factory.mktemp("results")
    (path / "run_outcomes.tsv").write_bytes((trained / "run_outcomes.tsv").read_bytes())
    return summarised(trained, path, measured(trained, path, [trained / f"{n}.snapshots.parquet" for n in range(2)]))


def test_tables_say_what_losses_are(results: Path) -> None:
    """Networks learn, rates are Legendre transforms, no bound is broken, and slopes against B are minus one."""
    moments = read_tsv(results / "loss_moments.tsv", LOSS_MOMENTS)
    followed = moments[moments["run"].str.startswith("terminal")].set_index(["run", "iteration"])["mean"]
    assert (followed.xs(600, level=1) < 0.5 * followed.xs(0, level=1)).all()
    entropies = read_tsv(results / "tilted_entropies.tsv", TILTED_ENTROPIES)
    assert entropies["legendre_gap"].max() < 1e-6
    assert (entropies["entropy"].notna() == (entropies["reason"] == "")).all()
    deviations = read_tsv(results / "batch_deviations.tsv", BATCH_DEVIATIONS)
    assert deviations["excess"].max() < 0.0
    slices = read_tsv(results / "landscape_slices.tsv", LANDSCAPE_SLICES)
    assert (slices["mean_variance"].notna() == (slices["reason"] == "")).all()
    of = read_tsv(results / "landscape_summary.tsv", LANDSCAPE_SUMMARY).set_index(["quantity", "networks_of"])["value"]
    assert of["slope of ln variance of a minibatch's loss against ln B", "terminal"] == pytest.approx(-1.0, abs=0.1)


def test_diverged_networks_have_not_converged(results: Path) -> None:
    """They are among those of large mobility, and have rows only while they were kept."""
    runs = read_tsv(results / "run_outcomes.tsv", RUN_OUTCOMES)
    lost = set(runs.loc[runs["diverged"], "run"])
    assert lost
    moments = read_tsv(results / "loss_moments.tsv", LOSS_MOMENTS)
    assert moments.loc[moments["run"].isin(lost), "iteration"].max() == 0
    of = read_tsv(results / "landscape_summary.tsv", LANDSCAPE_SUMMARY).set_index(["quantity", "networks_of"])["value"]
    assert of["diverged, or of a loss over 2 nats, at large mobility", "phases"] == 1.0


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
    with pytest.raises(TableError, match=r"other/0\.moments\.parquet"):
        summarised(trained, tmp_path, {kind: parts[kind] + other[kind] for kind in PARTS})


def test_the_figure_and_its_caption(results: Path, tmp_path: Path) -> None:
    """The figure is drawn from these tables, and the caption quotes settings and fits."""
    caption = caption_of("liu2025_fig2", results, tmp_path, CONFIG)
    assert "two hidden layers of 12 neurons" in caption
    assert "criterion, curvature not fitted" in caption


def test_claims_of_the_figure_are_judged(results: Path) -> None:
    """Every claim of Fig. 2 finds its tables; those of the plane are bound to the published number of iterations."""
    tables = {f"loss_landscapes/{name}": read_tsv(results / f"{name}.tsv", SCHEMAS[name]) for name in NAMES.values()}
    paper = load_claims(ROOT / "claims" / "liu2025.yaml")
    prefixes = ("liu2025.fig2", "liu2025.sec21", "liu2025.sec24", "liu2025.disc")
    ours = [claim for claim in paper.claims if claim.id.startswith(prefixes)]
    verdicts = judge_paper(paper.model_copy(update={"claims": ours}), tables, "smoke").set_index("claim")
    assert len(verdicts) == len(ours) == 33
    assert verdicts.loc["liu2025.fig2.rate_is_KL", "verdict"] == "reproduced"
    assert verdicts.loc["liu2025.fig2.var_bound", "verdict"] == "ill-posed"
    assert verdicts.loc["liu2025.fig2f.parabola_center", "verdict"] == "not testable here"


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"threshold": 0.1}, "threshold"), ({"thresholds": [0.01, 0.005]}, "thresholds"),
     ({"slice_images": 20_000}, "slice_images"), ({"converged": 1.0}, "converged")],
)  # fmt: skip
def test_broken_settings_are_named(changes: dict[str, Any], named: str) -> None:
    """A setting that cannot be is refused by its key."""
    config = copy.deepcopy(load_config(ROOT / "config.yaml"))
    config["loss_landscapes"] |= changes
    with pytest.raises(ConfigError, match=named):
        validate(config)


def test_a_sample_that_is_not_trained_is_named() -> None:
    """Losses cannot be looked at in networks that there are not."""
    config = copy.deepcopy(load_config(ROOT / "config.yaml"))
    config["loss_landscapes"]["plane"] = "others"
    with pytest.raises(ValueError, match=r"loss_landscapes\.plane: found 'others'"):
        Plan(config).loss_landscapes.measured()
