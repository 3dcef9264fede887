"""Training networks side by side: this library beside the loop over nn.Sequential that one would write in torch.

Deep tanh networks of Fig. 3c: at the default scale, grid points per minute on two cores; at the published shapes, the
share of the time that bare products of the same matrices take on the same thread. And rectified networks of two narrow
hidden layers, with a learning rate each, that see the same minibatches: beside bare products, too, and how long the
grid of Fig. 2f of liu2025 would take at their speed.
"""

import itertools
import multiprocessing
import time
from collections.abc import Callable

import pandas as pd
import torch
from sizes import size
from torch import nn

from deepcrit.core.devices import training_on
from deepcrit.core.seeds import seed_key
from deepcrit.training.initial import gaussian_parameters
from deepcrit.training.networks import FullyConnected, Shape, SharedInputs

CORES = 2
DEFAULT = {"shape": Shape((784, *[48] * size(64, 4), 10), "tanh"), "together": size(16, 2), "images": 6400, "epochs": 6}
PUBLISHED = {"shape": Shape((784, *[300] * size(400, 4), 10), "tanh"), "together": 2}
BATCH = 128
NARROW = {2: 8.0, 10: 8.0, 50: 3.0}  # neurons of a hidden layer, and how many times faster they are to be trained
NARROW_TOGETHER, NARROW_BATCH = 21, 64
BARE = {50: 0.8, 200: 0.8}  # share of the rate of bare products
GRID = size((1, 2, 5, 10, 20, 50, 100, 200, 500), (1, 2))  # published widths, each at 21 mobilities
GRID_ITERATIONS, GRID_HOURS, GRID_STEPS = 200_000, 8.0, size(20, 2)
STEPS = size(100, 2)
ROUNDS = size(5, 1)


def minibatch(batch: int = BATCH) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    return torch.rand(batch, 784), torch.randint(0, 10, (batch,))


def drawn(shape: Shape, networks: int, kind: type[FullyConnected] = FullyConnected) -> FullyConnected:
    keys = [seed_key(0, "benchmark", "network", index) for index in range(networks)]
    return kind.drawn(shape, networks, (gaussian_parameters(shape.sizes, key, 1.1, 1e-4) for key in keys))


def ours(shape: Shape, together: int, steps: int) -> float:
    """Seconds of a step of one network, trained on one thread beside others."""
    with training_on("cpu"):
        networks = drawn(shape, together)
        images, labels = minibatch()
        return seconds(lambda: networks.sgd_step(images, labels, 1e-3), steps) / together


def narrow(shape: Shape, together: int, steps: int) -> float:
    """The same, of networks that share their inputs and have a learning rate each."""
    with training_on("cpu"):
        networks = drawn(shape, together, SharedInputs)
        images, labels = minibatch(NARROW_BATCH)
        rates = torch.logspace(-4, -2, together)
        return seconds(lambda: networks.sgd_step(images, labels, rates), steps) / together


def sequential(shape: Shape, threads: int, steps: int, batch: int = BATCH) -> float:
    """Seconds of a step of one nn.Sequential under autograd and torch's SGD."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(shape.sizes):
        layer = nn.Linear(fan_in, fan_out)
        nn.init.normal_(layer.weight, std=(1.1 / fan_in) ** 0.5)
        nn.init.normal_(layer.bias, std=1e-2)
        layers += [layer, {"tanh": nn.Tanh, "relu": nn.ReLU}[shape.activation]()]
    model = nn.Sequential(*layers[:-1])
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3)
    images, labels = minibatch(batch)

    def step() -> None:
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimiser.step()

    found = seconds(step, steps)
    torch.set_num_threads(before)
    return found


def bare(shape: Shape, together: int, steps: int) -> float:
    """Seconds of the matrix products of a step of one network, each into memory that is there already."""
    with training_on("cpu"):
        weights = drawn(shape, together).weights
        entering = [minibatch()[0].expand(together, -1, -1)]
        entering += [torch.rand(together, BATCH, size) for size in shape.sizes[1:]]
        deltas = [torch.rand_like(entering[-1]), *(torch.rand(2, together, BATCH, size) for size in shape.sizes[1:-1])]
        gradients = [torch.empty_like(layer) for layer in weights]

        def step() -> None:
            for layer, matrices in enumerate(weights):
                torch.bmm(entering[layer], matrices, out=entering[layer + 1])
            delta = deltas[0]
            for layer in reversed(range(len(weights))):
                torch.bmm(entering[layer].mT, delta, out=gradients[layer])
                if layer:
                    delta = torch.bmm(delta, weights[layer].mT, out=deltas[layer][layer % 2])

        return seconds(step, steps) / together


def bare_shared(shape: Shape, together: int, steps: int) -> float:
    """The same, of networks that share their inputs: one product forth and one back for all first layers."""
    (inputs, *hidden, classes), batch = shape.sizes, NARROW_BATCH
    with training_on("cpu"):
        images, _ = minibatch(batch)
        first = torch.rand(inputs, together * hidden[0])
        weights = drawn(shape, together).weights[1:]
        leaving = [torch.rand(together, batch, neurons) for neurons in (*hidden, classes)]
        deltas = [torch.rand_like(part) for part in leaving]
        columns, below, moved = torch.rand(batch, first.shape[1]), torch.empty(batch, first.shape[1]), first.clone()
        gradients = [torch.empty_like(layer) for layer in weights]

        def step() -> None:
            torch.mm(images, first, out=below)
            for layer, matrices in enumerate(weights):
                torch.bmm(leaving[layer], matrices, out=leaving[layer + 1])
            for layer in reversed(range(len(weights))):
                torch.bmm(leaving[layer].mT, deltas[layer + 1], out=gradients[layer])
                torch.bmm(deltas[layer + 1], weights[layer].mT, out=deltas[layer])
            torch.mm(images.mT, columns, out=moved)

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
    for width, target in NARROW.items():
        of_width = Shape((784, width, width, 10), "relu")
        turns = [
            (1 / narrow(of_width, NARROW_TOGETHER, STEPS), 1 / sequential(of_width, 1, STEPS, NARROW_BATCH))
            for _ in range(ROUNDS)
        ]
        mine, usual = sorted(turns, key=lambda turn: turn[0] / turn[1])[ROUNDS // 2]
        rows.append((f"nn.Sequential, 784-{width}-{width}-10, one thread", mine, usual, "steps/s", target))
    for width, target in BARE.items():
        of_width = Shape((784, width, width, 10), "relu")
        shares = [
            bare_shared(of_width, NARROW_TOGETHER, STEPS) / narrow(of_width, NARROW_TOGETHER, STEPS)
            for _ in range(ROUNDS)
        ]
        share = sorted(shares)[ROUNDS // 2]
        rows.append((f"bare matrix products, 784-{width}-{width}-10", 100 * share, 100.0, "% of their rate", target))
    hours = sum(
        GRID_ITERATIONS * NARROW_TOGETHER * narrow(Shape((784, width, width, 10), "relu"), NARROW_TOGETHER, GRID_STEPS)
        for width in GRID
    )
    hours /= 3600
    table = pd.DataFrame(
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
    table.loc[len(table)] = {
        "benchmark": "training",
        "quantity": "the grid of Fig. 2f of liu2025 at this speed",
        "deepcrit": hours,
        "alternative": None,
        "unit": "core-hours",
        "ratio": None,
        "target": f"<= {GRID_HOURS:g}",
        "met": hours <= GRID_HOURS,
    }
    return table


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
