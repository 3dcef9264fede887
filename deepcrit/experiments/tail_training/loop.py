"""Training of fully connected networks whose weights are fitted after every epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from deepcrit.core.tables import written_aside
from deepcrit.data.mnist import CLASSES
from deepcrit.stats import stable
from deepcrit.training.epochs import Training, accuracy
from deepcrit.training.images import LabelledImages, evaluate
from deepcrit.training.initial import gaussian_parameters
from deepcrit.training.networks import FullyConnected, Shape
from deepcrit.training.resumable import Group, train_resumably

FOLLOWED = 3  # matrices, from the inputs on
SHOWN = 3  # the matrix whose entries are shown


@dataclass(frozen=True)
class FollowedTraining:
    """How networks are trained, and when the entries of a matrix are kept.

    Attributes:
        width: neurons of a hidden layer.
        hidden_layers: how many.
        weight_variance: sw2 of Gaussian initial weights; there is no bias.
        training: rates, epochs and minibatches.
        shown_epoch: epoch after which the third matrix of every network is kept.
    """

    width: int
    hidden_layers: int
    weight_variance: float
    training: Training
    shown_epoch: int


def train_followed(
    points: pd.DataFrame, how: FollowedTraining, train: LabelledImages, test: LabelledImages, checkpoint: Path,
    digest: str,
) -> pd.DataFrame:  # fmt: skip
    """Train networks of one learning rate together.

    Args:
        points: schema ``tail_runs``.
        how: they are trained.
        train: images to train on, normalised.
        test: images to test on, normalised.
        checkpoint: file of the state; kept matrices are beside it, see `kept_matrix`.
        digest: of all that defines the result.

    Returns:
        Schema ``tail_history``, the state before training as epoch 0.
    """
    sizes = (train.images.shape[1], *[how.width] * how.hidden_layers, CLASSES)
    initial = ((gaussian_parameters(sizes, key, how.weight_variance, 0.0)[0], ()) for key in points["seed_key"])
    group = Group(FullyConnected.drawn(Shape(sizes, "tanh", biased=False), len(points), initial))
    names = points["point"].tolist()
    minibatches = how.training.minibatches
    seen = minibatches.each_epoch * minibatches.batch

    def one_epoch(epoch: int) -> list[dict[str, Any]]:
        count = len(group.left)
        total = torch.zeros(count, dtype=torch.float64)
        largest, correct = torch.zeros_like(total), torch.zeros(count, dtype=torch.int64)
        for chosen in minibatches.epoch(epoch) if epoch else ():
            loss = group.networks.sgd_step(*train[chosen], how.training.rate(epoch))
            total += loss.total
            correct += loss.correct
            largest = torch.maximum(largest, loss.total.nan_to_num(math.inf))
        diverged = ~group.networks.finite()
        missing = torch.full_like(total, math.nan)
        last = epoch == how.training.epochs
        if not epoch:
            total = evaluate(group.networks, train).total
        columns = {
            "epoch": epoch,
            "loss": _finite(total / (seen if epoch else len(train))),
            "largest_loss": _finite(largest / minibatches.batch if epoch else total / len(train)),
            "running_accuracy": correct.double() / seen if epoch else missing,
            "train_accuracy": accuracy(group.networks, train) if last else missing,
            "test_accuracy": accuracy(group.networks, test) if last else missing,
            "diverged": diverged,
        }
        rows = []
        for matrix in range(1, FOLLOWED + 1):
            weights = group.networks.weights[matrix - 1].cpu().numpy()
            there = zip(weights, ~diverged.cpu().numpy(), strict=True)
            fits = [fitted_columns(one) if finite else {} for one, finite in there]
            told = group.rows(names, {**columns, "matrix": matrix})
            rows += [{**row, **_UNKNOWN, **fit} for row, fit in zip(told, fits, strict=True)]
            if (matrix, epoch) == (SHOWN, how.shown_epoch):
                for place, one in zip(group.left, weights, strict=True):
                    with written_aside(kept_matrix(checkpoint, names[place])) as aside, aside.open("wb") as file:
                        np.save(file, one)
        group.end(diverged.nonzero().flatten().tolist())
        return rows

    return train_resumably(group, range(how.training.epochs + 1), one_epoch, checkpoint, digest)


def kept_matrix(checkpoint: Path, point: str) -> Path:
    """File of the matrix of a network that is shown, beside its checkpoint."""
    return checkpoint.with_name(f"{checkpoint.stem}.{point}.npy")


_UNKNOWN = dict.fromkeys(
    ("alpha", "alpha_low", "alpha_high", "scale", "quantile_alpha", "quantile_scale", "over_normal"), math.nan
)


def fitted_columns(weights: NDArray[np.float32]) -> dict[str, float]:
    """Fits of one matrix, columns of schema ``tail_history``."""
    grouped = stable.group(weights, float(weights.mean(dtype=np.float64)))
    fit = stable.fit(grouped, None)
    quantiles = stable.quantile_estimate(grouped)
    known = {"quantile_alpha": quantiles.alpha, "quantile_scale": quantiles.scale}
    if not fit.converged:
        return known
    return known | {
        "alpha": fit.alpha,
        "alpha_low": fit.alpha_low,
        "alpha_high": fit.alpha_high,
        "scale": fit.scale,
        "over_normal": stable.compare(grouped, fit, "normal").ratio,
    }


def _finite(values: torch.Tensor) -> torch.Tensor:
    return torch.where(values.isfinite(), values, math.nan)
