"""Work of trained networks: tanh networks of Fig. 3c, classifiers on the criticality loss, one task after another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from deepcrit.app.cost.speed import TORCH_START, Work
from deepcrit.core.keys import grid_points

if TYPE_CHECKING:
    from deepcrit.app.plan import Plan

UNTIL_GOAL = 0.7  # share of epochs before a goal is reached, on average over networks that are near the window
FORWARD = 0.5  # cost of an image that is classified, over that of one that is trained on
TEST_IMAGES = 10_000  # of MNIST
PIXELS, CLASSES = 784, 10
JACOBIAN = 4.0  # cost of an image whose exponent is in the loss, over that of one that is trained on
INITIALISATIONS = 4
_MEASURED = 0.8  # cost of an image whose exponent is measured, over one that the criticality loss trains on


def shape_of(plan: Plan, wildcards: Any) -> tuple[list[int], int]:
    """Widths and depth of the networks of one training."""
    section = _section(plan, wildcards)
    return section["widths"] if "widths" in section else [section["width"]], section["depth"]


def _section(plan: Plan, wildcards: Any) -> Mapping[str, Any]:
    # retests are of networks of the widths
    return plan.config["trainability"]["plane" if wildcards.sample == "plane" else "widths"]


def networks_each(plan: Plan, wildcards: Any) -> float:
    """Networks of one width, of all shards of one training."""
    section = _section(plan, wildcards)
    if wildcards.sample == "retests":
        return float(section["retested_per_width"])
    biases = len(section["log_bias_variances"]) + 1 if wildcards.sample == "plane" else 1
    return float(grid_points(**section["weight_variances"]) * biases)


def train_networks(plan: Plan, wildcards: Any) -> Work:
    """One shard of the networks of one training; every width is shared out alike."""
    (widths, depth), keys = shape_of(plan, wildcards), plan.trainability.training_keys(wildcards)
    images, shards = keys["images"], plan.trainability.shards(wildcards)
    trained = images * keys["epochs"] * (1.0 if keys["goal"] is None else UNTIL_GOAL)
    # with a goal accuracies are measured after every epoch, without one after the last
    classified = TEST_IMAGES + (images if keys["goal"] is None else trained)
    networks = networks_each(plan, wildcards) / shards
    groups = max(networks / plan.config["execution"]["networks_trained_together"], min(1.0, networks))
    seen = networks * (trained + FORWARD * classified)
    return {
        "seconds": TORCH_START,
        "trained_weight": seen * depth * sum(width**2 for width in widths),
        "trained_neuron": seen * depth * sum(widths),
        "trained_call": groups * len(widths) * depth * trained / keys["batch"],
    }


class Losses(NamedTuple):
    """Networks of one shard on cross-entropy and on the criticality loss, and weights of each."""

    plain: float
    critical: float
    weights: int


def losses(plan: Plan) -> Losses:
    """What one shard of :func:`train_runs` trains: the scan, and other initialisations, on the criticality loss."""
    section = plan.config["criticality_loss"]
    each = section["replicates"] / plan.criticality_loss.shards
    scanned = len(section["targets"]) * len(section["strengths"]) + INITIALISATIONS - 1
    sizes = [PIXELS, *section["hidden"], CLASSES]
    return Losses(INITIALISATIONS * each, scanned * each, sum(below * above for below, above in pairwise(sizes)))


def train_runs(plan: Plan, wildcards: Any) -> Work:
    """One shard of classifiers, measured after every epoch."""
    section, (plain, critical, weights) = plan.config["criticality_loss"], losses(plan)
    trained = section["images"] * section["epochs"]
    epochs = section["epochs"] + 1
    classified = FORWARD * section["test_images"] * epochs
    measured = _MEASURED * section["measured_images"] * epochs
    exponents = critical * trained + (plain + critical) * measured
    updates = weights * trained / section["batch"]
    return {
        "seconds": TORCH_START,
        "plain_weight": weights * (plain * trained + (plain + critical) * classified),
        "plain_update": plain * updates,
        "critical_weight": weights * exponents,
        "critical_update": critical * updates,
        "critical_image": exponents,
    }


class TaskNetwork(NamedTuple):
    """One network that learns tasks.

    ``products`` are multiplications of a forward pass, ``pixels`` inputs of convolutions as they are unfolded,
    ``weights`` all weights, ``convolutions`` and ``layers`` those with weights.
    """

    products: float
    pixels: float
    weights: float
    convolutions: int
    layers: int


def task_network(
    side: int, channels: list[int], kernels: list[int], paddings: list[int], hidden: list[int], outputs: int
) -> TaskNetwork:
    """The network of some leaves of the configuration, with one colour; maps are pooled by two."""
    products = pixels = weights = 0.0
    before = 1
    for count, kernel, padding in zip(channels, kernels, paddings, strict=True):
        out = side + 2 * padding - kernel + 1
        inputs = kernel**2 * before
        products += out**2 * inputs * count
        pixels += out**2 * inputs
        weights += inputs * count
        before, side = count, out // 2
    dense = sum(below * above for below, above in pairwise([before * side**2, *hidden, outputs]))
    layers = len(channels) + len(hidden) + 1
    return TaskNetwork(products + dense, pixels, weights + dense, len(channels), layers)


def network_of_tasks(plan: Plan, sample: str) -> TaskNetwork:
    """The network that learns the tasks of a sample."""
    section = plan.config["continual"][sample]
    channels, kernels, paddings = (section.get(key, []) for key in ("channels", "kernels", "paddings"))
    side = 32 if sample == "class_pairs" and plan.config["continual"]["imagenet_directory"] else section["side"]
    outputs = 2 if sample == "class_pairs" else CLASSES
    return task_network(side, channels, kernels, paddings, section["hidden"], outputs)


def learning(network: TaskNetwork, networks: int, images: float, jacobians: float, updates: float) -> Work:
    """Work of networks that learn side by side.

    Args:
        network: of each.
        networks: side by side.
        images: of a minibatch.
        jacobians: of them, whose exponents are in the loss.
        updates: minibatches.
    """
    seen = networks * updates * (images + JACOBIAN * jacobians)
    calls = updates * (3 if jacobians else 1)
    return {
        "task_product": 3 * network.products * seen,
        "task_pixel": network.pixels * seen,
        "task_weight": network.weights * networks * updates,
        "task_layer": network.layers * calls,
        "task_convolution": network.convolutions * calls,
    }


def train_tasks(plan: Plan, wildcards: Any) -> Work:
    """One shard of a sample: its pieces one after another, of which those with the criticality loss are slower."""
    section, stream = plan.config["continual"], plan.config["continual"][wildcards.sample]
    network, batch = network_of_tasks(plan, wildcards.sample), section["batch"]
    classes = 2 if wildcards.sample == "class_pairs" else 1
    updates = stream["tasks"] * stream["epochs"] * classes * stream["train_images"] / batch
    each = [
        learning(network, piece.networks, batch, section["jacobian_images"] if piece.critical else 0, updates)
        for piece in plan.continual.pieces(wildcards)
    ]
    return {"seconds": TORCH_START, **{name: sum(work[name] for work in each) for name in each[0]}}


def side_by_side(plan: Plan, networks: float) -> int:
    """Networks of so many that are in memory at once."""
    return min(math.ceil(networks), plan.config["execution"]["networks_trained_together"])
