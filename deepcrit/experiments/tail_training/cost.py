"""What following weights through training costs."""

from __future__ import annotations

import math
from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost

WEIGHT = 4.2e-11  # seconds of a weight that one image trains
STEP = 3e-4  # seconds of a layer of a group for one minibatch, however small
FIT = 0.025  # of the fits of one matrix
GROUPING = 6e-9  # of an entry of one
FORWARD = 0.5  # cost of an image that is classified, over that of one that is trained on
_INPUTS, _CLASSES, _TEST_IMAGES, _FOLLOWED = 784, 10, 10_000, 3


def train_tails(plan: Any, wildcards: Any) -> Cost:
    """One shard of the networks, which are alike."""
    section = plan.config["tail_training"]
    width, layers = section["width"], section["hidden_layers"]
    weights = _INPUTS * width + (layers - 1) * width**2 + _CLASSES * width
    networks = section["replicates"] * len(section["learning_rates"]) / plan.tail_training.shards
    together = min(networks, plan.config["execution"]["networks_trained_together"])
    images = section["images"] * section["epochs"] + FORWARD * (_TEST_IMAGES + section["images"])
    steps = section["epochs"] * section["images"] / section["batch"]
    fits = _FOLLOWED * (section["epochs"] + 1) * (FIT + GROUPING * weights / layers)
    seconds = networks * (WEIGHT * weights * images + fits) + STEP * (layers + 1) * steps * networks / together
    numbers = 2 * together * weights + (_TEST_IMAGES + 2 * section["images"]) * _INPUTS
    return Cost(TORCH_START + seconds, TORCH + SINGLE * math.ceil(numbers), key="tail_training.epochs")


COSTS = {"train_tails": train_tails}
