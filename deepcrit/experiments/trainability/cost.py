"""What the training of tanh networks costs."""

from __future__ import annotations

import math
from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost
from deepcrit.core.keys import grid_points

_WEIGHT = 4.2e-11  # seconds of a weight that one image trains
_NEURON = 55  # weights that take as long as a neuron
_CALL = 760_000  # weights that take as long as a layer of a group of networks for one minibatch, however small
_UNTIL_GOAL = 0.7  # share of epochs before a goal is reached, on average over networks that are near the window
_FORWARD = 0.5  # cost of an image that is classified, over that of one that is trained on
_TEST_IMAGES = 10_000  # of MNIST


def _train_networks(plan: Any, wildcards: Any) -> Cost:
    """One shard of the networks of one training; every width is shared out alike.

    Memory is that of a group of the widest networks, twice while some of it go on without the rest, and of what a
    minibatch leaves behind.
    """
    section = plan.config["trainability"]["plane" if wildcards.sample == "plane" else "widths"]
    widths, depth = section.get("widths") or [section["width"]], section["depth"]
    each = grid_points(**section["weight_variances"]) * (len(section.get("log_bias_variances", [])) + 1)
    each *= section.get("networks", 1)
    if wildcards.sample == "retests":
        each = section["retested_per_width"]
    networks = each / plan.trainability.shards(wildcards)
    keys = plan.trainability.training_keys(wildcards)
    trained = keys["images"] * keys["epochs"] * (1.0 if keys["goal"] is None else _UNTIL_GOAL)
    # with a goal accuracies are measured after every epoch, without one after the last
    classified = _TEST_IMAGES + (keys["images"] if keys["goal"] is None else trained)
    together = plan.config["execution"]["networks_trained_together"]
    groups = max(networks / together, min(1.0, networks))
    weights = networks * (trained + _FORWARD * classified) * sum(width * (width + _NEURON) for width in widths)
    calls = _CALL * groups * len(widths) * trained / keys["batch"]
    numbers = depth * max(widths) * (2 * max(widths) + keys["batch"])
    return Cost(
        TORCH_START + _WEIGHT * depth * (weights + calls),
        TORCH + SINGLE * numbers * min(math.ceil(networks * len(widths)), together),
        key="execution.networks_trained_together",
    )


COSTS = {"train_networks": _train_networks}
