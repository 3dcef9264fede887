"""What training with the criticality loss costs."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost

_WEIGHT = 3.6e-11  # seconds of a weight that one image trains by cross-entropy
_UPDATE = 14  # images that take as long as an update of the weights
_CRITICAL = 6  # how much longer training takes with the criticality loss
_FORWARD, _MEASURED = 0.5, 0.8  # cost of an image that is classified, and measured, over one that is trained on
_INITIALISATIONS = 4


def _train_runs(plan: Any, wildcards: Any) -> Cost:
    """One shard of classifiers, measured after every epoch; memory is that of a group, twice, and of a minibatch.

    On cross-entropy alone every initialisation is trained, on the criticality loss a scan of one and the others.
    """
    section, together = plan.config["criticality_loss"], plan.config["execution"]["networks_trained_together"]
    replicates = section["replicates"] / plan.criticality_loss.shards
    plain = _INITIALISATIONS * replicates
    critical = (len(section["targets"]) * len(section["strengths"]) + _INITIALISATIONS - 1) * replicates
    weights = sum(below * above for below, above in pairwise([784, *section["hidden"], 10]))
    trained = section["images"] * section["epochs"] * (1 + _UPDATE / section["batch"])
    measured = _FORWARD * section["test_images"] + _CRITICAL * _MEASURED * section["measured_images"]
    images = (plain + _CRITICAL * critical) * trained + (plain + critical) * measured * (section["epochs"] + 1)
    held = min(math.ceil(plain + critical), together) * (2 * weights + 4 * 784 * section["batch"])
    return Cost(
        TORCH_START + _WEIGHT * weights * images,
        TORCH + SINGLE * held,
        key="execution.networks_trained_together",
    )


COSTS = {"fit_settings": Cost(3.0), "train_runs": _train_runs}
