"""What learning one task after another costs."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost

_PRODUCT = 1e-10  # seconds of a multiplication of a forward pass, trained
_MOVED = 60  # multiplications that take as long as a pixel that is unfolded, or a weight that is moved
_CALL = 3_500_000  # multiplications that take as long as a layer of a group of networks for one update, however small
_JACOBIAN = 4.0  # cost of an image whose exponent is in the loss, over that of one that is trained on
_DIGITS = 110.0  # MB of MNIST and Fashion-MNIST as they are read


class _TaskNetwork(NamedTuple):
    """Sizes of a network that learns tasks.

    ``products`` are multiplications of a forward pass, ``pixels`` inputs of convolutions as they are unfolded,
    ``weights`` all weights, ``layers`` those with weights, convolutions counted twice.
    """

    products: float
    pixels: float
    weights: float
    layers: int


def _task_network(stream: Mapping[str, Any], side: int, outputs: int) -> _TaskNetwork:
    """The network of a sample, with one colour; maps are pooled by two."""
    products = pixels = weights = 0.0
    before, channels = 1, stream.get("channels", [])
    for count, kernel, padding in zip(channels, stream.get("kernels", []), stream.get("paddings", []), strict=True):
        out, inputs = side + 2 * padding - kernel + 1, kernel**2 * before
        products += out**2 * inputs * count
        pixels += out**2 * inputs
        weights += inputs * count
        before, side = count, out // 2
    dense = sum(below * above for below, above in pairwise([before * side**2, *stream["hidden"], outputs]))
    layers = 2 * len(channels) + len(stream["hidden"]) + 1
    return _TaskNetwork(products + dense, pixels, weights + dense, layers)


def _train_tasks(plan: Any, wildcards: Any) -> Cost:
    """One shard of a sample: its pieces one after another, of which those with the criticality loss are slower.

    Memory is that of data sets, of all that changes in a piece, and of unfolded inputs with the graph of Jacobians.
    """
    section, pairs = plan.config["continual"], wildcards.sample == "class_pairs"
    stream, batch = section[wildcards.sample], section["batch"]
    side = 32 if pairs and section["imagenet_directory"] else stream["side"]
    network = _task_network(stream, side, 2 if pairs else 10)
    updates = stream["tasks"] * stream["epochs"] * (2 if pairs else 1) * stream["train_images"] / batch
    products, held = 0.0, 0.0
    for critical, networks in plan.continual.pieces(wildcards):
        jacobians = _JACOBIAN * section["jacobian_images"] if critical else 0.0
        seen = (network.products + _MOVED * network.pixels) * (batch + jacobians) + _MOVED * network.weights
        products += updates * (networks * seen + _CALL * network.layers * (3 if critical else 1))
        images = batch + max(jacobians, section["measured_images"])
        held = max(held, networks * (5 * network.weights + 2 * network.pixels * images))
    return Cost(
        TORCH_START + _PRODUCT * products,
        TORCH + _DIGITS + SINGLE * held,
        key="execution.networks_trained_together",
    )


COSTS = {"train_tasks": _train_tasks}
