"""What fluxes cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost

_PRODUCT = 6e-11  # seconds of an image and a weight
_STEP = 8e-7  # seconds of an image and a step besides
_READ = 0.02  # seconds of a MB of snapshots
_IMAGE = 0.008  # MB of an image, its bytes and its pixels in single precision


def measure_fluxes(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs, at both ends of every step; memory is that of its snapshots."""
    images, kept, steps = plan.config["fluxes"]["images"], plan.sgd_runs.kept(), plan.fluxes.steps()
    seconds, snapshots = TORCH_START, 0.0
    for group in plan.sgd_runs.groups(int(wildcards.shard)):
        snapshots += SINGLE * group.networks * len(kept[group.sample]) * group.weights
        seconds += group.networks * len(steps[group.sample]) * images * (2 * group.weights * _PRODUCT + _STEP)
    return Cost(seconds, TORCH + 3 * snapshots + _IMAGE * images, 0.1, key="sgd_runs.samples")


def follow_losses(plan: Any, wildcards: Any) -> Cost:
    """One network, from all tables of snapshots, of which the bytes of one are held at a time."""
    read = SINGLE * plan.sgd_runs.largest_table()
    return Cost(TORCH_START + 2 + _READ * read, TORCH + read, 0.5)


COSTS = {"follow_losses": follow_losses, "measure_fluxes": measure_fluxes}
