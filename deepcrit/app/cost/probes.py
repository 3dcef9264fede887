"""Short runs of the true inner loops, each of which does a known amount of work."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch

from deepcrit.app.cost.classified import jacobians
from deepcrit.app.cost.simulated import NETWORK_POWER, TANH_WEIGHTS
from deepcrit.app.cost.speed import Work
from deepcrit.app.cost.trained import learning, task_network
from deepcrit.core.devices import training_on
from deepcrit.experiments.continual.loop import TaskTraining, train_tasks
from deepcrit.experiments.continual.networks import ConvolutionalShape
from deepcrit.experiments.continual.tasks import Task
from deepcrit.experiments.criticality_loss.initial import initial_parameters
from deepcrit.experiments.criticality_loss.networks import CriticalityNetworks, Penalty
from deepcrit.experiments.uniform_networks.propagation import propagate_signals
from deepcrit.experiments.uniform_networks.spec import UniformSpec
from deepcrit.physics.ensembles import draw_weights
from deepcrit.physics.lyapunov.singular import largest_singular_values
from deepcrit.physics.propagation.annealed import simulate_annealed
from deepcrit.physics.propagation.network import gaussian_inputs, simulate_network
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law
from deepcrit.pretrained.classifiers import CLASSIFIERS, Classifier
from deepcrit.pretrained.networks import random_network
from deepcrit.training.initial import gaussian_parameters
from deepcrit.training.networks import FullyConnected, Shape

PROFILES = (20, 500)
_KEY = "0:1:2:{}"  # seeds of networks


class Probe(NamedTuple):
    """Does something and returns its work; ``repeats`` is how often, besides a first time that is not counted."""

    run: Callable[[], Work]
    repeats: int = 1


def probes() -> Iterator[Probe]:
    """All probes, each prepared as it is asked for."""
    rng = np.random.Generator(np.random.SFC64(0))
    yield from _chains(rng)
    yield from _uniform()
    yield from _classifiers()
    with training_on("cpu"):
        yield from _trained()
        yield from _criticality()
        yield from _tasks()


def _chains(rng: np.random.Generator) -> Iterator[Probe]:
    def radial() -> Work:
        block = simulate_radial(NetworkSpec(200, 3000, 1.002), 60_000, rng, PROFILES)
        return {"radial_step": float(block.duration.sum()) + block.launched}

    def annealed(width: int, launched: int) -> Work:
        block = simulate_annealed(NetworkSpec(width, 3000, 1.0 + 0.5 / width), launched, rng, PROFILES)
        steps = float(block.duration.sum()) + block.launched
        return {"annealed_step": steps, "annealed_neuron": steps * width}

    def network(width: int) -> Work:
        spec = NetworkSpec(width, 3000, 1.0 + 0.5 / width)
        block = simulate_network(spec, gaussian_inputs(spec, 5000, rng), rng, PROFILES)
        return {"network_step": (float(block.duration.sum()) + block.launched) * width**NETWORK_POWER}

    def levy() -> Work:
        draw_weights("levy", (400, 400), 1.0, rng, levy_alpha=1.5, dtype=np.float32)
        return {"levy_weight": 400.0**2}

    def laws() -> Work:
        for variances in ((0.9, 0.0), (1.1, 1e-3), (1.5, 1e-5)):
            transfer_law(NetworkSpec(300, 400, *variances))
        return {"exact_law": 3.0}

    yield Probe(radial, 3)
    yield Probe(lambda: annealed(25, 20_000))
    yield Probe(lambda: annealed(800, 1000))
    yield Probe(lambda: network(100), 5)
    yield Probe(lambda: network(200), 5)
    yield Probe(levy, 2)
    yield Probe(laws)


def _uniform() -> Iterator[Probe]:
    def run(spec: UniformSpec, columns: int) -> Work:
        for _ in propagate_signals(spec, np.full(columns, 10.0 / spec.width**0.5), np.zeros(columns)):
            pass
        weights = spec.depth * spec.networks * spec.width**2
        neurons = spec.depth * spec.networks * spec.width * (spec.width + TANH_WEIGHTS)
        return {"uniform_weight": weights, "uniform_column": neurons * columns}

    yield Probe(lambda: run(UniformSpec(1600, 4, 1, 0.05, 1.7159, 0.6666, 1), 16), 2)
    yield Probe(lambda: run(UniformSpec(200, 4, 8, 0.05, 1.7159, 0.6666, 1), 700), 2)


def _trained() -> Iterator[Probe]:
    images, labels = torch.rand(128, 784), torch.randint(0, 10, (128,))
    for width, depth, networks, repeats in ((32, 32, 1, 20), (48, 64, 16, 4), (300, 20, 2, 3)):
        sizes = (784, *[width] * depth, 10)
        initial = [gaussian_parameters(sizes, _KEY.format(network), 1.0, 0.01) for network in range(networks)]
        group = FullyConnected.drawn(Shape(sizes, "tanh"), networks, initial)

        def run(group: FullyConnected = group, width: int = width, depth: int = depth) -> Work:
            group.sgd_step(images, labels, 1e-3)
            neurons = float(len(group) * 128 * depth * width)
            return {"trained_weight": neurons * width, "trained_neuron": neurons, "trained_call": depth}

        yield Probe(run, repeats)


def _criticality() -> Iterator[Probe]:
    for hidden, batch, networks in (((200, 100), 10, 16), ((200, 100), 100, 8), ((1000, 500), 100, 1)):
        sizes = (784, *hidden, 10)
        initial = [initial_parameters(sizes, _KEY.format(network), "init1", [0.05] * 3) for network in range(networks)]
        group = CriticalityNetworks.drawn(Shape(sizes, "scaled_tanh"), networks, initial)
        images, labels = torch.rand(batch, 784) * 2 - 1, torch.randint(0, 10, (batch,))
        # of all networks of the group
        weights = sum(layer.numel() for layer in group.weights)
        penalty = Penalty(torch.zeros(networks, dtype=torch.double), torch.ones(networks, dtype=torch.double))

        def plain(group: CriticalityNetworks = group, images: torch.Tensor = images,
                  labels: torch.Tensor = labels, weights: int = weights) -> Work:  # fmt: skip
            group.sgd_step(images, labels, 1e-5)
            return {"plain_weight": weights * len(images), "plain_update": weights}

        def critical(group: CriticalityNetworks = group, images: torch.Tensor = images, labels: torch.Tensor = labels,
                     weights: int = weights, penalty: Penalty = penalty) -> Work:  # fmt: skip
            group.penalised_step(images, labels, 1e-5, penalty)
            seen = len(images) * len(group)
            return {"critical_weight": weights * len(images), "critical_update": weights, "critical_image": seen}

        yield Probe(plain, 4)
        yield Probe(critical, 4)


class _OneTask(NamedTuple):
    """The same random images whatever the task."""

    shape: ConvolutionalShape
    images: int

    def task(self, number: int) -> Task:
        rng = np.random.default_rng(0)
        side, outputs = self.shape.side, self.shape.outputs
        train, test = (rng.random((images, 1, side, side), dtype=np.float32) for images in (self.images, 2))
        return Task(train, rng.integers(0, outputs, self.images), test, rng.integers(0, outputs, 2))


class _Case(NamedTuple):
    """Networks that learn a task side by side."""

    side: int
    channels: list[int]
    kernels: list[int]
    paddings: list[int]
    hidden: list[int]
    outputs: int
    batch: int
    jacobians: int
    networks: int
    updates: int


_CASES = (
    _Case(14, [8, 16, 16], [5, 3, 3], [0, 1, 1], [32, 32], 2, 20, 5, 18, 10),
    _Case(14, [8, 16, 16], [5, 3, 3], [0, 1, 1], [32, 32], 2, 20, 0, 8, 20),
    _Case(14, [], [], [], [32, 32, 32], 10, 20, 5, 18, 20),
    _Case(14, [], [], [], [32, 32, 32], 10, 20, 0, 8, 40),
    _Case(28, [32, 64, 128], [5, 3, 3], [0, 0, 0], [128, 128], 2, 50, 0, 2, 2),
    _Case(28, [], [], [], [1500, 1500], 10, 100, 0, 2, 2),
)


def _tasks() -> Iterator[Probe]:
    for case in _CASES:
        side, channels, kernels, paddings, hidden, outputs, batch, jacobian_images, networks, updates = case
        convolutions = tuple(channels), tuple(kernels), tuple(paddings)
        shape = ConvolutionalShape(1, side, *convolutions, tuple(hidden), outputs, 1.0)
        group = pd.DataFrame(
            {
                "network": [f"n{network}" for network in range(networks)],
                "stream": "probe/0",
                "target": 0.0,
                "strength": 1.0 if jacobian_images else 0.0,
                "replacement_rate": 0.0 if jacobian_images else 1e-4,
            }
        )
        training = TaskTraining(1, 2, batch, 1e-4, 0.9, max(1, jacobian_images), 2, 0.99, 100, 1)
        network = task_network(*case[:6])
        work = learning(network, networks, batch, jacobian_images, 2 * updates)
        tasks = _OneTask(shape, batch * updates)

        def run(group: pd.DataFrame = group, shape: ConvolutionalShape = shape, training: TaskTraining = training,
                tasks: _OneTask = tasks, work: Work = work) -> Work:  # fmt: skip
            with tempfile.TemporaryDirectory() as directory:
                train_tasks(group, shape, training, tasks, Path(directory) / "state.pt", "")
            return work

        yield Probe(run)


def _classifiers() -> Iterator[Probe]:
    def draw() -> Work:
        random_network("resnet50", 0)
        return {"drawn_parameter": CLASSIFIERS["resnet50"].parameters * 1e6}

    yield Probe(draw)
    for model, side, images in (("resnet18", 32, 64), ("resnet50", 224, 1)):
        network, batch = random_network(model, 0), torch.randn(images, 3, side, side)
        multiplications = images * CLASSIFIERS[model].dense * 1e9 * (side / 224) ** 2

        def forward(network: torch.nn.Module = network, batch: torch.Tensor = batch,
                    multiplications: float = multiplications) -> Work:  # fmt: skip
            with torch.inference_mode():
                network(batch)
            return {"convolution": multiplications}

        yield Probe(forward, 2)
    for model in ("resnet18", "mnasnet0_5"):
        network = random_network(model, 0).requires_grad_(False)
        known = CLASSIFIERS[model]

        def products(network: torch.nn.Module = network, model: str = model, known: Classifier = known) -> Work:
            largest_singular_values(network, torch.randn(1, 3, 224, 224), 1e-12, 3)
            whole = jacobians(model, known, 1.0)
            # two passes for the graph, four a product
            return {name: count * 14 / 34 for name, count in whole.items()}

        yield Probe(products)
