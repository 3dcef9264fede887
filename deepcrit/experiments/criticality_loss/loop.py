"""Training of a group of classifiers on one of the two losses, and what is measured of them after each epoch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from deepcrit.data.mnist import CLASSES
from deepcrit.experiments.criticality_loss.initial import initial_parameters
from deepcrit.experiments.criticality_loss.networks import CriticalityNetworks, Penalty
from deepcrit.experiments.criticality_loss.schemas import PENALISED
from deepcrit.training.epochs import Training
from deepcrit.training.images import LabelledImages, evaluate
from deepcrit.training.networks import Shape
from deepcrit.training.resumable import Group, train_resumably

MEASURED_TOGETHER = 50  # images whose Jacobians are in memory at a time


def centred(data: LabelledImages) -> LabelledImages:
    """The same images with pixels from -1 to 1 (vock2025, Methods)."""
    return LabelledImages(2.0 * data.images - 1.0, data.labels)


@dataclass(frozen=True)
class TrainingProtocol:
    """What all runs share.

    Attributes:
        hidden: neurons of the hidden layers.
        half_widths: of the uniform weights of init0, one a layer of weights.
        training: rate, minibatches and epochs.
        measured: images at which exponents are measured, the first of the test images.
    """

    hidden: tuple[int, ...]
    half_widths: tuple[float, ...]
    training: Training
    measured: int


def train_runs(
    runs: pd.DataFrame,
    protocol: TrainingProtocol,
    train: LabelledImages,
    test: LabelledImages,
    checkpoint: Path,
    digest: str,
) -> pd.DataFrame:
    """Train the networks of some rows of a manifest together and keep their history.

    A network whose loss or parameters are not finite after an epoch has diverged and is left at that.

    Args:
        runs: schema ``criticality_runs``, all of one loss.
        protocol: what they share.
        train: images to train on, pixels from -1 to 1.
        test: images to test on, likewise.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and epoch, epoch 0 being that before training, schema ``criticality_history``.

    Raises:
        CheckpointError: if the file is there and is not a checkpoint of this training.
    """
    sizes = (train.images.shape[1], *protocol.hidden, CLASSES)
    initial = (
        initial_parameters(sizes, key, name, protocol.half_widths)
        for key, name in zip(runs["seed_key"], runs["initialisation"], strict=True)
    )
    group = Group(CriticalityNetworks.drawn(Shape(sizes, "scaled_tanh"), len(runs), initial))
    penalised = bool((runs["loss"] == PENALISED).all())
    targets, strengths = (torch.tensor(runs[name].to_numpy(float)) for name in ("target", "strength"))

    def one_epoch(epoch: int) -> list[dict[str, Any]]:
        penalty = Penalty(targets[group.left], strengths[group.left]) if penalised else None
        trained = _trained(group.networks, protocol.training, train, epoch, penalty) if epoch else {}
        found = trained | _measured(group.networks, test, protocol.measured)
        diverged = ~(group.networks.finite() & torch.stack([*found.values()]).isfinite().all(dim=0))
        rows = group.rows(runs["point"].tolist(), {"epoch": epoch, **found, "diverged": diverged})
        group.end(diverged.nonzero().flatten().tolist())
        return rows

    found = train_resumably(group, range(protocol.training.epochs + 1), one_epoch, checkpoint, digest)
    # no number of an epoch is infinite in the tables
    return found.replace([float("inf"), float("-inf")], float("nan"))


def _trained(
    networks: CriticalityNetworks, training: Training, train: LabelledImages, epoch: int, penalty: Penalty | None
) -> dict[str, Tensor]:
    """One pass over the images: mean cross-entropy and mean penalty of its minibatches, shapes (networks,)."""
    cross_entropy, penalties = torch.zeros(2, len(networks), dtype=torch.float64)
    minibatches = training.minibatches.epoch(epoch)
    for chosen in minibatches:
        if penalty is None:
            cross_entropy += networks.sgd_step(*train[chosen], training.rate(epoch)).total
        else:
            total, exponent = networks.penalised_step(*train[chosen], training.rate(epoch), penalty)
            cross_entropy += total
            penalties += penalty.of(exponent)
    return {"cross_entropy": cross_entropy / len(train), "penalty": penalties / len(minibatches)}


def _measured(networks: CriticalityNetworks, test: LabelledImages, measured: int) -> dict[str, Tensor]:
    """Of unseen images: mean cross-entropy, share classified correctly and mean exponent, shapes (networks,)."""
    loss = evaluate(networks, test)
    exponents = torch.zeros(len(networks), dtype=torch.float64)
    for images in torch.split(test.images[:measured], MEASURED_TOGETHER):
        exponents += networks.exponents(images).double().sum(dim=1)
    return {
        "test_cross_entropy": loss.total / len(test),
        "test_accuracy": loss.correct.double() / len(test),
        "exponent": exponents / measured,
    }
