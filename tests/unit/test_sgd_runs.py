"""The training runs of liu2025: their grid, how they are shared out, kept, killed, and read again."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from made_up_digits import write_digits
from workflow_scripts import ROOT, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.app.plan.costs import cost_of
from deepcrit.core.tables import TableError, read_parquet, read_tsv, write_parquet
from deepcrit.experiments.sgd_runs.loop import initial_runs, with_shuffled_labels
from deepcrit.experiments.sgd_runs.runs import dealt_groups, kept_iterations, runs_of, trained_side_by_side
from deepcrit.experiments.sgd_runs.schemas import RUN_HISTORY, RUN_OUTCOMES, SGD_RUNS
from deepcrit.training.images import LabelledImages, Minibatches
from deepcrit.training.initial import scaled_parameters
from deepcrit.training.schemas import SNAPSHOTS
from deepcrit.training.snapshots import flattened, parameters_of, read_snapshots, unflattened

SECTION: dict[str, Any] = {
    "activation": "relu",
    "initialisation": "he",
    "biased": True,
    "learning_rate": 0.1,
    "batch": 16,
    "images": 200,
    "samples": {
        "widths": {"hidden": [1, 2, 6], "seeds": 2, "iterations": [0, 1, 5, 20], "flux_iterations": [5, 20]},
        "rates": {
            "hidden": [3],
            "seeds": 1,
            "activations": ["relu", "tanh"],
            "learning_rates": [0.1, 1e30],
            "iterations": [0, 4, 30],
            "flux_iterations": [4],
        },
        "orders": {"hidden": [4], "seeds": 2, "shuffled": True, "batches": [8, 16], "iterations": [0, 9],
                   "flux_iterations": []},
    },
}  # fmt: skip
SEED = 3


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise with a bright row that tells the class."""
    path = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 200), rng.integers(0, 10, 50))
    return path


def train(directory: Path, mnist: Path, shards: int = 1, together: int = 32) -> list[Path]:
    """Snapshots of all shards, beside histories."""
    kept = {name: kept_iterations(sample) for name, sample in SECTION["samples"].items()}
    script("sgd_runs/list_sgd_runs").main(str(directory / "runs.tsv"), SECTION, SEED)
    paths = []
    for shard in range(shards):
        paths.append(directory / f"{shard}.snapshots.parquet")
        script("sgd_runs/train_sgd_runs").main(
            str(directory / "runs.tsv"), [str(mnist / "any")], str(directory / f"{shard}.history.parquet"),
            str(paths[-1]), str(directory / "checkpoints"), shard, shards, kept, 200, SEED, "code", together=together,
        )  # fmt: skip
    return paths


def merged(directory: Path, shards: int = 1) -> pd.DataFrame:
    """What every network came to."""
    parts = [str(directory / f"{shard}.history.parquet") for shard in range(shards)]
    script("sgd_runs/merge_sgd_runs").main(
        str(directory / "runs.tsv"), parts, str(directory / "history.tsv"), str(directory / "outcomes.tsv")
    )
    return read_tsv(directory / "outcomes.tsv", RUN_OUTCOMES)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, mnist: Path) -> Path:
    """All networks, trained in one shard."""
    path = tmp_path_factory.mktemp("runs")
    train(path, mnist)
    merged(path)
    return path


def test_company_and_shards_change_no_bit(results: Path, mnist: Path, tmp_path: Path) -> None:
    """Each network alone in its group, in three shards, leaves the same snapshots and outcomes, to the last bit.

    Widths of one and two neurons are among them.
    """
    alone = pd.concat([read_parquet(path, SNAPSHOTS) for path in train(tmp_path, mnist, shards=3, together=1)])
    merged(tmp_path, 3)
    for table in ("history", "outcomes"):
        assert (tmp_path / f"{table}.tsv").read_bytes() == (results / f"{table}.tsv").read_bytes()
    beside = read_parquet(results / "0.snapshots.parquet", SNAPSHOTS)
    assert len(alone) == len(beside)
    pairs = beside.merge(alone, on=["run", "iteration"])
    assert len(pairs) == len(beside)
    assert all(map(np.array_equal, pairs["parameters_x"], pairs["parameters_y"]))
    assert not list((tmp_path / "checkpoints").iterdir())


@pytest.mark.parametrize("killed_at", [5, 12, 19])
def test_a_killed_shard_goes_on_to_the_same_bytes(
    results: Path, mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    """Killed in one stage of one group, a shard goes on after the last snapshot and writes the same tables."""
    iterations, begun = Minibatches.iterations, []
    monkeypatch.setattr(Minibatches, "iterations", _killed_at(iterations, killed_at, begun))
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, mnist)
    monkeypatch.setattr(Minibatches, "iterations", iterations)
    assert list((tmp_path / "checkpoints").glob("*.pt"))
    train(tmp_path, mnist)
    for table in ("0.snapshots.parquet", "0.history.parquet"):
        assert (tmp_path / table).read_bytes() == (results / table).read_bytes()


def test_a_network_that_diverges_is_recorded_and_kept_no_more(results: Path) -> None:
    """At a rate of 1e30 all is lost in the first stage, the others go on, and snapshots are finite."""
    outcomes = read_tsv(results / "outcomes.tsv", RUN_OUTCOMES)
    lost = outcomes[outcomes["learning_rate"] > 1.0]
    assert lost["diverged"].all()
    assert (lost["reached"] == 4).all()
    assert lost["train_loss"].isna().all()
    assert not outcomes.loc[outcomes["learning_rate"] < 1.0, "diverged"].any()
    assert outcomes.loc[outcomes["learning_rate"] < 1.0, "train_loss"].notna().all()
    snapshots = read_parquet(results / "0.snapshots.parquet", SNAPSHOTS)
    assert all(np.isfinite(flat).all() for flat in snapshots["parameters"])
    kept = snapshots[snapshots["run"].isin(lost["run"])]
    assert kept["iteration"].unique().tolist() == [0]


def test_snapshots_are_what_plain_training_passes_through(results: Path, mnist: Path) -> None:
    """A network of torch's own layers, trained by torch's own optimiser on the same minibatches, passes by them."""
    runs = read_tsv(results / "runs.tsv", SGD_RUNS)
    wanted = runs[(runs["sample"] == "widths") & (runs["hidden"] == 6) & (runs["seed"] == 1)]
    ((row, trajectory),) = read_snapshots([results / "0.snapshots.parquet"], wanted, 784, 10)
    assert trajectory.iterations.tolist() == [0, 1, 5, 6, 19, 20]
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 6), torch.nn.ReLU(), torch.nn.Linear(6, 6), torch.nn.ReLU(), torch.nn.Linear(6, 10)
    )
    layers = [layer for layer in network if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, weight, bias in zip(layers, *scaled_parameters((784, 6, 6, 10), row.seed_key, "he"), strict=True):
            layer.weight.copy_(torch.from_numpy(weight.T))
            layer.bias.copy_(torch.from_numpy(bias))
    optimiser, data = torch.optim.SGD(network.parameters(), lr=0.1), digits(mnist)
    for done, chosen in enumerate(Minibatches(200, 16, SEED).iterations(0, 20), start=1):
        images, labels = data[chosen]
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        optimiser.step()
        if done in trajectory.iterations:
            weights, biases = trajectory.parameters[trajectory.iterations.tolist().index(done)]
            for layer, weight, bias in zip(layers, weights, biases, strict=True):
                np.testing.assert_allclose(layer.weight.detach().numpy().T, weight, rtol=1e-3, atol=1e-5)
                np.testing.assert_allclose(layer.bias.detach().numpy(), bias, rtol=1e-3, atol=1e-5)


def test_history_tells_losses_of_minibatches(results: Path) -> None:
    """A stage of one minibatch has a loss and no deviation; the first has none; networks of six neurons learn."""
    history = read_tsv(results / "history.tsv", RUN_HISTORY)
    stages = history[history["run"].str.startswith("widths_h6")]
    first, one = stages[stages["iteration"] == 0], stages[stages["iteration"] == 1]
    assert first["loss"].isna().all()
    assert one["loss"].notna().all()
    assert one["loss_deviation"].isna().all()
    assert (one["minibatches"] == 1).all()
    last = stages[stages["iteration"] == 20]
    assert last["loss"].max() < one["loss"].min()


def digits(mnist: Path) -> LabelledImages:
    """The made-up images."""
    from deepcrit.data.mnist import load as load_digits

    return LabelledImages.of(*load_digits(mnist, "train"))


def test_parameters_survive_being_written(tmp_path: Path) -> None:
    """Flattened and taken apart again they are the same; another number of them is refused, in a table by name."""
    parameters = scaled_parameters((7, 1, 1, 10), "1:2:3:4", "uniform")
    again = unflattened(flattened(parameters), (7, 1, 1, 10))
    for before, after in zip(parameters, again, strict=True):
        assert all(map(np.array_equal, before, after))
    with pytest.raises(ValueError, match="found shape"):
        unflattened(flattened(parameters)[:-1], (7, 1, 1, 10))
    table = pd.DataFrame({"run": ["a"], "iteration": [0], "parameters": [flattened(parameters)[:-1]]})
    write_parquet(table, tmp_path / "short.parquet", SNAPSHOTS, {})
    with pytest.raises(TableError, match="run a"):
        list(read_snapshots([tmp_path / "short.parquet"], pd.DataFrame({"run": ["a"], "hidden": [1]}), 7, 10))


def test_networks_of_one_neuron_are_filled_up_and_cut_again() -> None:
    """What is kept of a network of one neuron a layer is what was drawn."""
    rows = pd.DataFrame(runs_of(SECTION, SEED))
    one = rows[(rows["sample"] == "widths") & (rows["hidden"] == 1)]
    networks = initial_runs(one, 784)
    assert networks.weights[1].shape == (2, 2, 2)
    for key, kept in zip(one["seed_key"], parameters_of(networks, (784, 1, 1, 10)), strict=True):
        assert np.array_equal(flattened(kept), flattened(scaled_parameters((784, 1, 1, 10), key, "he")))


@pytest.mark.parametrize(("name", "variances"), [("he", [2 / 300, 2 / 100]), ("glorot", [2 / 400, 2 / 200])])
def test_initialisations_have_their_variances(name: str, variances: list[float]) -> None:
    """Of He and of Glorot, layer by layer, without biases; seeds are shared between them."""
    weights, biases = scaled_parameters((300, 100, 100, 10), "1:2:3:4", name)
    assert [float(weight.var()) for weight in weights[:2]] == pytest.approx(variances, rel=0.05)
    assert not np.concatenate(biases).any()
    he, _ = scaled_parameters((300, 100, 100, 10), "1:2:3:4", "he")
    assert np.corrcoef(weights[0].ravel(), he[0].ravel())[0, 1] == pytest.approx(1.0, abs=1e-6)


def test_torch_begins_uniform() -> None:
    """Weights and biases fill plus or minus one over the root of fan-in, and no more; another name is refused."""
    weights, biases = scaled_parameters((400, 50, 50, 10), "1:2:3:4", "uniform")
    assert 0.049 < np.abs(weights[0]).max() <= 0.05
    assert 0.8 / math.sqrt(50) < np.abs(biases[1]).max() <= 1 / math.sqrt(50)
    with pytest.raises(ValueError, match="expected he, glorot or uniform"):
        scaled_parameters((4, 2, 2, 10), "1:2:3:4", "orthogonal")


def test_the_grid_is_complete_and_paired() -> None:
    """Every combination once; one seed has one key at all settings of a width; mobilities are what they are called."""
    rows = pd.DataFrame(runs_of(SECTION, SEED))
    assert rows["run"].is_unique
    assert rows.groupby("sample", sort=False).size().to_dict() == {"widths": 6, "rates": 4, "orders": 4}
    each = rows[["hidden", "seed", "seed_key"]].drop_duplicates()
    assert each["seed_key"].is_unique
    assert len(each) == len(rows[["hidden", "seed"]].drop_duplicates())
    grid = {"start": -4.0, "stop": -2.0, "step": 0.5}
    plane = {"hidden": [2], "seeds": 1, "iterations": [0, 1], "flux_iterations": [], "log_mobilities": grid}
    assert [row["log_mobility"] for row in runs_of({**SECTION, "samples": {"plane": plane}}, 1)] == pytest.approx(
        [-4, -3.5, -3, -2.5, -2]
    )


def test_choices_apart_differ_in_one_from_the_section() -> None:
    """Of 2 x 2 x 2 settings those of the section, and those that differ in one thing; seeds are those of the width."""
    sample = {"hidden": [3], "seeds": 2, "apart": True, "activations": ["relu", "tanh"], "learning_rates": [0.1, 0.2],
              "initialisations": ["he", "glorot"], "iterations": [0, 4], "flux_iterations": []}  # fmt: skip
    rows = pd.DataFrame(runs_of({**SECTION, "samples": {"apart": sample}}, 1))
    settings = rows[["activation", "initialisation", "learning_rate"]].drop_duplicates()
    assert settings.to_numpy().tolist() == [
        ["relu", "he", 0.1], ["relu", "he", 0.2], ["relu", "glorot", 0.1], ["tanh", "he", 0.1]
    ]  # fmt: skip
    assert len(rows) == 8
    assert rows["seed_key"].nunique() == 2


@pytest.mark.parametrize("shards", [1, 3, 20])
def test_every_network_is_dealt_once_among_its_like(shards: int) -> None:
    """All shards together hold every network, and no group mixes what is trained differently."""
    rows = runs_of(SECTION, SEED)
    dealt = [group for shard in range(shards) for group in dealt_groups(rows, shard, shards)]
    assert sorted(place for group in dealt for place in group) == list(range(len(rows)))
    for group in dealt:
        assert len({(rows[place]["sample"], rows[place]["hidden"], rows[place]["batch"]) for place in group}) == 1
    assert max(map(len, trained_side_by_side(rows, 1))) == 1


def test_kept_iterations_hold_partners_and_windows() -> None:
    """A flux needs the next iteration, at the end the one before; windows are evenly spaced."""
    sample = {
        "iterations": [0, 5, 20],
        "flux_iterations": [5, 20],
        "windows": [{"start": 8, "stop": 12, "step": 2}],
    }
    assert kept_iterations(sample) == [0, 5, 6, 8, 10, 12, 19, 20]


def test_shuffled_labels_are_the_same_labels() -> None:
    """As many of each class, the same images, and about one in ten where it was."""
    labels = torch.arange(1000) % 10
    shuffled = with_shuffled_labels(LabelledImages(torch.rand(1000, 3), labels), SEED)
    assert torch.equal(shuffled.labels.bincount(), labels.bincount())
    assert 0.05 < (shuffled.labels == labels).float().mean() < 0.15


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ({"iterations": [1, 5]}, "expected 0"),
        ({"iterations": [0, 5], "flux_iterations": [6]}, "flux_iterations: found 6"),
        ({"windows": [{"start": 3, "stop": 6, "step": 2}]}, "found start 3, stop 6, step 2"),
        ({"log_mobilities": {"start": -3.0, "stop": -1.0, "step": 1.0}, "learning_rates": [0.1]}, "log_mobilities"),
        ({"hidden": [0]}, "hidden"),
    ],
)
def test_impossible_samples_are_refused_by_name(sample: dict[str, Any], message: str) -> None:
    """The message says which sample it is, what was found and what was expected."""
    config = load_config(ROOT / "config.yaml")
    config["sgd_runs"]["samples"]["sizes"] |= sample
    with pytest.raises(ConfigError, match=rf"sgd_runs\.samples\.sizes[\s\S]*{message}"):
        validate(config)


def test_the_published_grid_takes_under_eight_core_hours() -> None:
    """Nine widths and 21 mobilities to 200,000 iterations, and all else, by what its shards are predicted to take."""
    plan = Plan(load_config(ROOT / "config.yaml", ROOT / "scales" / "paper.yaml"))
    shards = range(plan.sgd_runs.shards)
    seconds = [cost_of("train_sgd_runs", plan, SimpleNamespace(shard=str(shard))).seconds for shard in shards]
    assert sum(seconds) < 8 * 3600


def _killed_at(iterations: Any, stage: int, begun: list[int]) -> Any:
    """``iterations`` that are interrupted in one stage of all that are begun."""

    def killing(self: Minibatches, done: int, last: int) -> Any:
        begun.append(last)
        if len(begun) == stage:
            raise KeyboardInterrupt
        return iterations(self, done, last)

    return killing
