"""What fluxes cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import TORCH, TORCH_START, Cost
from deepcrit.experiments.sgd_runs.runs import INPUTS, dealt_groups, runs_of

PRODUCT = 6e-11  # seconds of an image and a weight
STEP = 8e-3  # seconds of a step besides, of ten thousand images


def measure_fluxes(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs, at both ends of every step; memory is that of its snapshots."""
    images, shards = plan.config["fluxes"]["images"], plan.sgd_runs.shards
    rows, kept, steps = runs_of(plan.config["sgd_runs"], plan.config["seed"]), plan.sgd_runs.kept(), plan.fluxes.steps()
    seconds, snapshots = TORCH_START, 0.0
    for group in dealt_groups(rows, int(wildcards.shard), shards):
        first = rows[group[0]]
        weights = first["hidden"] * (INPUTS + first["hidden"])
        snapshots += 4e-6 * len(group) * len(kept[first["sample"]]) * weights
        seconds += len(group) * len(steps[first["sample"]]) * (2 * images * weights * PRODUCT + STEP * images / 1e4)
    return Cost(seconds, TORCH + 3 * snapshots + images * INPUTS * 10e-6, 0.1, key="sgd_runs.samples")


COSTS = {"measure_fluxes": measure_fluxes}
