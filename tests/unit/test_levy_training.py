"""Training from stable weights: which networks, how they are trained, and what came of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up_digits import write_digits
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, checked, load_config
from deepcrit.app.plan import Plan
from deepcrit.core.tables import TableError, check_table, read_parquet, read_tsv
from deepcrit.experiments.levy_training import loop
from deepcrit.experiments.levy_training.design import stable_design
from deepcrit.experiments.levy_training.outcomes import stable_outcomes, trainable_intervals, trained_landmarks
from deepcrit.experiments.levy_training.schemas import (
    LEVY_HISTORY,
    LEVY_INTERVALS,
    LEVY_MANIFEST,
    LEVY_OUTCOMES,
    LEVY_SNAPSHOTS,
    NARROW,
    ON_GRID,
    OTHER_BATCH,
    TRAINED_LANDMARKS,
)
from deepcrit.physics.heavytails import layerwise_jacobian
from deepcrit.stats import stable
from deepcrit.training.checkpoints import CheckpointError, save_checkpoint
from deepcrit.training.images import shrunk_images
from deepcrit.training.initial import stable_parameters

SMOKE = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
SECTION = SMOKE["levy_training"]
PLAN = Plan(SMOKE).levy_training
SEED = 5
TABLES = ("levy_history", "levy_outcomes", "levy_intervals", "trained_landmarks")


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise with a bright row that tells the class."""
    path = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 1280), rng.integers(0, 10, 500))
    return path


def train(directory: Path, mnist: Path, shards: int = 1, together: int = 18) -> list[str]:
    """Histories of all shards of the manifest that is there."""
    histories = []
    for shard in range(shards):
        histories.append(str(directory / f"{shard}.parquet"))
        script("levy_training/train_stable").main(
            str(directory / "levy_manifest.tsv"), [str(mnist / "any")], histories[-1],
            str(directory / f"snapshots_{shard}.parquet"), str(directory / "checkpoints"), shard, shards, together,
            PLAN.settings(), SEED, "code",
        )  # fmt: skip
    return histories


def merge(directory: Path, histories: list[str]) -> None:
    """All tables of the networks."""
    script("levy_training/merge_stable").main(
        str(directory / "levy_manifest.tsv"), histories,
        *(str(directory / f"{name}.tsv") for name in TABLES),
        SECTION["goal"], SECTION["test_images"], PLAN.published_epochs(), PLAN.label(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, mnist: Path) -> Path:
    """All tables at the smallest scale."""
    path = tmp_path_factory.mktemp("levy_training")
    script("levy_training/design_stable").main(str(path / "levy_manifest.tsv"), PLAN.design(), SEED)
    merge(path, train(path, mnist))
    return path


def few(directory: Path, results: Path, rows: slice = slice(0, 3), **changes: Any) -> pd.DataFrame:
    """Some rows of the manifest, changed, in another directory."""
    manifest = read_tsv(results / "levy_manifest.tsv", LEVY_MANIFEST).iloc[rows].assign(**changes)
    manifest.to_csv(directory / "levy_manifest.tsv", sep="\t", index=False)
    return manifest


def test_every_network_is_trained_as_long() -> None:
    """Rate times width is one number; another minibatch starts from the weights of the grid; names are distinct."""
    found = check_table(stable_design(PLAN.design(), SEED), LEVY_MANIFEST)
    np.testing.assert_allclose(found["learning_rate"] * found["width"], SECTION["learning_rate"] * SECTION["width"])
    assert not found["point"].duplicated().any()
    grid = found[found["sample"] == ON_GRID]
    assert len(grid) == len(SECTION["alphas"]) * len(SECTION["gains"])
    other = found[found["sample"] == OTHER_BATCH]
    assert set(other["seed_key"]) < set(grid["seed_key"])
    assert set(other["batch"]) == {SECTION["sensitivity"]["batch"]}
    assert set(found.loc[found["sample"] == NARROW, "width"]) == set(SECTION["narrow"]["widths"])


def test_initial_weights_have_the_stable_law() -> None:
    """Between layers of N neurons the scale is g (2N)^(-1/alpha), and alpha is what was asked for."""
    alpha, gain, width = 1.5, 1.2, 300
    weights, biases = stable_parameters((width, width, 10), "1:2:3:4", alpha, gain)
    assert [matrix.shape for matrix in weights] == [(width, width), (width, 10)]
    assert not len(biases)
    found = stable.quantile_estimate(weights[0].ravel())
    assert found.alpha == pytest.approx(alpha, abs=0.03)
    assert found.scale == pytest.approx(gain * (2 * width) ** (-1 / alpha), rel=0.02)
    again, _ = stable_parameters((width, width, 10), "1:2:3:4", alpha, 2 * gain)
    np.testing.assert_allclose(again[0], 2 * weights[0], rtol=1e-6)


def test_networks_learn(results: Path) -> None:
    """Some reach the goal, all have one test more than planned, and none is lost."""
    outcomes = read_tsv(results / "levy_outcomes.tsv", LEVY_OUTCOMES)
    history = read_tsv(results / "levy_history.tsv", LEVY_HISTORY)
    tests = SECTION["epochs"] * SECTION["tests_per_epoch"] + 1
    assert (history.groupby("point").size() == tests).all()
    assert outcomes["reached"].any()
    assert not outcomes["diverged"].any()
    assert (outcomes["epochs"] == SECTION["epochs"]).all()


def test_shards_and_groups_change_no_table(results: Path, mnist: Path, tmp_path: Path) -> None:
    """Two shards of groups of three give the tables of one shard, byte for byte, and leave no checkpoint."""
    few(tmp_path, results, slice(None))
    merge(tmp_path, train(tmp_path, mnist, shards=2, together=3))
    for name in TABLES:
        assert (tmp_path / f"{name}.tsv").read_bytes() == (results / f"{name}.tsv").read_bytes()
    assert not list((tmp_path / "checkpoints").iterdir())


def test_a_killed_job_goes_on(results: Path, mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is killed at the last test but one has the history and the snapshots of one that was not."""
    few(tmp_path, results)
    whole = Path(train(tmp_path, mnist)[0]).read_bytes(), (tmp_path / "snapshots_0.parquet").read_bytes()
    evaluate, calls = loop.evaluate, iter(range(10))

    def killed(*arguments: Any) -> Any:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return evaluate(*arguments)

    monkeypatch.setattr(loop, "evaluate", killed)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, mnist)
    monkeypatch.undo()
    again = Path(train(tmp_path, mnist)[0]).read_bytes(), (tmp_path / "snapshots_0.parquet").read_bytes()
    assert again == whole


def test_snapshots_are_jacobians_of_the_network(results: Path, mnist: Path) -> None:
    """Before training, that of the initial weights at the first image; three of every network."""
    snapshots = read_parquet(results / "snapshots_0.parquet", LEVY_SNAPSHOTS)
    assert snapshots.groupby("point")["snapshot"].agg(set).eq({"initial", "middle", "final"}).all()
    row = read_tsv(results / "levy_manifest.tsv", LEVY_MANIFEST).iloc[1]
    sizes = (SECTION["side"] ** 2, *[row["width"]] * SECTION["hidden_layers"], 10)
    weights, _ = stable_parameters(sizes, row["seed_key"], row["alpha"], row["gain"])
    image = shrunk_images(*script("levy_training/train_stable").load(mnist, "train"), SECTION["side"], 1).images[0]
    layer = SECTION["measured_layer"]
    expected = layerwise_jacobian([matrix.T for matrix in weights], image.numpy(), layer, "pre_activation")
    found = snapshots[(snapshots["point"] == row["point"]) & (snapshots["snapshot"] == "initial")]["jacobian"].item()
    np.testing.assert_allclose(np.reshape(found, expected.shape), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("changes", "reason", "tests"),
    [
        ({"gain": [0.5, 1e39, 0.5]}, "a parameter is not finite", 1),
        ({"learning_rate": 1e38}, "the loss is not finite", 2),
    ],
)
def test_a_diverged_network_is_recorded(
    results: Path, mnist: Path, tmp_path: Path, changes: Mapping[str, Any], reason: str, tests: int
) -> None:
    """It has the reason, no accuracy, no time to the goal and no further snapshot, and the others go on."""
    manifest = few(tmp_path, results, **changes)
    history = read_parquet(train(tmp_path, mnist)[0], LEVY_HISTORY)
    found = check_table(stable_outcomes(manifest, history, 0.3, 500, 1.0, "reduced"), LEVY_OUTCOMES)
    lost = found[found["diverged"]]
    assert len(lost) == (1 if "gain" in changes else 3)
    assert set(lost["reason"]) == {reason}
    assert (lost["test_accuracy"] == 0).all()
    assert np.isinf(lost["first_epoch"]).all()
    assert (history["point"] == manifest["point"].iloc[1]).sum() == tests
    snapshots = read_parquet(tmp_path / "snapshots_0.parquet", LEVY_SNAPSHOTS)
    assert "final" not in set(snapshots.loc[snapshots["point"].isin(lost["point"]), "snapshot"])


def test_a_foreign_checkpoint_is_refused(results: Path, mnist: Path, tmp_path: Path) -> None:
    """A checkpoint that another configuration left is named, and not gone on from."""
    few(tmp_path, results)
    (tmp_path / "checkpoints").mkdir()
    save_checkpoint(tmp_path / "checkpoints" / "0_0.pt", "of another rate", {"done": 1, "left": [], "rows": []})
    with pytest.raises(CheckpointError, match=r"0_0\.pt: found a checkpoint of another configuration, code or device"):
        train(tmp_path, mnist)


def test_a_foreign_shard_is_refused(results: Path, mnist: Path, tmp_path: Path) -> None:
    """A shard of another manifest is named before anything is merged."""
    few(tmp_path, results)
    histories = train(tmp_path, mnist)
    few(tmp_path, results, learning_rate=0.1)
    with pytest.raises(TableError, match=r"0\.parquet: found config_digest"):
        merge(tmp_path, histories)


def histories(manifest: pd.DataFrame, accuracies: Mapping[str, list[float]]) -> pd.DataFrame:
    """Tests half an epoch apart."""
    rows = [
        {"point": point, "test": test, "epoch": test / 2, "test_accuracy": accuracy, "diverged": False, "reason": ""}
        for point, values in accuracies.items()
        for test, accuracy in enumerate(values)
    ]
    return pd.DataFrame(rows)


def test_times_are_first_tests_over_the_goal() -> None:
    """Counted in published epochs; what never reaches the goal needs longer than the run."""
    manifest = stable_design(PLAN.design(), SEED).iloc[:2]
    quick, never = manifest["point"]
    told = histories(manifest, {quick: [0.1, 0.5, 0.95, 0.92], never: [0.1, 0.2, 0.3, 0.93]})
    found = check_table(stable_outcomes(manifest, told, 0.93, 500, 10.0, "rescaled"), LEVY_OUTCOMES)
    assert found["reached"].tolist() == [True, False]
    assert found["first_epoch"].tolist() == [1.0, np.inf]
    assert found["before_published"].tolist() == [5.0, 15.0]
    assert found["test_accuracy"].tolist() == [0.92, 0.93]
    with pytest.raises(ValueError, match=f"history: found none of {never}"):
        stable_outcomes(manifest, told[told["point"] == quick], 0.93, 500, 10.0, "rescaled")


def outcomes(accuracy: Mapping[tuple[float, int], list[float]], gains: list[float]) -> pd.DataFrame:
    """Networks of known accuracy at these gains, by alpha and width; those of the largest width are the grid."""
    widest = max(width for _, width in accuracy)
    rows = [
        {
            "point": f"{alpha}/{width}/{gain}", "sample": ON_GRID if width == widest else NARROW, "alpha": alpha,
            "gain": gain, "width": width, "batch": 32, "learning_rate": 0.1, "epochs": 5.0, "published_epochs": 130.0,
            "test_images": 10_000, "test_accuracy": value, "best_accuracy": value, "reached": value > 0.93,
            "first_epoch": 1.0 if value > 0.93 else np.inf, "first_published": 130.0 if value > 0.93 else np.inf,
            "before_published": 65.0 if value > 0.93 else 650.0, "diverged": False, "reason": "",
            "protocol": "rescaled",
        }
        for (alpha, width), values in accuracy.items()
        for gain, value in zip(gains, values, strict=True)
    ]  # fmt: skip
    return check_table(pd.DataFrame(rows), LEVY_OUTCOMES)


GAINS = [0.25, 0.5, 1.0, 2.0, 4.0]
KNOWN = outcomes(
    {
        (1.2, 100): [0.50, 0.96, 0.97, 0.96, 0.95],
        (2.0, 100): [0.11, 0.91, 0.97, 0.91, 0.50],
        (2.0, 50): [0.11, 0.95, 0.97, 0.95, 0.91],
    },
    GAINS,
)


def test_intervals_are_interpolated_between_networks() -> None:
    """In ln g: two thirds of the way where accuracy falls from 0.97 to 0.91 about 0.93; bounded by the grid's networks.

    An end beside the grid is missing, and so is the extent, whose interval then has no upper end.
    """
    found = check_table(trainable_intervals(KNOWN, 0.93), LEVY_INTERVALS).set_index(["alpha", "width"])
    gaussian = found.loc[(2.0, 100)]
    assert gaussian["lower"] == pytest.approx(0.5 ** (2 / 3))
    assert gaussian["upper"] == pytest.approx(2 ** (2 / 3))
    assert gaussian[["lower_low", "lower_high", "upper_low", "upper_high"]].tolist() == [0.5, 1.0, 1.0, 2.0]
    assert gaussian["ci_low"] <= gaussian["extent"] <= gaussian["ci_high"]
    heavy = found.loc[(1.2, 100)]
    assert np.isnan(heavy["upper"])
    assert np.isnan(heavy["extent"])
    assert heavy["ci_high"] == np.inf
    nothing = trainable_intervals(KNOWN.assign(test_accuracy=0.2), 0.93)
    assert (nothing["extent"] == 0).all()


def test_landmarks_of_known_networks() -> None:
    """Two gains more at alpha = 1.2, an interval that closes, chaos that fails, and times that are bounded below."""
    found = check_table(trained_landmarks(KNOWN, trainable_intervals(KNOWN, 0.93), 0.93), TRAINED_LANDMARKS)
    by_name = found.set_index("quantity")
    assert by_name.loc["more_gains", "value"] == 3
    assert by_name.loc["closing_interval", "ci_high"] <= 0
    assert by_name.loc["deeply_chaotic", "ci_high"] < 0
    assert by_name.loc["spread_of_times", ["value", "ci_high"]].tolist() == [5.0, np.inf]
    assert by_name.loc["fastest_heavy", ["ci_low", "value"]].tolist() == [65.0, 130.0]
    assert set(found["protocol"]) == {"rescaled"}


@pytest.mark.parametrize(
    ("scale", "changes", "label"),
    [
        ("", {}, "rescaled"),
        ("", {"hidden_layers": 8}, "reduced"),
        ("", {"images": 6000}, "reduced"),
        ("", {"epochs": 4}, "reduced"),
        ("", {"learning_rate": 0.064, "batch": 64}, "reduced"),
        ("night", {}, "published steps"),
        ("paper", {}, "published"),
        (
            "paper",
            {"batch": 128, "learning_rate": 0.003, "epochs": 27, "middle_test": 14},
            "rescaled at the published width",
        ),
        ("paper", {"batch": 32, "epochs": 20, "middle_test": 10}, "published steps"),
    ],
)
def test_protocols_are_what_they_are_called(scale: str, changes: Mapping[str, Any], label: str) -> None:
    """Shape and training time decide; steps that are too large or a run that is too short make it a reduced one."""
    config = load_config(ROOT / "config.yaml", *([ROOT / "scales" / f"{scale}.yaml"] if scale else []))
    config["levy_training"] |= changes
    assert Plan(config).levy_training.label() == label


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alphas": [0.9, 2.0]}, "alphas"),
        ({"side": 15}, "side: found 15, expected a divisor of 28"),
        ({"measured_layer": 9}, "measured_layer: found 9, expected less than hidden_layers, 9"),
        ({"middle_test": 40}, "middle_test: found 40, expected less than all of them, 40"),
        ({"gains": [0.5, 0.25, 1.0, 2.0]}, "gains: found"),
        ({"batch": 10000}, "batch: found 10000, expected a minibatch or more between tests"),
        ({"sensitivity": {"batch": 4, "points": [[1.3, 1.0]]}}, r"sensitivity.points: found \[1.3, 1.0\]"),
        ({"narrow": {"widths": [100], "gains": [0.5, 1.0, 2.0]}}, "narrow.widths: found 100"),
    ],
)
def test_wrong_settings_are_refused_by_name(changes: Mapping[str, Any], message: str) -> None:
    """The key, what was found and what was expected."""
    config = load_config(ROOT / "config.yaml")
    config["levy_training"] |= changes
    with pytest.raises(ConfigError, match=message):
        checked(config)


def test_too_few_images_are_refused(mnist: Path) -> None:
    """A data set that is smaller than the configuration asks for is no shorter training."""
    digits = script("levy_training/train_stable").load(mnist, "train")
    with pytest.raises(ValueError, match="images: found 1280, expected at least 60000"):
        shrunk_images(*digits, 14, 60000)


def test_figure(results: Path, tmp_path: Path) -> None:
    """The figure and its caption are made from these tables, and the caption names the protocol."""
    assert "**Protocol: reduced.**" in caption_of("qu2022_fig6", results, tmp_path, SMOKE)
