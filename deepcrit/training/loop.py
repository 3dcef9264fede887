"""Training of a group of networks, epoch by epoch, with checkpoints."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepcrit.core.devices import placed, use_device
from deepcrit.core.seeds import generator, seed_key
from deepcrit.training.networks import NetworkShape, TanhNetworks, correct_answers
from deepcrit.training.resumable import train_resumably

CLASSES = 10
EVALUATED_TOGETHER = 500  # images


@dataclass(frozen=True)
class LabelledImages:
    """Images of shape (images, pixels), from 0 to 1, and their classes of shape (images,)."""

    images: Tensor
    labels: Tensor

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], labels: NDArray[np.uint8], first: int | None = None) -> LabelledImages:
        """The first images of a data set, pixels of 0 to 255 divided by 255.

        Raises:
            ValueError: if there are fewer than ``first``.
        """
        wanted = len(pixels) if first is None else first
        if wanted > len(pixels):
            raise ValueError(f"images: found {len(pixels)}, expected at least {wanted}")
        flat = pixels[:wanted].reshape(wanted, -1).astype(np.float32) / np.float32(255.0)
        return cls(placed(torch.from_numpy(flat)), placed(torch.from_numpy(labels[:wanted].astype(np.int64))))


@dataclass(frozen=True)
class Training:
    """How networks are trained.

    Attributes:
        learning_rate: of plain stochastic gradient descent, without momentum, in the first epoch.
        batch: images of a minibatch.
        epochs: most epochs.
        goal: training accuracy at the end of an epoch at which a network is done; None trains all epochs.
        order_seed: root of the order of images, common to all networks; the order changes with the epoch.
        decay: factor of the learning rate from each epoch to the next.
    """

    learning_rate: float
    batch: int
    epochs: int
    goal: float | None
    order_seed: int
    decay: float = 1.0

    def rate(self, epoch: int) -> float:
        """Learning rate of an epoch, from 1."""
        return self.learning_rate * self.decay ** (epoch - 1)

    def minibatches(self, images: int, epoch: int) -> list[Tensor]:
        """Indices of the images of every minibatch of one epoch; ``batch`` divides the number of images."""
        rng = generator(seed_key(self.order_seed, "training", "order", epoch))
        return list(placed(torch.from_numpy(rng.permutation(images).reshape(-1, self.batch))))


def prepare_training(device: str) -> str:
    """Set torch up for a job: its device, no graphs, and numbers too small for a full mantissa taken as zero.

    Derivatives in the ordered phase underflow within some hundred layers, and arithmetic with such numbers is a
    hundred times slower.

    Returns:
        The device as tables record it, see :func:`deepcrit.core.devices.use_device`.
    """
    torch.set_grad_enabled(False)
    torch.set_flush_denormal(True)
    return use_device(device)


def train_group(
    points: pd.DataFrame, training: Training, train: LabelledImages, test: LabelledImages, checkpoint: Path, digest: str
) -> pd.DataFrame:
    """Train the networks of some rows of a manifest together and keep their history.

    A network whose loss is not finite after an epoch has diverged and is left at that; one that reached the goal is
    done. After every epoch the state is saved, so that a killed job loses one epoch at most.

    Args:
        points: rows of a manifest, all of one width and depth.
        training: how they are trained.
        train, test: images.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and epoch, schema ``training_history``.

    Raises:
        CheckpointError: if the file is there and is not a whole checkpoint of this training.
    """
    shape = NetworkShape(train.images.shape[1], int(points["width"].iloc[0]), int(points["depth"].iloc[0]), CLASSES)

    def drawn() -> TanhNetworks:
        defined = (points[name].tolist() for name in ("seed_key", "weight_variance", "bias_variance"))
        return TanhNetworks.drawn(shape, *defined)

    def one_epoch(networks: TanhNetworks, epoch: int, _: list[int]) -> tuple[list[dict[str, Any]], list[int]]:
        found = _epoch(networks, training, train, epoch)
        ended = [place for place, row in enumerate(found) if row.ended(training, epoch)]
        _evaluate(networks, found, ended, None if training.goal is not None else train, test)
        return [vars(row) for row in found], ended

    return train_resumably(points["point"].tolist(), drawn, one_epoch, (1, training.epochs), checkpoint, digest)


@dataclass
class _Epoch:
    """What one epoch of one network came to; NaN where it was not measured, or is not finite."""

    loss: float
    running_accuracy: float
    diverged: bool
    train_accuracy: float = float("nan")
    test_accuracy: float = float("nan")

    def ended(self, training: Training, epoch: int) -> bool:
        """Whether the network is trained no further."""
        reached = training.goal is not None and self.train_accuracy >= training.goal
        return self.diverged or reached or epoch == training.epochs


def _epoch(networks: TanhNetworks, training: Training, train: LabelledImages, epoch: int) -> list[_Epoch]:
    """One pass over the images, and the accuracy after it where a goal is set."""
    images = len(train.labels)
    loss = torch.zeros(len(networks), dtype=torch.float64)
    correct = torch.zeros(len(networks), dtype=torch.int64)
    for chosen in training.minibatches(images, epoch):
        step_loss, step_correct = networks.descend(train.images[chosen], train.labels[chosen], training.rate(epoch))
        loss += step_loss
        correct += step_correct
    finite = loss.isfinite() & networks.finite()
    loss = torch.where(loss.isfinite(), loss / images, torch.nan)
    found = [
        _Epoch(value, right / images, not whole)
        for value, right, whole in zip(loss.tolist(), correct.tolist(), finite.tolist(), strict=True)
    ]
    if training.goal is not None:
        for row, value in zip(found, accuracy(networks, train).tolist(), strict=True):
            row.train_accuracy = value
    return found


def _evaluate(
    networks: TanhNetworks, found: list[_Epoch], ended: list[int], train: LabelledImages | None, test: LabelledImages
) -> None:
    """Measure accuracies of networks that are trained no further; on ``train`` unless the epoch measured it already."""
    if not ended:
        return
    last = networks.kept(ended)
    for place, unseen in zip(ended, accuracy(last, test).tolist(), strict=True):
        found[place].test_accuracy = unseen
    if train is not None:
        for place, seen in zip(ended, accuracy(last, train).tolist(), strict=True):
            found[place].train_accuracy = seen


def accuracy(networks: TanhNetworks, data: LabelledImages) -> Tensor:
    """Fraction of images classified correctly, shape (networks,), double precision."""
    correct = torch.zeros(len(networks), dtype=torch.int64)
    for start in range(0, len(data.labels), EVALUATED_TOGETHER):
        images, labels = (part[start : start + EVALUATED_TOGETHER] for part in (data.images, data.labels))
        correct += correct_answers(networks.logits(images), labels)
    return correct.double() / len(data.labels)


def training_digest(points: pd.DataFrame, training: Training, images: int, code_digest: str, device: str) -> str:
    """Digest of all that defines the result of a group, the device of :func:`prepare_training` included."""
    content = f"{points.to_csv(index=False)}{training}{images}{code_digest}{device}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]
