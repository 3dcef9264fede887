"""What measuring, training and comparing the population costs."""

from __future__ import annotations

import math
from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, TORCH, TORCH_START, Cost

_WEIGHT = 4.2e-11  # seconds of a weight that one image trains
_NEURON = 55  # weights that take as long as a neuron
_UPDATE = 14  # images that take as long as an update of the weights
_FACTORS = 51  # of weights at which avalanches are followed
_MEASURED = 6e-10  # seconds of a neuron that an avalanche reaches, and a weight
_CLASSES = 10


def _networks(section: Any) -> int:
    return (len(section["alphas"]) + 1) * len(section["gains"]) * section["seeds"]


def _train_population(plan: Any, wildcards: Any) -> Cost:
    """One shard: what is measured of each network, and its training; memory is that of a group, or of one graph."""
    section = plan.config["agreement"]
    width, layers = section["width"], section["hidden_layers"]
    networks = _networks(section) / plan.agreement.shards
    below = section["side"] ** 2 + (layers - 1) * width + _CLASSES
    images = section["images"] * section["epochs"] * (1 + _UPDATE / section["batch"])
    neurons = layers * width
    avalanches = 1e-8 * _FACTORS * section["signals"] * neurons * (1 + width / 200)
    jacobians = len(section["jacobian_layers"]) * section["jacobian_images"] * (1e-3 + 1.5e-8 * width**3)
    graph = 6e-11 * neurons**2 * section["graph_images"] + 2e-8 * neurons**2
    stretching = 0.02 + 4e-9 * _CLASSES * section["stretching_images"] * width * neurons / 8
    measured = 2 * (avalanches + jacobians + graph + stretching)
    trained = _WEIGHT * (width + _NEURON) * below * images
    weights = width * below
    together = min(math.ceil(networks), plan.config["execution"]["networks_trained_together"])
    held = together * (3 * weights + 2 * layers * section["batch"] * width)
    held += (section["images"] + section["test_images"]) * section["side"] ** 2 * 3
    one = 4 * neurons**2 + 6 * _FACTORS * section["signals"] * width
    return Cost(
        TORCH_START + 3 + networks * (measured + trained), TORCH + SINGLE * held + 2 * SINGLE * one, 0.1,
        key="agreement.seeds",
    )  # fmt: skip


def _compare_notions(plan: Any, wildcards: Any) -> Cost:
    """Other networks for the edge of chaos, and resampled correlations of all pairs."""
    section = plan.config["agreement"]
    drawn = (len(section["alphas"]) + 1) * section["edge_networks"] * section["edge_layers"] * section["width"] ** 2
    ranked = section["replicates"] * _networks(section)
    return Cost(START + 6 + 3e-8 * drawn + 3e-5 * ranked, LIBRARIES + 3e-4 * ranked, 0.1, "agreement.replicates")


COSTS = {"train_population": _train_population, "compare_notions": _compare_notions}
