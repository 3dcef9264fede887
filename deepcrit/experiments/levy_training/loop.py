"""Training of a group of networks from stable weights, tested and kept on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepcrit.data.mnist import CLASSES
from deepcrit.experiments.levy_training.schemas import FINALLY, INITIALLY, MIDWAY
from deepcrit.physics.heavytails import layerwise_jacobian
from deepcrit.training.images import LabelledImages, Minibatches, evaluate
from deepcrit.training.initial import stable_parameters
from deepcrit.training.networks import Shape, SharedInputs
from deepcrit.training.resumable import Group, train_resumably

_LOST_LOSS, _LOST_PARAMETERS = "the loss is not finite", "a parameter is not finite"


@dataclass(frozen=True)
class StableTraining:
    """What all networks share.

    Attributes:
        hidden_layers: of each network.
        minibatches: what all networks of a group see.
        epochs: passes over the images.
        tests_per_epoch: times that test accuracy is measured in an epoch.
        middle_test: test at which the snapshot in the middle is taken.
        measured_layer: l of the Jacobian W^(l+1) D^l of snapshots.
    """

    hidden_layers: int
    minibatches: Minibatches
    epochs: int
    tests_per_epoch: int
    middle_test: int
    measured_layer: int

    @property
    def tests(self) -> int:
        """All tests but that before training."""
        return self.epochs * self.tests_per_epoch

    def trained_until(self, test: int) -> int:
        """Minibatches that networks have seen by a test."""
        return test * self.minibatches.each_epoch // self.tests_per_epoch

    @property
    def snapshots(self) -> Mapping[int, str]:
        """Tests at which Jacobians are kept."""
        return {0: INITIALLY, self.middle_test: MIDWAY, self.tests: FINALLY}


def train_from_stable(
    points: pd.DataFrame, training: StableTraining, train: LabelledImages, test: LabelledImages, checkpoint: Path,
    digest: str,
) -> pd.DataFrame:  # fmt: skip
    """Train the networks of some rows of a manifest together, test them on the way, and keep Jacobians.

    A network whose loss or parameters are not finite is recorded as diverged, with the reason, and left at that.

    Args:
        points: schema ``levy_manifest``, all of one width, minibatch and rate.
        training: what they share.
        train: images that are trained on.
        test: unseen images.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and test, schema ``levy_history``, with two columns besides: ``snapshot``, its name or
        missing, and ``jacobian``, its entries as a flat tensor or missing.

    Raises:
        CheckpointError: if the file is there and is not a checkpoint of this training.
    """
    sizes = (train.images.shape[1], *[int(points["width"].iloc[0])] * training.hidden_layers, CLASSES)
    initial = (
        stable_parameters(sizes, *defined)
        for defined in zip(points["seed_key"], points["alpha"], points["gain"], strict=True)
    )
    group = Group(SharedInputs.drawn(Shape(sizes, "tanh", biased=False), len(points), initial))
    rate, image = float(points["learning_rate"].iloc[0]), train.images[0].cpu().numpy()

    def until_test(number: int) -> list[dict[str, Any]]:
        done, last = (training.trained_until(max(at, 0)) for at in (number - 1, number))
        total = torch.zeros(len(group.left), dtype=torch.float64)
        for chosen in training.minibatches.iterations(done, last):
            total += group.networks.sgd_step(*train[chosen], rate).total
        finite, sound = total.isfinite(), group.networks.finite()
        trained = (last - done) * training.minibatches.batch
        columns = {
            "test": number,
            "epoch": last / training.minibatches.each_epoch,
            "loss": torch.where(finite, total / trained if trained else torch.nan, torch.nan),
            "test_accuracy": evaluate(group.networks, test).correct.double() / len(test),
            "diverged": ~(finite & sound),
            "reason": [_reason(*state) for state in zip(finite.tolist(), sound.tolist(), strict=True)],
        }
        rows = group.rows(points["point"].tolist(), columns)
        if number in training.snapshots:
            for place, row in enumerate(rows):
                if not row["diverged"]:
                    row["snapshot"] = training.snapshots[number]
                    row["jacobian"] = _jacobian(group.networks.weights, place, image, training.measured_layer)
        group.end([place for place, row in enumerate(rows) if row["diverged"]])
        return rows

    return train_resumably(group, range(training.tests + 1), until_test, checkpoint, digest)


def _reason(finite_loss: bool, finite_parameters: bool) -> str:
    if not finite_loss:
        return _LOST_LOSS
    return "" if finite_parameters else _LOST_PARAMETERS


def _jacobian(weights: Sequence[Tensor], place: int, image: NDArray[np.float32], layer: int) -> Tensor:
    """W^(l+1) D^l of one network at an image, flat, in double precision from its single-precision weights."""
    matrices = [of[place].T.cpu().numpy().astype(np.float64) for of in weights[: layer + 1]]
    return torch.from_numpy(layerwise_jacobian(matrices, image, layer, "pre_activation").ravel())
