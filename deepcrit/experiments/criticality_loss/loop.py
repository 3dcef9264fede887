"""Training of a group of classifiers on one of the two losses, and what is measured of them after each epoch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from deepcrit.experiments.criticality_loss.networks import Penalty, ScaledTanhNetworks
from deepcrit.experiments.criticality_loss.schemas import PENALISED
from deepcrit.training.loop import CLASSES, EVALUATED_TOGETHER, LabelledImages, Training
from deepcrit.training.networks import correct_answers
from deepcrit.training.resumable import train_resumably

MEASURED_TOGETHER = 50  # images whose Jacobians are in memory at a time


def centred(data: LabelledImages) -> LabelledImages:
    """The same images with pixels from -1 to 1 (vock2025, Methods)."""
    return LabelledImages(2.0 * data.images - 1.0, data.labels)


@dataclass(frozen=True)
class Protocol:
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
    runs: pd.DataFrame, protocol: Protocol, train: LabelledImages, test: LabelledImages, checkpoint: Path, digest: str
) -> pd.DataFrame:
    """Train the networks of some rows of a manifest together and keep their history.

    A network whose loss or parameters are not finite after an epoch has diverged and is left at that.

    Args:
        runs: schema ``criticality_runs``, all of one loss.
        protocol: what they share.
        train, test: images, pixels from -1 to 1.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and epoch, epoch 0 being that before training, schema ``criticality_history``.

    Raises:
        CheckpointError: if the file is there and is not a whole checkpoint of this training.
    """
    sizes = (train.images.shape[1], *protocol.hidden, CLASSES)
    penalised = bool((runs["loss"] == PENALISED).all())
    targets, strengths = (torch.tensor(runs[name].to_numpy(float)) for name in ("target", "strength"))

    def drawn() -> ScaledTanhNetworks:
        seeds, initialisations = (runs[name].tolist() for name in ("seed_key", "initialisation"))
        return ScaledTanhNetworks.drawn(sizes, seeds, initialisations, protocol.half_widths)

    def one_epoch(networks: ScaledTanhNetworks, epoch: int, left: list[int]) -> tuple[list[dict[str, Any]], list[int]]:
        penalty = Penalty(targets[left], strengths[left]) if penalised else None
        trained = _trained(networks, protocol.training, train, epoch, penalty) if epoch else {}
        found = trained | _measured(networks, test, protocol.measured)
        whole = networks.finite() & torch.stack([*found.values()]).isfinite().all(dim=0)
        columns = {name: values.tolist() for name, values in found.items()} | {"diverged": (~whole).tolist()}
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        return rows, [position for position, row in enumerate(rows) if row["diverged"]]

    names = runs["point"].tolist()
    found = train_resumably(names, drawn, one_epoch, (0, protocol.training.epochs), checkpoint, digest)
    # no number of an epoch is infinite in the tables
    return found.replace([float("inf"), float("-inf")], float("nan"))


def _trained(
    networks: ScaledTanhNetworks, training: Training, train: LabelledImages, epoch: int, penalty: Penalty | None
) -> dict[str, Tensor]:
    """One pass over the images: mean cross-entropy and mean penalty of its minibatches, shapes (networks,)."""
    cross_entropy = torch.zeros(len(networks), dtype=torch.float64)
    penalties = torch.zeros(len(networks), dtype=torch.float64)
    minibatches = training.minibatches(len(train.labels), epoch)
    for chosen in minibatches:
        step = networks.descend(train.images[chosen], train.labels[chosen], training.rate(epoch), penalty)
        cross_entropy += step.cross_entropy
        if penalty is not None:
            penalties += penalty.of(step.exponent)
    return {"cross_entropy": cross_entropy / len(train.labels), "penalty": penalties / len(minibatches)}


def _measured(networks: ScaledTanhNetworks, test: LabelledImages, measured: int) -> dict[str, Tensor]:
    """Of unseen images: mean cross-entropy, share classified correctly and mean exponent, shapes (networks,)."""
    cross_entropy = torch.zeros(len(networks), dtype=torch.float64)
    correct = torch.zeros(len(networks), dtype=torch.int64)
    for start in range(0, len(test.labels), EVALUATED_TOGETHER):
        images, labels = (part[start : start + EVALUATED_TOGETHER] for part in (test.images, test.labels))
        logits = networks.logits(images)
        cross_entropy -= torch.log_softmax(logits, dim=-1)[:, torch.arange(len(labels)), labels].double().sum(dim=1)
        correct += correct_answers(logits, labels)
    exponents = torch.zeros(len(networks), dtype=torch.float64)
    for images in torch.split(test.images[:measured], MEASURED_TOGETHER):
        exponents += networks.exponents(images).double().sum(dim=1)
    return {
        "test_cross_entropy": cross_entropy / len(test.labels),
        "test_accuracy": correct.double() / len(test.labels),
        "exponent": exponents / measured,
    }
