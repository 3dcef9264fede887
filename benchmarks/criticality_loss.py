"""A training step on the criticality loss at the published sizes, against jacrev and a decomposition under autograd."""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
import torch
from sizes import size
from torch import Tensor, nn

from deepcrit.core.seeds import seed_key
from deepcrit.experiments.criticality_loss.initial import initial_parameters
from deepcrit.experiments.criticality_loss.networks import CriticalityNetworks, Penalty
from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.training.activations import AMPLITUDE, STEEPNESS
from deepcrit.training.networks import Shape

SIZES, HALF_WIDTHS, BATCH = size((784, 1000, 500, 10), (20, 12, 8, 4)), (0.05, 0.05, 0.05), size(100, 5)
TARGET, STRENGTH, RATE = 0.0, 10.0, 1e-3
REPEATS = size(5, 1)


class ScaledTanh(nn.Module):
    def forward(self, z: Tensor) -> Tensor:
        return AMPLITUDE * torch.tanh(STEEPNESS * z)


def _module(networks: CriticalityNetworks) -> nn.Sequential:
    """The same network as torch has it."""
    layers: list[nn.Module] = []
    for weights in networks.weights:
        layer = nn.Linear(*weights[0].shape)
        with torch.no_grad():
            layer.weight.copy_(weights[0].T)
            layer.bias.zero_()
        layers += [layer, ScaledTanh()]
    return nn.Sequential(*layers[:-1]).eval()


def _usual(model: nn.Module, images: Tensor) -> Tensor:
    """lambda_0 by jacrev and singular values, differentiated as they are."""
    jacobians = torch.func.vmap(torch.func.jacrev(model))(images)
    return torch.linalg.svdvals(jacobians)[:, 0].log() / 3


def _step(model: nn.Module, images: Tensor, labels: Tensor, exponents: Callable[[], Tensor]) -> None:
    """One step of gradient descent under autograd."""
    loss = nn.functional.cross_entropy(model(images), labels) + STRENGTH * (TARGET - exponents().mean()) ** 2
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(model.parameters(), gradients, strict=True):
            parameter.sub_(gradient, alpha=RATE)


def _seconds(step: Callable[[], object]) -> float:
    """Of this process, which other processes do not lengthen as they do the time on the clock."""
    start = time.process_time()
    step()
    return time.process_time() - start


def run() -> pd.DataFrame:
    """Seconds of a step of one network of the published sizes, one thread; in turns, the least of several."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    initial = initial_parameters(SIZES, seed_key(0, "benchmark", "critical", 0), "init0", HALF_WIDTHS)
    networks = CriticalityNetworks.drawn(Shape(SIZES, "scaled_tanh"), 1, [initial])
    images, labels = 2.0 * torch.rand(BATCH, SIZES[0]) - 1.0, torch.randint(0, SIZES[-1], (BATCH,))
    penalty = Penalty(torch.tensor([TARGET], dtype=torch.float64), torch.tensor([STRENGTH], dtype=torch.float64))
    usual, autograd = _module(networks), _module(networks)

    steps: dict[str, Callable[[], object]] = {
        "deepcrit": lambda: networks.penalised_step(images, labels, RATE, penalty),
        "function": lambda: _step(autograd, images, labels, lambda: differentiable_exponents(autograd, images, 3)),
        "jacrev": lambda: _step(usual, images, labels, lambda: _usual(usual, images)),
    }
    turns = [{name: _seconds(step) for name, step in steps.items()} for _ in range(REPEATS)]
    times = {name: min(turn[name] for turn in turns) for name in steps}
    rows = [
        ("written out by hand", times["deepcrit"], 2.5),
        ("differentiable exponent of a module, autograd", times["function"], None),
    ]
    return pd.DataFrame(
        [
            {
                "benchmark": "criticality loss",
                "quantity": f"step of {BATCH} images, one thread, against jacrev and SVD: {name}",
                "deepcrit": seconds,
                "alternative": times["jacrev"],
                "unit": "s a step",
                "ratio": times["jacrev"] / seconds,
                "target": "" if target is None else f">= {target:g} times",
                "met": None if target is None else times["jacrev"] / seconds >= target,
            }
            for name, seconds, target in rows
        ]
    )


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
