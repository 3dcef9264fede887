"""What mean avalanche sizes over a plane cost, simulated and exact."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LAYER, LIBRARIES, START, Cost

_LIVED = 0.7  # share of the layers that avalanches of the plane live through
_BLOCK = 5500  # layers that take as long as beginning a block
_LAW = 0.045  # seconds of an exact law at N = 300, L = 400
_AVALANCHE = 0.8e-6  # MB of a launched avalanche


def _simulate_plane(plan: Any, wildcards: Any) -> Cost:
    """One shard of a plane, simulated."""
    section, depth = plan.config["susceptibility"], plan.susceptibility.planes[wildcards.network]["depth"]
    blocks = plan.susceptibility.points(wildcards.network) / plan.susceptibility.shards * section["blocks"]
    launched = section["launched_per_block"]
    seconds = START + LAYER * blocks * (_BLOCK + launched * _LIVED * depth)
    return Cost(seconds, disk=Cost().disk + _AVALANCHE * blocks * launched)


def _solve_plane(plan: Any, wildcards: Any) -> Cost:
    """One shard of a plane, exact: a law at each point and one on either side."""
    plane = plan.susceptibility.planes[wildcards.network]
    relative = (plane["width"] / 300) ** 0.42 * (0.45 + 0.55 * plane["depth"] / 400)
    points = plan.susceptibility.points(wildcards.network) / plan.susceptibility.shards
    return Cost(START + _LAW * 3 * points * relative)


def _fit_mismatch(plan: Any, wildcards: Any) -> Cost:
    """The avalanches of all planes at once."""
    section = plan.config["susceptibility"]
    points = sum(plan.susceptibility.points(network) for network in plan.susceptibility.planes)
    launched = points * section["blocks"] * section["launched_per_block"]
    return Cost(4.0, LIBRARIES + 40e-6 * launched, key="susceptibility.launched_per_block")


COSTS = {
    "average_sizes": Cost(memory=320.0),
    "check_radial": Cost(5.0),
    "compare_with_field": Cost(7.5),
    "fit_mismatch": _fit_mismatch,
    "simulate_plane": _simulate_plane,
    "solve_plane": _solve_plane,
}
