"""What networks of uniform weights cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, Cost
from deepcrit.core.keys import grid_points

_NEURON = 3.2e-11  # seconds of a weight's product with one column
_DRAWN = 37  # columns that take as long as drawing the weights
_TANH = 200  # weights whose products take as long as a neuron's activation and slope


def _sweep_couplings(plan: Any, wildcards: Any) -> Cost:
    """One width at all couplings: a pass for signals, two for each step of Lanczos; keeps the slopes of all layers."""
    section, width = plan.config["uniform_networks"], int(wildcards.width)
    columns, networks = len(section["relative_couplings"]) + 1, plan.uniform_networks.networks_of(width)
    passes = section["depth"] * (1 + 2 * section["lanczos_steps"])
    kept = networks * (section["depth"] * width * columns + 3 * width**2)
    return Cost(
        START + _NEURON * passes * networks * width * (width + _TANH) * (columns + _DRAWN),
        LIBRARIES + SINGLE * kept,
        key="uniform_networks.neurons",
    )


def _measure_responses(plan: Any, wildcards: Any) -> Cost:
    """All couplings and stimuli at once."""
    section = plan.config["uniform_networks"]["responses"]
    networks, width = section["networks"], section["width"]
    columns = len(section["relative_couplings"]) * grid_points(**section["log_stimuli"])
    depth = plan.config["uniform_networks"]["depth"]
    return Cost(
        START + _NEURON * depth * networks * width * (width + _TANH) * (columns + _DRAWN),
        LIBRARIES + SINGLE * networks * width * (7 * columns + 3 * width),
        key="uniform_networks.responses.width",
    )


COSTS = {"measure_responses": _measure_responses, "sweep_couplings": _sweep_couplings}
