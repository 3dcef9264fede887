"""Training grid points of Fig. 3c: this library beside the loop over nn.Sequential that one would write in torch.

At the default scale, grid points per minute on two cores; at the published shapes, the share of the time that bare
products of the same matrices take on the same thread.
"""

import itertools
import multiprocessing
import time
from collections.abc import Callable

import pandas as pd
import torch
from torch import nn

from deepcrit.core.seeds import seed_key
from deepcrit.training.loop import prepare_training
from deepcrit.training.networks import NetworkShape, TanhNetworks

CORES = 2
BATCH = 128
DEFAULT = {"shape": NetworkShape(784, 48, 64, 10), "together": 16, "images": 6400, "epochs": 6}
PUBLISHED = {"shape": NetworkShape(784, 300, 400, 10), "together": 2}
STEPS = 100
ROUNDS = 5


def minibatch(classes: int = 10) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    return torch.rand(BATCH, 784), torch.randint(0, classes, (BATCH,))


def drawn(shape: NetworkShape, networks: int) -> TanhNetworks:
    keys = [seed_key(0, "benchmark", "network", index) for index in range(networks)]
    return TanhNetworks.drawn(shape, keys, [1.1] * networks, [1e-4] * networks)


def ours(shape: NetworkShape, together: int, steps: int) -> float:
    """Seconds of a step of one network, trained on one thread beside others."""
    prepare_training("cpu")
    networks = drawn(shape, together)
    images, labels = minibatch()
    return seconds(lambda: networks.descend(images, labels, 1e-3), steps) / together


def sequential(shape: NetworkShape, threads: int, steps: int) -> float:
    """Seconds of a step of one nn.Sequential under autograd and torch's SGD."""
    torch.set_num_threads(threads)
    torch.set_grad_enabled(True)
    sizes = [shape.inputs, *[shape.width] * shape.depth, shape.classes]
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        layer = nn.Linear(fan_in, fan_out)
        nn.init.normal_(layer.weight, std=(1.1 / fan_in) ** 0.5)
        nn.init.normal_(layer.bias, std=1e-2)
        layers += [layer, nn.Tanh()]
    model = nn.Sequential(*layers[:-1])
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3)
    images, labels = minibatch()

    def step() -> None:
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimiser.step()

    return seconds(step, steps)


def bare(shape: NetworkShape, together: int, steps: int) -> float:
    """Seconds of the matrix products of a step of one network, each into memory that is there already."""
    prepare_training("cpu")
    networks = drawn(shape, together)
    images, _ = minibatch()
    inputs = images.expand(together, -1, -1)
    layers = torch.rand(shape.depth, together, BATCH, shape.width)
    down = torch.rand(together, BATCH, shape.width)
    logits = torch.rand(together, BATCH, shape.classes)
    gradients = {name: torch.empty_like(value) for name, value in networks.named().items()}

    def step() -> None:
        torch.bmm(inputs, networks.first, out=layers[0])
        for layer, weights in enumerate(networks.hidden, start=1):
            torch.bmm(layers[layer - 1], weights, out=layers[layer])
        torch.bmm(layers[-1], networks.last, out=logits)
        torch.bmm(logits, networks.last.mT, out=down)
        torch.bmm(layers[-1].mT, logits, out=gradients["last"])
        for layer in range(shape.depth - 1, 0, -1):
            torch.bmm(layers[layer], networks.hidden[layer - 1].mT, out=down)
            torch.bmm(layers[layer - 1].mT, layers[layer], out=gradients["hidden"][layer - 1])
        torch.bmm(inputs.mT, down, out=gradients["first"])

    return seconds(step, steps) / together


def seconds(step: Callable[[], object], steps: int) -> float:
    """Median of some steps, after two that are not counted."""
    times = []
    for _ in range(steps + 2):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return sorted(times[2:])[steps // 2]


def on_every_core(function: Callable[..., float], *arguments: object) -> float:
    """Mean over processes that run at the same time, one a core."""
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        return sum(pool.starmap(function, [arguments] * CORES)) / CORES


def run() -> pd.DataFrame:
    """Table of the benchmark."""
    shape, together = DEFAULT["shape"], DEFAULT["together"]
    steps = DEFAULT["images"] // BATCH * DEFAULT["epochs"]
    here = 60 * CORES / (steps * on_every_core(ours, shape, together, STEPS))
    apart = 60 * CORES / (steps * on_every_core(sequential, shape, 1, STEPS))
    threaded = 60 / (steps * sequential(shape, CORES, STEPS))
    published, few = PUBLISHED["shape"], PUBLISHED["together"]
    # in turns, because the clock of a shared machine is not steady
    share = sorted(bare(published, few, 5) / ours(published, few, 5) for _ in range(ROUNDS))[ROUNDS // 2]
    rows = [
        ("nn.Sequential one after the other, both cores", here, threaded, "grid points/min", 2.0),
        ("nn.Sequential in a process on each core", here, apart, "grid points/min", None),
        ("bare matrix products at N = 300, L = 400", 100 * share, 100.0, "% of their rate", 0.7),
    ]
    return pd.DataFrame(
        [
            {
                "benchmark": "training",
                "quantity": f"training, against {name}",
                "deepcrit": value,
                "alternative": alternative,
                "unit": unit,
                "ratio": value / alternative,
                "target": "" if target is None else f">= {target:g} times",
                "met": None if target is None else value / alternative >= target,
            }
            for name, value, alternative, unit, target in rows
        ]
    )


if __name__ == "__main__":
    print(run().to_string())
