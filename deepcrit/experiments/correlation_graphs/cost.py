"""What graphs of correlated neurons cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, TORCH, TORCH_START, Cost
from deepcrit.data.mnist import CLASSES

_PRODUCT = 6e-11  # seconds of an image and a weight, or a pair of neurons
SNAPSHOT = 0.03  # seconds of graphs and minibatches of a small network
PAIR = 2e-6  # seconds of a pair of neurons in them
SUMMED = 1.5e-3  # seconds of a network at an iteration, when all are put together
_READ = 0.02  # seconds of a MB of snapshots
_IMAGE = 0.008  # MB of an image, its bytes and its pixels in single precision


def measure_graphs(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs; memory is that of its snapshots, and of activities of one network."""
    images, kept = plan.config["correlation_graphs"]["images"], plan.sgd_runs.kept()
    measured, seconds, snapshots, widest = plan.correlation_graphs.measured(), TORCH_START, 0.0, 0
    for group in plan.sgd_runs.groups(int(wildcards.shard)):
        snapshots += SINGLE * group.networks * len(kept[group.sample]) * group.weights
        if group.sample in measured:
            widest = max(widest, group.neurons)
            each = images * (group.weights + group.neurons**2) * _PRODUCT + SNAPSHOT + PAIR * group.neurons**2
            seconds += group.networks * len(measured[group.sample]) * each
    activities = images * (_IMAGE + 10 * SINGLE * widest)
    return Cost(seconds, TORCH + 3 * snapshots + activities, 0.5, key="correlation_graphs.samples")


def summarise_graphs(plan: Any, wildcards: Any) -> Cost:
    """All networks that are looked at, at all their iterations."""
    measured = plan.correlation_graphs.measured()
    looks = sum(group.networks * len(measured.get(group.sample, [])) for group in plan.sgd_runs.groups())
    return Cost(START + 5 + SUMMED * looks, LIBRARIES + 100, 1.0, key="correlation_graphs.samples")


def order_neurons(plan: Any, wildcards: Any) -> Cost:
    """One network, from all tables of snapshots, of which the bytes of one are held at a time."""
    images = plan.config["correlation_graphs"]["images"]
    widest = 2 * max(plan.config["sgd_runs"]["samples"]["terminal"]["hidden"]) + CLASSES
    read = SINGLE * plan.sgd_runs.largest_table()
    return Cost(TORCH_START + 3 + _READ * read, TORCH + read + images * (_IMAGE + 10 * SINGLE * widest), 2.0)


COSTS = {"measure_graphs": measure_graphs, "order_neurons": order_neurons, "summarise_graphs": summarise_graphs}
