"""Disk that the outputs of a job take, in MB, as compressed tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deepcrit.app.cost.classified import fetched_megabytes
from deepcrit.app.cost.rules import launched

if TYPE_CHECKING:
    from deepcrit.app.plan import Plan

AVALANCHE = 4.4e-6  # a launched avalanche in a table of those that started
PROFILE = 45e-6  # a launched avalanche in profiles, until a block has some of every duration
SHARED_PROFILE = 10e-6  # the same where inputs share networks, and end together
PROFILES = 0.95  # all profiles of one block
PLANE_AVALANCHE = 0.8e-6
LAYER_AVALANCHE = 6e-6
SMALL = 0.06  # any other job: a table of some hundred rows, or a shard of one
LARGER: Mapping[str, float] = {
    "bin_distributions": 0.2,
    "fetch_fashion_mnist": 55.0,
    "fetch_mnist": 55.0,
    "gather_tables": 0.5,
    "render_report": 3.3,
}


def megabytes_on_disk(rule: str, plan: Plan, wildcards: Any) -> float:
    """What the outputs of a job take, in MB."""
    if rule in ("simulate_avalanches", "merge_avalanches"):
        shards = plan.avalanches.shard_count(wildcards) if rule == "simulate_avalanches" else 1
        return _avalanches(plan, wildcards) / shards
    if rule == "simulate_plane":
        points = plan.susceptibility.points(wildcards.network) / plan.susceptibility.shards
        section = plan.config["susceptibility"]
        return SMALL + PLANE_AVALANCHE * points * section["blocks"] * section["launched_per_block"]
    if rule in ("launch_avalanches", "merge_launches"):
        case = plan.config["resnets"]["cases"][wildcards.case]
        inputs = LAYER_AVALANCHE * case["networks"] * case["blocks"] * sum(case["launched"])
        return SMALL + inputs / (plan.resnets.shard_count("blocks")(wildcards) if rule == "launch_avalanches" else 1)
    if rule == "measure_dynamics":
        return SMALL + fetched_megabytes(plan) / plan.zoo.shards
    return LARGER.get(rule, SMALL)


def _avalanches(plan: Plan, wildcards: Any) -> float:
    """Avalanches and profiles of a sample at one width; those of real inputs are two layers long."""
    inputs = launched(plan, wildcards)
    if wildcards.experiment == "real_inputs":
        return SMALL + AVALANCHE * inputs
    sample = plan.config["gaussian_avalanches"]["samples"][wildcards.sample]
    blocks, profile = sample["blocks"], SHARED_PROFILE if sample["method"] == "network" else PROFILE
    return SMALL + AVALANCHE * inputs + blocks * min(PROFILES, profile * inputs / blocks)
