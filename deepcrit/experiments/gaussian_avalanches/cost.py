"""What avalanches cost: those of Gaussian networks, and those that the same rules simulate."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LAYER, LIBRARIES, START, Cost

_AVALANCHE = 4.4e-6  # MB of a launched avalanche in a table of those that started
_PROFILE = 45e-6  # MB of a launched avalanche in profiles, until a block has some of every duration
_SHARED_PROFILE = 10e-6  # the same where inputs share networks, and end together
_STABLE = 1.4  # a stable variate and its activity, in layers of a radial chain
_PROFILES = 0.95  # MB of all profiles of one block


def mean_layers(width: int, depth: int, offset: float | None = None) -> float:
    """Layers that a launched avalanche lives near criticality, about: ln q walks at random until saturation or L.

    Args:
        width: neurons of a layer.
        depth: layers.
        offset: weight variance less one; None where it is derived from the critical one.
    """
    drift = 1.0 if offset is None else min(1.15, 0.3 + 1.15 * offset * width)
    return float(1.08 * drift * min(depth, 3 * width) ** 0.5)


def _simulate_avalanches(plan: Any, wildcards: Any) -> Cost:
    """One shard of a sample at one width: layers that its avalanches live, each as many of a radial chain."""
    keys, width = plan.avalanches.sample_keys(wildcards), int(wildcards.width)
    shards, variance = plan.avalanches.shard_count(wildcards), keys["weight_variance"]
    inputs = keys["blocks"] * keys["launched"] / shards
    layers = inputs * (1.0 + mean_layers(width, keys["depth"], None if variance is None else variance - 1.0))
    stable = keys["ensemble"] == "levy"
    annealed = _STABLE * width if stable else 2.2 + 0.047 * width
    layers *= {"radial": 1.0, "annealed": annealed, "network": 0.09 * width**1.25}[keys["method"]]
    if stable and keys["method"] == "network":
        layers += 1.7 * keys["blocks"] / shards * keys["depth"] * width**2  # weights drawn from a stable law
    return Cost(START + 0.15e-6 * inputs + LAYER * layers, 440.0, _disk(keys, wildcards) / shards)


def _merge_avalanches(plan: Any, wildcards: Any) -> Cost:
    """All avalanches of a sample at one width, written once more."""
    return _read_avalanches(plan, wildcards)._replace(disk=_disk(plan.avalanches.sample_keys(wildcards), wildcards))


def _read_avalanches(plan: Any, wildcards: Any) -> Cost:
    """Any rule that reads the avalanches of a sample at one width."""
    if getattr(wildcards, "experiment", "gaussian_avalanches") != "gaussian_avalanches":
        keys = plan.avalanches.sample_keys(wildcards)
        launched = keys["blocks"] * keys["launched"]
    else:
        sample = plan.config["gaussian_avalanches"]["samples"][getattr(wildcards, "sample", "radial")]
        launched = sample["blocks"] * sample["launched_per_block"]
    return Cost(2.0 + 0.25e-6 * launched, LIBRARIES + 55e-6 * launched, 0.2, "gaussian_avalanches.samples")


def _disk(keys: dict[str, Any], wildcards: Any) -> float:
    """Avalanches and profiles of a sample at one width; those of real inputs are two layers long."""
    launched = keys["blocks"] * keys["launched"]
    if wildcards.experiment == "real_inputs":
        return Cost().disk + _AVALANCHE * launched
    profile = _SHARED_PROFILE if keys["method"] == "network" else _PROFILE
    return Cost().disk + _AVALANCHE * launched + keys["blocks"] * min(_PROFILES, profile * keys["launched"])


COSTS = {
    "align_sizes": Cost(1.0, 460.0),
    "bin_distributions": _read_avalanches,
    "check_samplers": _read_avalanches,
    "collapse_profiles": _read_avalanches,
    "fit_power_laws": _read_avalanches,
    "fit_size_duration": _read_avalanches,
    "gather_tables": Cost(disk=0.5),
    "initialise_networks": Cost(1.0),
    "merge_avalanches": _merge_avalanches,
    "scan_offsets": Cost(6.0),
    "simulate_avalanches": _simulate_avalanches,
    "test_power_laws": _read_avalanches,
}
