"""Training of a group of networks through a sequence of tasks, with a checkpoint after every task."""

from __future__ import annotations

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
from deepcrit.experiments.continual.networks import ConvolutionalNetworks, ConvolutionalShape
from deepcrit.experiments.continual.replacement import Replacement
from deepcrit.experiments.continual.tasks import Task
from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.training.resumable import Group, train_resumably

# a weight beyond it never comes back, and derivatives through some such layers are soon not finite
LARGEST_WEIGHT = 100.0
# of a network that diverged during a task
_LOST = dict.fromkeys(("accuracy", "lyapunov_exponent", "dead_units", "flat_images", "replaced"), np.nan)


class Tasks(Protocol):
    """A sequence of tasks."""

    def task(self, number: int) -> Task:
        """Images and labels of a task, counted from 0."""
        ...


@dataclass(frozen=True)
class TaskTraining:
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


def train_tasks(
    manifest: pd.DataFrame,
    shape: ConvolutionalShape,
    training: TaskTraining,
    tasks: Tasks,
    checkpoint: Path,
    digest: str,
) -> pd.DataFrame:
    """Train networks of one stream of tasks side by side.

    All begin with the same parameters, see the same minibatches and get the same new output layers, so that they differ
    by what they are trained with. Rows of a network are the same to the last bit whichever networks are beside it. One
    of which a logit is not finite, or a weight is beyond ``LARGEST_WEIGHT``, has diverged: it is trained no further and
    guesses from then on.

    Args:
        manifest: rows of schema ``continual_manifest``, of one stream.
        shape: of each network.
        training: how they are trained.
        tasks: the sequence.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and task, schema ``continual_tasks``.

    Raises:
        CheckpointError: if the file is there and is not a checkpoint of this training.
    """
    run = _Run(manifest, shape, training)
    numbers = range(training.tasks)
    found = train_resumably(
        run.group, numbers, lambda number: run.learn(tasks.task(number), number), checkpoint, digest
    )
    every = pd.MultiIndex.from_product([[number + 1 for number in numbers], manifest["network"]])
    rows = found.set_index(["task", "network"]).reindex(every.set_names(["task", "network"])).reset_index()
    guessed = {"accuracy": 1.0 / shape.outputs, "replaced": 0}
    return rows.assign(diverged=rows["accuracy"].isna()).fillna(guessed)


class _Run:
    """The networks of a group that are still trained, and what they are trained with."""

    def __init__(self, manifest: pd.DataFrame, shape: ConvolutionalShape, training: TaskTraining) -> None:
        self.shape, self.training = shape, training
        self.names = manifest["network"].tolist()
        self.targets = torch.tensor(manifest["target"].to_numpy(float), dtype=torch.float32)
        self.strengths = torch.tensor(manifest["strength"].to_numpy(float), dtype=torch.float32)
        self.rates = torch.tensor(manifest["replacement_rate"].to_numpy(float))
        self.stream = str(manifest["stream"].iloc[0])
        networks = ConvolutionalNetworks.drawn(shape, len(manifest), self._rng("initial", 0))
        replacement = Replacement(shape, self.rates, training.utility_decay, training.maturity)
        self.group = Group(networks, networks.zeros_like(), replacement)

    def _rng(self, what: str, number: int) -> np.random.Generator:
        return generator(seed_key(self.training.seed, "continual", f"{self.stream}/{what}", number))

    def learn(self, task: Task, number: int) -> list[dict[str, Any]]:
        """Train on one task; returns a row of every network that was left."""
        group, (momenta, replacement), began = self.group, self.group.beside, list(self.group.left)
        group.networks.reset_head(self._rng("head", number))
        momenta.weights[-1].zero_()
        momenta.biases[-1].zero_()
        replaced = dict(zip(began, replacement.replaced.tolist(), strict=True))
        generators = {
            network: self._rng(f"replacement/{rate!r}", number) for network, rate in enumerate(self.rates.tolist())
        }
        images, labels = (placed(torch.from_numpy(part)) for part in (task.train_images, task.train_labels))
        penalties: list[dict[int, float]] = []
        for epoch in range(self.training.epochs):
            order = self._rng(f"order/{number}", epoch).permutation(len(labels))
            sums = {network: [0.0, 0] for network in group.left}
            for start in range(0, len(order), self.training.batch):
                if not group.left:
                    break
                chosen = placed(torch.from_numpy(order[start : start + self.training.batch]))
                penalty = self._step(images[chosen], labels[chosen], generators)
                for network, value in penalty.items():
                    if np.isfinite(value):
                        sums[network][0] += value
                        sums[network][1] += 1
            penalties.append({network: total / count for network, (total, count) in sums.items() if count})
        measured = self._measured(task)
        for network, count in zip(group.left, group.beside[1].replaced.tolist(), strict=True):
            measured[network]["replaced"] = count - replaced[network]
        rows = []
        for network in began:
            told = np.array([epoch.get(network, np.nan) for epoch in penalties])
            changes = np.diff(told)
            # plain numbers: a checkpoint that holds numpy's is not read again
            row = {"network": self.names[network], "task": number + 1, "penalty": float(told[-1])}
            row |= {"penalty_change": float(np.abs(changes).mean()), "penalty_drift": float(changes.mean())}
            rows.append(row | measured.get(network, _LOST))
        return rows

    def _step(self, images: Tensor, labels: Tensor, generators: dict[int, np.random.Generator]) -> dict[int, float]:
        """One update; returns the criticality loss of every network that has one."""
        networks, (momenta, replacement), left = self.group.networks, self.group.beside, self.group.left
        parameters = networks.parameters
        with torch.enable_grad():
            for parameter in parameters:
                parameter.requires_grad_(True)
            logits, features = networks.forward(images.unsqueeze(0))
            expected = labels.expand(len(left), -1)
            # summed over networks, whose gradients do not meet
            loss = functional.cross_entropy(logits, expected, reduction="none").mean(dim=1).sum()
            penalties = None
            if self.strengths[left].any():
                penalties = self._penalties(images[: self.training.jacobian_images])
                loss = loss + penalties.nansum()
            gradients = torch.autograd.grad(loss, parameters)
        for parameter in parameters:
            parameter.requires_grad_(False)
        for parameter, momentum, gradient in zip(parameters, momenta.parameters, gradients, strict=True):
            momentum.mul_(self.training.momentum).add_(gradient)
            parameter.sub_(momentum, alpha=self.training.learning_rate)
        if self.rates[left].any():
            owners = [generators[network] for network in left]
            replacement.step(networks, momenta, [f.detach() for f in features], owners)
        told = {} if penalties is None else dict(zip(left, penalties.tolist(), strict=True))
        whole = torch.stack([p.abs().amax(dim=(1, 2)) for p in parameters]).amax(dim=0) < LARGEST_WEIGHT
        self.group.end(torch.nonzero(~whole).flatten().tolist())
        return told

    def _penalties(self, images: Tensor) -> Tensor:
        """alpha (lambda_t - lambda_0)^2 of every network, lambda_0 averaged over images; NaN where there is none."""
        exponents = self._exponents(images)
        alive = exponents.isfinite()
        mean = torch.where(alive, exponents, 0.0).sum(dim=1) / alive.sum(dim=1).clamp(min=1)
        targets, strengths = self.targets[self.group.left], self.strengths[self.group.left]
        return torch.where(alive.any(dim=1) & (strengths > 0), strengths * (targets - mean) ** 2, torch.nan)

    def _exponents(self, images: Tensor) -> Tensor:
        """lambda_0 of every network and image, shape (networks, images)."""
        networks = self.group.networks
        each = images.expand(len(networks), -1, -1, -1, -1).flatten(0, 1)
        return differentiable_exponents(networks.logits_of_each, each, self.shape.layers).view(len(networks), -1)

    def _measured(self, task: Task) -> dict[int, dict[str, float]]:
        """What every network that is left does with the test images of a task."""
        if not self.group.left:
            return {}
        images, labels = (placed(torch.from_numpy(part)) for part in (task.test_images, task.test_labels))
        with torch.no_grad():
            logits, features = self.group.networks.forward(images.unsqueeze(0))
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
            for place, network in enumerate(self.group.left)
        }
