"""What it costs to look at losses."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, TORCH, TORCH_START, Cost

_FORWARD = 6e-11  # seconds of an image and a weight
_LOSS = 2.5e-7  # seconds of an image: its loss, and the entropies of all
_FAMILY = 1e-4  # seconds of an image by whose losses distributions are compared
_ON_PLANE = 2.5e-7  # seconds of an image at a point of a plane
_OF_PLANE = 1.5e-10  # the same, and of a weight after the first hidden layer
_HELD = 8e-3  # MB of an image and its activities


def measure_landscapes(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs, network by network."""
    section = plan.config["loss_landscapes"]
    kept, measured = plan.sgd_runs.kept(), plan.loss_landscapes.measured()
    seconds, snapshots = TORCH_START, 0.0
    points = 4 * section["slice_planes"] * section["slice_points"] ** 2 * section["slice_images"]
    for group in plan.sgd_runs.groups(int(wildcards.shard)):
        snapshots += SINGLE * group.networks * len(kept[group.sample]) * group.weights
        if group.sample not in measured:
            continue
        times = len(measured[group.sample])
        once = section["images"] * (_FORWARD * group.weights + _LOSS * (1 + len(section["thresholds"])))
        followed = group.sample == section["followed"]
        seconds += group.networks * (times * once + _FAMILY * section["family_images"] * (times if followed else 1))
        if followed:
            planes = (len(section["slice_iterations"]) + 1) * points
            seconds += group.networks * planes * (_ON_PLANE + _OF_PLANE * group.hidden * (group.hidden + 10))
    return Cost(seconds, TORCH + 3 * snapshots + _HELD * section["images"], 0.5, key="loss_landscapes.images")


def summarise_landscapes(plan: Any, wildcards: Any) -> Cost:
    """All networks that are looked at, and boundaries of resampled ones."""
    section = plan.config["loss_landscapes"]
    networks = sum(group.networks for group in plan.sgd_runs.groups() if group.sample == section["plane"])
    return Cost(START + 10 + 4e-4 * section["bootstrap_replicates"] * networks, LIBRARIES + 200, 2.0,
                key="loss_landscapes.bootstrap_replicates")  # fmt: skip


COSTS = {"measure_landscapes": measure_landscapes, "summarise_landscapes": summarise_landscapes}
