"""Training of a group of fully connected networks, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from deepcrit.training.images import LabelledImages, Minibatches, evaluate
from deepcrit.training.networks import FullyConnected
from deepcrit.training.resumable import Group, train_resumably


@dataclass(frozen=True)
class Training:
    """How networks are trained.

    Attributes:
        minibatches: what all networks see.
        epochs: most epochs.
        learning_rate: of plain stochastic gradient descent, without momentum, in the first epoch.
        decay: factor of the learning rate from each epoch to the next.
        goal: training accuracy at the end of an epoch at which a network is done; None trains all epochs.
    """

    minibatches: Minibatches
    epochs: int
    learning_rate: float
    decay: float = 1.0
    goal: float | None = None

    def rate(self, epoch: int) -> float:
        """Learning rate of an epoch, from 1."""
        return self.learning_rate * self.decay ** (epoch - 1)


def train_epochs(
    names: Sequence[str], networks: FullyConnected, training: Training, train: LabelledImages, test: LabelledImages,
    checkpoint: Path, digest: str,
) -> pd.DataFrame:  # fmt: skip
    """Train networks together and keep their history.

    A network whose loss is not finite after an epoch has diverged and is left at that; one that reached the goal is
    done. After every epoch the state is saved, so that a killed job loses one epoch at most.

    Args:
        names: of the networks.
        networks: as they are before training.
        training: how they are trained.
        train: images to train on.
        test: images to test on.
        checkpoint: file of the state.
        digest: of all that defines the result, see :func:`deepcrit.training.checkpoints.training_digest`.

    Returns:
        One row a network and epoch: ``point``, the name; ``epoch``, from 1; ``loss``, the mean over the epoch, and
        ``running_accuracy``, NaN and zero where they are not finite; ``diverged``; ``train_accuracy``, if there is a
        goal or the network ended, and ``test_accuracy`` if it ended, else NaN.

    Raises:
        CheckpointError: if the file is there and is not a checkpoint of this training.
    """
    group = Group(networks)
    seen = training.minibatches.each_epoch * training.minibatches.batch

    def one_epoch(epoch: int) -> list[dict[str, Any]]:
        total = torch.zeros(len(group.left), dtype=torch.float64)
        correct = torch.zeros(len(group.left), dtype=torch.int64)
        for chosen in training.minibatches.epoch(epoch):
            loss = group.networks.sgd_step(*train[chosen], training.rate(epoch))
            total += loss.total
            correct += loss.correct
        finite = total.isfinite()
        train_accuracy, test_accuracy = torch.full((2, len(total)), torch.nan, dtype=torch.float64)
        diverged = ~(finite & group.networks.finite())
        ended = diverged | (epoch == training.epochs)
        if training.goal is not None:
            train_accuracy = accuracy(group.networks, train)
            ended |= train_accuracy >= training.goal
        places = ended.nonzero().flatten().tolist()
        if places:
            last = group.networks.select(places)
            test_accuracy[places] = accuracy(last, test)
            if training.goal is None:
                train_accuracy[places] = accuracy(last, train)
        columns = {
            "epoch": epoch,
            "loss": torch.where(finite, total / seen, torch.nan),
            "running_accuracy": correct.double() / seen,
            "diverged": diverged,
            "train_accuracy": train_accuracy,
            "test_accuracy": test_accuracy,
        }
        rows = group.rows(names, columns)
        group.end(places)
        return rows

    return train_resumably(group, range(1, training.epochs + 1), one_epoch, checkpoint, digest)


def accuracy(networks: FullyConnected, data: LabelledImages) -> Tensor:
    """Fraction of images classified correctly, shape (networks,), double precision."""
    return evaluate(networks, data).correct.double() / len(data)
