"""What it costs to measure weights, gradients and connections, and to redistribute."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, TORCH, TORCH_START, Cost

_FORWARD = 6e-11  # seconds of an image and a weight
_CORRELATION = 1e-10  # seconds of an image and a pair of neurons
_FIT = 1e-5  # seconds of a value to which laws are fitted
_FITS = 12  # tails of one network, besides four at each iteration of gradients
_ELEMENT = 8e-10  # seconds of an image, a weight after the first layer, and one of the chosen
_REMOVAL = 5e-8  # seconds of a removed connection
_CONNECTION = 1e-5  # seconds of a connection in a fit
_TOGETHER = 256  # of gradients of single images, see gradients.py
_HELD = 8e-3  # MB of an image and its activities


def measure_statistics(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs, network by network."""
    section, kept = plan.config["weight_statistics"], plan.sgd_runs.kept()
    seconds, snapshots, rows = TORCH_START + 5, 0.0, 0.0
    times = len(section["gradient_iterations"]) + 2
    for group in plan.sgd_runs.groups(int(wildcards.shard)):
        snapshots += SINGLE * group.networks * len(kept[group.sample]) * group.weights
        once = section["images"] * (_FORWARD * group.weights + _CORRELATION * group.neurons**2)
        if group.sample == section["plane"]:
            seconds += group.networks * once
        if group.sample == section["followed"]:
            upper = group.hidden * (group.hidden + 10)
            chosen = min(section["gradient_weights"], upper)
            elements = section["gradient_images"] * upper * chosen
            together = min(section["gradient_images"], _TOGETHER)
            held = 6 * together * upper + 4 * len(kept[group.sample]) * group.weights
            rows = max(rows, 2 * SINGLE * held)
            fits = (_FITS + 4 * times) * _FIT * section["most_values"]
            seconds += group.networks * (times * (2 * once + _ELEMENT * elements) + fits)
    return Cost(seconds, TORCH + 3 * snapshots + rows + _HELD * section["images"], 0.5,
                key="weight_statistics.gradient_images")  # fmt: skip


def redistribute_weights(plan: Any, wildcards: Any) -> Cost:
    """All matrices at all probabilities."""
    section = plan.config["weight_statistics"]["redistribution"]
    strengths = len(section["probabilities"]) * section["matrices"] * section["connections"]
    seconds = START + 10 + strengths * (_REMOVAL * section["sweeps"] + _CONNECTION)
    return Cost(seconds, LIBRARIES + 100 + 2e-4 * strengths, 1.0, key="weight_statistics.redistribution.matrices")


COSTS = {"measure_statistics": measure_statistics, "redistribute_weights": redistribute_weights}
