"""Training of a group of networks, which are kept as they were at given iterations."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from deepcrit.core.devices import placed
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, write_parquet
from deepcrit.data.mnist import CLASSES
from deepcrit.training.images import LabelledImages, Minibatches, evaluate
from deepcrit.training.initial import scaled_parameters
from deepcrit.training.networks import Shape, SharedInputs
from deepcrit.training.resumable import Group, train_resumably
from deepcrit.training.schemas import SNAPSHOTS
from deepcrit.training.snapshots import filled_up, flattened, parameters_of


def initial_runs(rows: pd.DataFrame, inputs: int) -> SharedInputs:
    """Networks as they are before training.

    Args:
        rows: schema ``runs``, all of one width and activation.
        inputs: pixels of an image.
    """
    first = rows.iloc[0]
    sizes = (inputs, int(first["hidden"]), int(first["hidden"]), CLASSES)
    initial = (
        scaled_parameters(sizes, key, initialisation)
        for key, initialisation in zip(rows["seed_key"], rows["initialisation"], strict=True)
    )
    shape = Shape(filled_up(sizes), str(first["activation"]), bool(first["biased"]))
    return SharedInputs.drawn(shape, len(rows), initial)


def with_shuffled_labels(data: LabelledImages, seed: int) -> LabelledImages:
    """The same images, and their labels in another order, so that there is nothing to learn but by heart."""
    order = generator(seed_key(seed, "sgd_runs", "shuffled labels", 0)).permutation(len(data))
    return LabelledImages(data.images, data.labels[placed(torch.from_numpy(order))])


def train_and_keep(
    rows: pd.DataFrame, kept: Sequence[int], minibatches: Minibatches, train: LabelledImages, test: LabelledImages,
    checkpoint: Path, digest: str,
) -> tuple[pd.DataFrame, Callable[[], pd.DataFrame]]:  # fmt: skip
    """Train networks together, and keep them at some iterations.

    A network whose loss or parameters are not finite at the end of a stage has diverged, and is kept no more. After
    every stage the state is saved, so that a killed job loses what follows one snapshot at most.

    Args:
        rows: schema ``runs``, which are trained side by side.
        kept: iterations, the first 0, the last the end of training.
        minibatches: what all networks see.
        train: images to train on.
        test: images to test on.
        checkpoint: file of the state; a directory beside it holds snapshots until they are read.
        digest: of all that defines the result, see :func:`deepcrit.training.checkpoints.training_digest`.

    Returns:
        Rows of schema ``run_history``, and what reads the rows of schema ``snapshots``.

    Raises:
        CheckpointError: if the file is there and is not a checkpoint of this training.
    """
    names, sizes = rows["run"].tolist(), (train.images.shape[1], *[int(rows["hidden"].iloc[0])] * 2, CLASSES)
    group = Group(initial_runs(rows, sizes[0]))
    rates = placed(torch.tensor(rows["learning_rate"].to_numpy(), dtype=torch.float32))
    before = {iteration: earlier for earlier, iteration in pairwise([0, *kept])}
    directory = kept_beside(checkpoint)

    def stage(iteration: int) -> list[dict[str, Any]]:
        losses, correct = _trained(group.networks, minibatches, before[iteration], iteration, train, rates[group.left])
        diverged = ~(losses.isfinite().all(dim=0) & group.networks.finite())
        ended = diverged | (iteration == kept[-1])
        columns = {
            "iteration": iteration,
            "minibatches": iteration - before[iteration],
            **_statistics(losses),
            "running_accuracy": correct.double() / max(1, (iteration - before[iteration]) * minibatches.batch),
            "diverged": diverged,
            **_evaluated(group.networks, ended & ~diverged, train, test),
        }
        history = group.rows(names, columns)
        group.end(diverged.nonzero().flatten().tolist())
        if group.left:
            flat = [flattened(parameters) for parameters in parameters_of(group.networks, sizes)]
            snapshots = pd.DataFrame(
                {"run": [names[place] for place in group.left], "iteration": iteration, "parameters": flat}
            )
            write_parquet(snapshots, directory / f"{iteration}.parquet", SNAPSHOTS, {})
        return history

    history = train_resumably(group, kept, stage, checkpoint, digest).rename(columns={"point": "run"})
    history["iteration"] = history["iteration"].astype("int64")

    def snapshots() -> pd.DataFrame:
        parts = [read_parquet(path, SNAPSHOTS) for at in kept if (path := directory / f"{at}.parquet").exists()]
        empty = pd.DataFrame({column.name: [] for column in SNAPSHOTS.columns})
        table = pd.concat([empty, *parts], ignore_index=True)
        order = table["run"].map({name: place for place, name in enumerate(names)})
        return table.iloc[order.argsort(kind="stable")]

    return history, snapshots


def kept_beside(checkpoint: Path) -> Path:
    """Directory of the snapshots of a training that is under way."""
    return checkpoint.with_suffix(".snapshots")


def remove_kept(checkpoint: Path) -> None:
    """Remove the snapshots of a training that is done; the orphan of a killed run may be doing the same."""
    shutil.rmtree(kept_beside(checkpoint), ignore_errors=True)


def _trained(
    networks: SharedInputs, minibatches: Minibatches, done: int, last: int, train: LabelledImages, rates: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean loss of every minibatch of a stage, shape (minibatches, networks), and images classified correctly."""
    losses, correct = [], torch.zeros(len(networks), dtype=torch.int64)
    for chosen in minibatches.iterations(done, last):
        loss = networks.sgd_step(*train[chosen], rates)
        losses.append(loss.total)
        correct += loss.correct
    each = torch.stack(losses) if losses else torch.zeros(0, len(networks), dtype=torch.float64)
    return each / minibatches.batch, correct


def _statistics(losses: Tensor) -> dict[str, Tensor]:
    """Columns of a stage, NaN where there are too few minibatches or the loss is not finite."""
    missing = torch.full((losses.shape[1],), torch.nan, dtype=torch.float64)
    columns = {
        "loss": losses.mean(dim=0) if len(losses) else missing,
        "loss_deviation": losses.std(dim=0) if len(losses) > 1 else missing,
        "loss_fluctuation": losses.diff(dim=0).square().mean(dim=0).div(2.0).sqrt() if len(losses) > 1 else missing,
    }
    return {name: torch.where(values.isfinite(), values, torch.nan) for name, values in columns.items()}


def _evaluated(networks: SharedInputs, ended: Tensor, train: LabelledImages, test: LabelledImages) -> dict[str, Tensor]:
    """Loss and accuracies of networks that ended well, NaN for the others."""
    places = ended.nonzero().flatten().tolist()
    columns = {name: torch.full((len(networks),), torch.nan, dtype=torch.float64) for name in _EVALUATED}
    if places:
        last = networks.select(places)
        trained, tested = evaluate(last, train), evaluate(last, test)
        columns["train_loss"][places] = trained.total / len(train)
        columns["train_accuracy"][places] = trained.correct.double() / len(train)
        columns["test_accuracy"][places] = tested.correct.double() / len(test)
    return columns


_EVALUATED = ("train_loss", "train_accuracy", "test_accuracy")
