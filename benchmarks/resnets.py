"""Avalanches in a classifier: dropping ended inputs against whole forward passes with hooks, on one thread."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import torch
from sizes import size

from deepcrit.experiments.resnets.inputs import gaussian_images
from deepcrit.experiments.resnets.propagation import calibrate, launch
from deepcrit.experiments.resnets.tracing import TracedNetwork
from deepcrit.pretrained.networks import is_layer, random_network

IMAGE_SIZE = 32
BATCH = size(1000, 256)
ALTERNATIVE_BATCH = size(100, 5)  # a whole batch would need gigabytes; inputs per second do not depend on it
MULTIPLIER = 2
REPEATS = size(3, 1)
MODELS = size(("resnet18", "resnet50", "resnet152"), ("resnet18",))


def _hooked_strengths(network: torch.nn.Module, inputs: torch.Tensor) -> list[torch.Tensor]:
    """The usual way: hooks on all leaf modules of a whole forward pass."""
    found: list[torch.Tensor] = []
    hooks = [
        module.register_forward_hook(
            lambda _, __, output: found.append(output.flatten(1).norm(dim=1) / output[0].numel())
        )
        for module in network.modules()
        if is_layer(module)
    ]
    with torch.inference_mode():
        network(inputs)
    for hook in hooks:
        hook.remove()
    return found


def _fastest(job) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def run() -> pd.DataFrame:
    """One row a model: inputs a second at n = 2, those that start none included."""
    torch.set_num_threads(1)
    rows = []
    for model in MODELS:
        network = random_network(model, 0)
        traced, inputs = TracedNetwork(network), gaussian_images(BATCH, IMAGE_SIZE, 1)
        moments = calibrate(traced, inputs[:256])
        thresholds = np.tile(moments.mean + MULTIPLIER * np.sqrt(moments.squares / 255), (4, 1))
        ours = BATCH / _fastest(lambda: launch(traced, inputs, thresholds, [BATCH] * 4, drop=True))  # noqa: B023
        few = inputs[:ALTERNATIVE_BATCH]
        theirs = ALTERNATIVE_BATCH / _fastest(lambda: _hooked_strengths(network, few))  # noqa: B023
        quantity = f"{model}, {IMAGE_SIZE} x {IMAGE_SIZE}, n = {MULTIPLIER}; every input to the end, with hooks"
        ratio = ours / theirs
        rows.append(("resnets", quantity, ours, theirs, "inputs a second", ratio, ">= 3 times", ratio >= 3))
    names = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
    return pd.DataFrame(rows, columns=names)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
