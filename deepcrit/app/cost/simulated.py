"""Work of simulated avalanches, of the plane of Fig. 3d, and of uniform networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepcrit.app.cost.speed import START, Work
from deepcrit.core.keys import grid_points

if TYPE_CHECKING:
    from deepcrit.app.plan import Plan

NETWORK_POWER = 1.25  # of the width, in the time of an input's layer: between its neurons and its weights
PLANE_LAYERS = 0.7  # share of the layers that avalanches of the plane live through
LAW = {"width": 300, "depth": 400}  # networks whose exact law counts as one
LAW_POWER = 0.42  # of the width, in its time, which is in part a constant and in part its root
TANH_WEIGHTS = 200  # weights whose products with a column take as long as a neuron's activation and slope


def mean_layers(width: int, depth: int, offset: float | None = None) -> float:
    """Layers that a launched avalanche lives near criticality, about: ln q walks at random until saturation or L.

    Args:
        width: neurons of a layer.
        depth: layers.
        offset: weight variance less one; None where it is derived from the critical one.
    """
    drift = 1.0 if offset is None else min(1.15, 0.3 + 1.15 * offset * width)
    return float(1.08 * drift * min(depth, 3 * width) ** 0.5)


def simulate_avalanches(plan: Plan, wildcards: Any) -> Work:
    """One shard of a sample at one width."""
    keys, width = plan.avalanches.sample_keys(wildcards), int(wildcards.width)
    blocks = keys["blocks"] / plan.avalanches.shard_count(wildcards)
    inputs = blocks * keys["launched"]
    variance = keys["weight_variance"]
    lived = inputs * (1.0 + mean_layers(width, keys["depth"], None if variance is None else variance - 1.0))
    written = START + 0.15e-6 * inputs
    if keys["method"] == "radial":
        return {"seconds": written, "radial_step": lived}
    if keys["method"] == "annealed":
        return {"seconds": written, "annealed_step": lived, "annealed_neuron": lived * width}
    steps = lived * width**NETWORK_POWER
    if keys["ensemble"] == "levy":
        return {"seconds": written, "levy_weight": blocks * keys["depth"] * width**2, "network_step": steps}
    return {"seconds": written, "network_step": steps}


def simulate_plane(plan: Plan, wildcards: Any) -> Work:
    """One shard of a plane, simulated."""
    section, depth = plan.config["susceptibility"], plan.susceptibility.planes[wildcards.network]["depth"]
    blocks = plan.susceptibility.points(wildcards.network) / plan.susceptibility.shards * section["blocks"]
    lived = section["launched_per_block"] * PLANE_LAYERS * depth
    return {"seconds": START, "plane_block": blocks, "radial_step": blocks * lived}


def solve_plane(plan: Plan, wildcards: Any) -> Work:
    """One shard of a plane, exact: a law at each point and one on either side."""
    plane = plan.susceptibility.planes[wildcards.network]
    relative = (plane["width"] / LAW["width"]) ** LAW_POWER * (0.45 + 0.55 * plane["depth"] / LAW["depth"])
    return {
        "seconds": START,
        "exact_law": 3 * plan.susceptibility.points(wildcards.network) / plan.susceptibility.shards * relative,
    }


def sweep_couplings(plan: Plan, wildcards: Any) -> Work:
    """Uniform networks of one width at all couplings: a pass for signals, two for each step of Lanczos."""
    section, width = plan.config["uniform_networks"], int(wildcards.width)
    columns = len(section["relative_couplings"]) + 1
    return _uniform(
        section["depth"] * (1 + 2 * section["lanczos_steps"]), plan.uniform_networks.networks_of(width), width, columns
    )


def measure_responses(plan: Plan, wildcards: Any) -> Work:
    """Uniform networks at all couplings and stimuli."""
    section = plan.config["uniform_networks"]["responses"]
    columns = len(section["relative_couplings"]) * grid_points(**section["log_stimuli"])
    return _uniform(plan.config["uniform_networks"]["depth"], section["networks"], section["width"], columns)


def _uniform(layers: float, networks: int, width: int, columns: float) -> Work:
    return {
        "seconds": START,
        "uniform_weight": layers * networks * width**2,
        "uniform_column": layers * networks * width * (width + TANH_WEIGHTS) * columns,
    }
