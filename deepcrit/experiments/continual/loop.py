"""Training of a group of networks through a sequence of tasks, with a checkpoint after every task."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from deepcrit.core.devices import placed
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.continual.networks import Networks, Shape
from deepcrit.experiments.continual.replacement import Replacement
from deepcrit.experiments.continual.tasks import Task
from deepcrit.physics.lyapunov import differentiable_exponents
from deepcrit.training.checkpoints import load_checkpoint, save_checkpoint

logger = logging.getLogger(__name__)

# a weight beyond it never comes back, and derivatives through some such layers are soon not finite
LARGEST_WEIGHT = 100.0


class Tasks(Protocol):
    """A sequence of tasks."""

    def task(self, number: int) -> Task:
        """Images and labels of a task, counted from 0."""
        ...


@dataclass(frozen=True)
class Training:
    """How a network learns one task after another.

    Attributes:
        tasks: how many.
        epochs: passes over the images of each, two or more.
        batch: images of a minibatch.
        learning_rate, momentum: of stochastic gradient descent, without decay.
        jacobian_images: images of a minibatch whose exponents enter the criticality loss, the first ones.
        measured_images: test images whose exponents are measured when a task ends, spread evenly.
        utility_decay: eta of continual backpropagation.
        maturity: updates for which a new unit is spared.
        seed: root of the random numbers.
    """

    tasks: int
    epochs: int
    batch: int
    learning_rate: float
    momentum: float
    jacobian_images: int
    measured_images: int
    utility_decay: float
    maturity: int
    seed: int


def train_group(
    group: pd.DataFrame, shape: Shape, training: Training, tasks: Tasks, checkpoint: Path, digest: str
) -> pd.DataFrame:
    """Train networks of one stream of tasks side by side.

    All begin with the same parameters, see the same minibatches and get the same new output layers, so that they differ
    by what they are trained with. Rows of a network are the same to the last bit whichever networks are beside it. One
    of which a logit is not finite, or a weight is beyond ``LARGEST_WEIGHT``, has diverged: it is trained no further and
    guesses from then on.

    Args:
        group: rows of schema ``continual_manifest``, of one stream.
        shape: of each network.
        training: how they are trained.
        tasks: the sequence.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and task, schema ``continual_tasks``.

    Raises:
        CheckpointError: if the file is there and is not a whole checkpoint of this training.
    """
    run = _Run(group, shape, training)
    done = run.restore(load_checkpoint(checkpoint, digest))
    if done:
        logger.info("going on after task %d with %d networks", done, len(run.left))
    for number in range(done, training.tasks):
        run.learn(tasks.task(number), number)
        save_checkpoint(checkpoint, digest, run.state(number + 1))
        logger.info("task %d of %d, %d of %d networks go on", number + 1, training.tasks, len(run.left), len(group))
    return pd.DataFrame(run.rows)


class _Run:
    """The networks of a group that are still trained, and all that training changes."""

    def __init__(self, group: pd.DataFrame, shape: Shape, training: Training) -> None:
        self.shape, self.training = shape, training
        self.names = group["network"].tolist()
        self.targets = torch.tensor(group["target"].to_numpy(float), dtype=torch.float32)
        self.strengths = torch.tensor(group["strength"].to_numpy(float), dtype=torch.float32)
        self.rates = group["replacement_rate"].to_numpy(float)
        self.stream = str(group["stream"].iloc[0])
        self.left = list(range(len(group)))
        self.rows: list[dict[str, Any]] = []
        with torch.no_grad():
            self.networks = Networks.drawn(shape, len(group), self._rng("initial", 0))
            self.momenta = _zeros_like(self.networks)
        self.replacement = Replacement(shape, self.rates.tolist(), training.utility_decay, training.maturity)

    def _rng(self, what: str, number: int) -> np.random.Generator:
        return generator(seed_key(self.training.seed, "continual", f"{self.stream}/{what}", number))

    def state(self, done: int) -> dict[str, Any]:
        """What a checkpoint keeps, after so many tasks."""
        return {
            "done": done,
            "left": self.left,
            "rows": self.rows,
            "parameters": self.networks.parameters,
            "momenta": self.momenta.parameters,
            "replacement": self.replacement.state(),
        }

    def restore(self, state: dict[str, Any] | None) -> int:
        """Go on from a checkpoint; returns the tasks that are done."""
        if state is None:
            return 0
        self.keep(state["left"])
        self.rows = state["rows"]
        layers = self.shape.layers
        for networks, name in ((self.networks, "parameters"), (self.momenta, "momenta")):
            parameters = [placed(parameter) for parameter in state[name]]
            networks.weights, networks.biases = parameters[:layers], parameters[layers:]
        self.replacement.restore({name: placed(value) for name, value in state["replacement"].items()})
        return int(state["done"])

    def keep(self, chosen: Sequence[int]) -> None:
        """Train only some of the networks that are left, by position, any further."""
        self.left = [self.left[place] for place in chosen]
        self.networks, self.momenta = self.networks.kept(chosen), self.momenta.kept(chosen)
        self.replacement.keep(chosen)

    def learn(self, task: Task, number: int) -> None:
        """Train on one task and append its rows."""
        with torch.no_grad():
            self.networks.reset_head(self._rng("head", number))
            self.momenta.weights[-1].zero_()
            self.momenta.biases[-1].zero_()
        replaced = dict(zip(self.left, self.replacement.replaced.tolist(), strict=True))
        generators = {
            network: self._rng(f"replacement/{rate!r}", number) for network, rate in enumerate(self.rates.tolist())
        }
        images, labels = (placed(torch.from_numpy(part)) for part in (task.train_images, task.train_labels))
        penalties: list[dict[int, float]] = []
        for epoch in range(self.training.epochs):
            order = self._rng(f"order/{number}", epoch).permutation(len(labels))
            sums = {network: [0.0, 0] for network in self.left}
            for start in range(0, len(order), self.training.batch):
                if not self.left:
                    break
                chosen = placed(torch.from_numpy(order[start : start + self.training.batch]))
                penalty = self._step(images[chosen], labels[chosen], generators)
                for network, value in penalty.items():
                    if np.isfinite(value):
                        sums[network][0] += value
                        sums[network][1] += 1
            penalties.append({network: total / count for network, (total, count) in sums.items() if count})
        measured = self._measured(task)
        for network, count in zip(self.left, self.replacement.replaced.tolist(), strict=True):
            measured[network]["replaced"] = count - replaced[network]
        for network, name in enumerate(self.names):
            told = np.array([epoch.get(network, np.nan) for epoch in penalties])
            changes = np.diff(told)
            row = {"network": name, "task": number + 1, "diverged": network not in measured}
            row |= measured.get(network, _guessing(self.shape.outputs))
            # plain numbers: a checkpoint that holds numpy's is not read again
            row |= {
                "penalty": float(told[-1]),
                "penalty_change": float(np.abs(changes).mean()),
                "penalty_drift": float(changes.mean()),
            }
            self.rows.append(row)

    def _step(self, images: Tensor, labels: Tensor, generators: dict[int, np.random.Generator]) -> dict[int, float]:
        """One update; returns the criticality loss of every network that has one."""
        parameters = self.networks.parameters
        with torch.enable_grad():
            for parameter in parameters:
                parameter.requires_grad_(True)
            logits, features = self.networks.forward(images.unsqueeze(0))
            expected = labels.expand(len(self.left), -1)
            # summed over networks, whose gradients do not meet
            loss = functional.cross_entropy(logits, expected, reduction="none").mean(dim=1).sum()
            penalties = None
            if self.strengths[self.left].any():
                penalties = self._penalties(images[: self.training.jacobian_images])
                loss = loss + penalties.nansum()
            gradients = torch.autograd.grad(loss, parameters)
        for parameter in parameters:
            parameter.requires_grad_(False)
        for parameter, momentum, gradient in zip(parameters, self.momenta.parameters, gradients, strict=True):
            momentum.mul_(self.training.momentum).add_(gradient)
            parameter.sub_(momentum, alpha=self.training.learning_rate)
        if self.rates[self.left].any():
            owners = [generators[network] for network in self.left]
            self.replacement.step(self.networks, self.momenta, [f.detach() for f in features], owners)
        told = {} if penalties is None else dict(zip(self.left, penalties.tolist(), strict=True))
        whole = torch.stack([p.abs().amax(dim=(1, 2)) for p in parameters]).amax(dim=0) < LARGEST_WEIGHT
        if not whole.all():
            self.keep(torch.nonzero(whole).flatten().tolist())
        return told

    def _penalties(self, images: Tensor) -> Tensor:
        """alpha (lambda_t - lambda_0)^2 of every network, lambda_0 averaged over images; NaN where there is none."""
        exponents = self._exponents(images)
        alive = exponents.isfinite()
        mean = torch.where(alive, exponents, 0.0).sum(dim=1) / alive.sum(dim=1).clamp(min=1)
        penalty = self.strengths[self.left] * (self.targets[self.left] - mean) ** 2
        return torch.where(alive.any(dim=1) & (self.strengths[self.left] > 0), penalty, torch.nan)

    def _exponents(self, images: Tensor) -> Tensor:
        """lambda_0 of every network and image, shape (networks, images)."""
        count = len(self.left)
        each = images.expand(count, -1, -1, -1, -1).flatten(0, 1)
        return differentiable_exponents(self.networks.logits_of_each, each, self.shape.layers).view(count, -1)

    def _measured(self, task: Task) -> dict[int, dict[str, float]]:
        """What every network that is left does with the test images of a task."""
        if not self.left:
            return {}
        images, labels = (placed(torch.from_numpy(part)) for part in (task.test_images, task.test_labels))
        with torch.no_grad():
            logits, features = self.networks.forward(images.unsqueeze(0))
        accuracy = (logits.argmax(dim=1) == labels).double().mean(dim=1)
        silent = [(f.amax(dim=(2, 3)) <= 0).double() for f in features]
        dead = torch.cat(silent, dim=1).mean(dim=1)
        some = np.linspace(0, len(labels) - 1, min(self.training.measured_images, len(labels))).round().astype(int)
        exponents = self._exponents(images[placed(torch.from_numpy(some))]).detach().double()
        alive = exponents.isfinite()
        mean = torch.where(alive, exponents, 0.0).sum(dim=1) / alive.sum(dim=1)
        return {
            network: {
                "accuracy": float(accuracy[place]),
                "lyapunov_exponent": float(mean[place]),
                "dead_units": float(dead[place]),
                "flat_images": float(1.0 - alive[place].double().mean()),
            }
            for place, network in enumerate(self.left)
        }


def _guessing(classes: int) -> dict[str, float]:
    return {
        "accuracy": 1.0 / classes,
        "lyapunov_exponent": np.nan,
        "dead_units": np.nan,
        "flat_images": np.nan,
        "replaced": 0,
    }


def _zeros_like(networks: Networks) -> Networks:
    return Networks(
        networks.shape, [torch.zeros_like(w) for w in networks.weights], [torch.zeros_like(b) for b in networks.biases]
    )


def training_digest(group: pd.DataFrame, shape: Shape, training: Training, code_digest: str, device: str) -> str:
    """Digest of all that defines the result of a group, data sets apart; the device is as tables record it."""
    content = f"{group.to_csv(index=False)}{shape}{training}{code_digest}{device}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]
