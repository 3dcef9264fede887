"""Memory of a job, in MB: what its libraries take, and the arrays that its rule holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from deepcrit.app.cost.classified import measured_classifiers
from deepcrit.app.cost.rules import launched
from deepcrit.app.cost.trained import (
    JACOBIAN,
    losses,
    network_of_tasks,
    networks_each,
    shape_of,
    side_by_side,
)
from deepcrit.core.keys import grid_points
from deepcrit.pretrained.classifiers import CLASSIFIERS

if TYPE_CHECKING:
    from deepcrit.app.plan import Plan
    from deepcrit.experiments.continual.plan import Piece

LIBRARIES, TORCH = 250.0, 650.0  # a script with numpy, numba and pandas, and one with torch besides
SINGLE = 4e-6  # MB of a number in single precision
ASKED = 1.5  # how much more a job may take than is predicted
STARTING = 400.0  # two Snakemakes that start a job on a cluster
DIGITS = 110.0  # MNIST and Fashion-MNIST as they are read
LARGEST = 21_000.0  # a vision transformer of 630 million parameters on 518 pixels, with the graph of its Jacobian


def point(plan: Plan, wildcards: Any) -> float:
    """Reads the avalanches of a sample at one width."""
    return LIBRARIES + 55e-6 * launched(plan, wildcards)


def planes(plan: Plan, wildcards: Any) -> float:
    """Reads the avalanches of all planes at once."""
    section = plan.config["susceptibility"]
    points = sum(plan.susceptibility.points(network) for network in plan.susceptibility.planes)
    return LIBRARIES + 40e-6 * points * section["blocks"] * section["launched_per_block"]


def couplings(plan: Plan, wildcards: Any) -> float:
    """Keeps the slopes of all layers at all couplings."""
    section, width = plan.config["uniform_networks"], int(wildcards.width)
    networks, columns = plan.uniform_networks.networks_of(width), len(section["relative_couplings"]) + 1
    return LIBRARIES + SINGLE * networks * (section["depth"] * width * columns + 3 * width**2)


def responses(plan: Plan, wildcards: Any) -> float:
    """Propagates every stimulus at every coupling."""
    section = plan.config["uniform_networks"]["responses"]
    columns = len(section["relative_couplings"]) * grid_points(**section["log_stimuli"])
    return LIBRARIES + SINGLE * section["networks"] * section["width"] * (7 * columns + 3 * section["width"])


def trained_networks(plan: Plan, wildcards: Any) -> float:
    """Keeps a group of the widest networks, twice while some of it go on without the rest, and their activities."""
    widths, depth = shape_of(plan, wildcards)
    numbers = 2 * depth * max(widths) ** 2 + depth * max(widths) * plan.trainability.training_keys(wildcards)["batch"]
    networks = networks_each(plan, wildcards) * len(widths) / plan.trainability.shards(wildcards)
    return TORCH + SINGLE * numbers * side_by_side(plan, networks)


def trained_runs(plan: Plan, wildcards: Any) -> float:
    """Keeps a group twice, and what a minibatch leaves behind."""
    plain, critical, weights = losses(plan)
    left = 4 * 784 * plan.config["criticality_loss"]["batch"]
    return TORCH + SINGLE * side_by_side(plan, plain + critical) * (2 * weights + left)


def trained_tasks(plan: Plan, wildcards: Any) -> float:
    """Keeps data sets, all that changes in a piece, and unfolded inputs with the graph of their Jacobians."""
    network, section = network_of_tasks(plan, wildcards.sample), plan.config["continual"]

    def held(piece: Piece) -> float:
        jacobians = JACOBIAN * section["jacobian_images"] if piece.critical else 0
        images = section["batch"] + max(jacobians, section["measured_images"])
        return piece.networks * (5 * network.weights + 2 * network.pixels * images)

    return TORCH + DIGITS + SINGLE * max(held(piece) for piece in plan.continual.pieces(wildcards))


def traced(plan: Plan, wildcards: Any) -> float:
    """Keeps a classifier twice, and some maps of the first layers for all inputs of a block."""
    case, side = plan.config["resnets"]["cases"][wildcards.case], plan.config["resnets"]["image_size"] / 2
    inputs = max(case["calibration_inputs"], *case["launched"])
    return TORCH + SINGLE * (2e6 * CLASSIFIERS[wildcards.model].parameters + 5 * inputs * 64 * side**2)


def dynamics(plan: Plan, wildcards: Any) -> float:
    """Keeps the graph of the Jacobian of the largest classifier in the job."""
    found = measured_classifiers(plan, int(wildcards.shard))
    largest = max((known.parameters for _, known in found), default=0.0)
    return LARGEST if largest > 300 else 3_700.0


_POINT = ("merge_avalanches", "bin_distributions", "fit_power_laws", "test_power_laws", "fit_size_duration",
          "collapse_profiles", "check_samplers")  # fmt: skip
SIZED: Mapping[str, Callable[[Plan, Any], float]] = {
    **dict.fromkeys(_POINT, point),
    "fit_mismatch": planes,
    "sweep_couplings": couplings,
    "measure_responses": responses,
    "train_networks": trained_networks,
    "train_runs": trained_runs,
    "train_tasks": trained_tasks,
    "calibrate_layers": traced,
    "launch_avalanches": traced,
    "measure_dynamics": dynamics,
}
# of jobs whose memory does not follow the configuration
HELD = {
    "align_sizes": 460.0, "average_sizes": 320.0, "count_layers": 1100.0, "draw_rulegraph": 350.0, "list_models": 780.0,
    "simulate_avalanches": 440.0, "simulate_finite_width": 325.0,
}  # fmt: skip


def megabytes_of(rule: str, plan: Plan, wildcards: Any) -> float:
    """Memory that a job is predicted to take at most, in MB."""
    return SIZED[rule](plan, wildcards) if rule in SIZED else HELD.get(rule, LIBRARIES)


def asked_megabytes(rule: str, plan: Plan, wildcards: Any) -> int:
    """Memory that a job asks of a cluster, in MB."""
    return math.ceil(STARTING + ASKED * megabytes_of(rule, plan, wildcards))
