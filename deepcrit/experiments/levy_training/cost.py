"""What training from stable weights costs."""

from __future__ import annotations

import math
from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost

_WEIGHT = 4.2e-11  # seconds of a weight that one image trains
_NEURON = 55  # weights that take as long as a neuron
_UPDATE = 14  # images that take as long as an update of the weights
_FORWARD = 0.5  # cost of an image that is classified, over that of one that is trained on
_CLASSES = 10


def _train_stable(plan: Any, wildcards: Any) -> Cost:
    """One shard of networks, tested on the way; memory is that of a group, twice, of a minibatch, and of snapshots."""
    section = plan.config["levy_training"]
    together = plan.config["execution"]["networks_trained_together"]
    seconds, networks = 0.0, 0
    grid = (
        len(section["alphas"]) * len(section["gains"])
        + len(section["repeats"]["points"]) * section["repeats"]["networks"]
    )
    narrow = section["narrow"]
    added = len(set(narrow["gains"]) - set(section["gains"]))
    for count, width, batch in (
        (grid + added, section["width"], section["batch"]),
        (len(section["sensitivity"]["points"]), section["width"], section["sensitivity"]["batch"]),
        *((len(narrow["gains"]), width, section["batch"]) for width in narrow["widths"]),
    ):
        trained = section["images"] * section["epochs"] * (1 + _UPDATE / batch)
        tested = _FORWARD * section["test_images"] * section["epochs"] * section["tests_per_epoch"]
        below = section["side"] ** 2 + (section["hidden_layers"] - 1) * width + _CLASSES
        seconds += count * _WEIGHT * (width + _NEURON) * below * (trained + tested)
        networks += count
    each = networks / plan.levy_training.shards
    weights = section["width"] * (section["side"] ** 2 + section["width"] * (section["hidden_layers"] - 1))
    images = (section["images"] + section["test_images"]) * section["side"] ** 2
    held = min(math.ceil(each), together) * (3 * weights + 40 * section["batch"] * section["width"]) + 3 * images
    snapshots = 24e-6 * math.ceil(each) * section["width"] ** 2
    return Cost(
        TORCH_START + 3 + seconds / plan.levy_training.shards,
        TORCH + SINGLE * held + 3 * snapshots,
        snapshots,
        key="execution.networks_trained_together",
    )


COSTS = {"train_stable": _train_stable}
