"""What graphs of correlated neurons cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, START, TORCH, TORCH_START, Cost
from deepcrit.experiments.sgd_runs.runs import INPUTS, dealt_groups, runs_of

PRODUCT = 6e-11  # seconds of a product of an image and two neurons
SNAPSHOT = 0.03  # seconds of graphs and minibatches of a small network
PAIR = 2e-6  # seconds of a pair of neurons in them
SUMMED = 4e-3  # seconds of a network at an iteration, when all are put together


def measure_graphs(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs; memory is that of its snapshots, and of activities of one network."""
    section, shards = plan.config["correlation_graphs"], plan.sgd_runs.shards
    rows, measured = runs_of(plan.config["sgd_runs"], plan.config["seed"]), plan.correlation_graphs.measured()
    kept, seconds, snapshots, widest = plan.sgd_runs.kept(), TORCH_START, 0.0, 0
    for group in dealt_groups(rows, int(wildcards.shard), shards):
        first, networks = rows[group[0]], len(group)
        hidden, neurons = first["hidden"], first["neurons"]
        snapshots += 4e-6 * networks * len(kept[first["sample"]]) * hidden * (INPUTS + hidden)
        if first["sample"] in measured:
            widest = max(widest, neurons)
            each = section["images"] * (INPUTS * hidden + hidden**2 + neurons**2) * PRODUCT
            graphs = SNAPSHOT + PAIR * neurons**2
            seconds += networks * len(measured[first["sample"]]) * (each + graphs)
    images = section["images"] * (INPUTS * 5 + widest * 40) / 1e6
    return Cost(seconds, TORCH + 3 * snapshots + images, 0.5, key="correlation_graphs.samples")


def summarise_graphs(plan: Any, wildcards: Any) -> Cost:
    """All networks that are looked at, at all their iterations."""
    measured = plan.correlation_graphs.measured()
    rows = runs_of(plan.config["sgd_runs"], plan.config["seed"])
    looks = sum(len(measured.get(row["sample"], [])) for row in rows)
    return Cost(START + 10 + SUMMED * looks, LIBRARIES + 100, 1.0, key="correlation_graphs.samples")


COSTS = {"measure_graphs": measure_graphs, "summarise_graphs": summarise_graphs}
