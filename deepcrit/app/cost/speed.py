"""Seconds that a counted amount of work takes: on the reference machine, and what a job asks of a cluster for it."""

from __future__ import annotations

import math
from collections.abc import Mapping

Work = Mapping[str, float]
"""How often each operation of :data:`REFERENCE` is done."""

START = 1.5  # seconds to start a job and import what it needs
TORCH_START = 4.5  # the same with torch
SLOW_MACHINE = 4.0  # how much longer than on the reference machine a job may take before a cluster ends it
LEAST_MINUTES = 10  # asked for beside that: to start, to read, to wait for a file system
# seconds of each operation with all cores of the reference machine at work, two cores of an x86 server with AVX2
REFERENCE = {
    "seconds": 1.0,  # of whatever is not counted in operations, on the reference machine
    "radial_step": 3.6e-8,  # one layer of one radial chain
    "annealed_step": 8e-8,  # one layer of one annealed chain, and each neuron of it
    "annealed_neuron": 1.7e-9,
    "network_step": 3.2e-9,  # one layer of one of many inputs, over width^1.25
    "levy_weight": 6e-8,  # one weight drawn from a stable law
    "plane_block": 2e-4,  # a block of the plane, beside its layers
    "exact_law": 0.045,  # an exact law at N = 300, L = 400
    "uniform_weight": 1.2e-9,  # one uniform weight drawn, and its product with one column
    "uniform_column": 3.2e-11,
    "trained_weight": 4.2e-11,  # one weight and one neuron that one image trains
    "trained_neuron": 2.3e-9,
    "trained_call": 3.2e-5,  # one layer of a group of networks for one minibatch, however small
    "plain_weight": 3.6e-11,  # one weight that one image, and that one minibatch, trains by cross-entropy
    "plain_update": 5.2e-10,
    "critical_weight": 2.2e-10,  # the same with the criticality loss, and the small matrix of one image
    "critical_update": 2.3e-9,
    "critical_image": 1.3e-5,
    "task_product": 3.4e-11,  # multiplications, unfolded pixels and moved weights of one task after another
    "task_pixel": 6e-9,
    "task_weight": 6e-9,
    "task_layer": 3e-4,  # one layer, and one convolution, of a group of networks for one update, however small
    "task_convolution": 4e-4,
    "convolution": 2.4e-11,  # one multiplication of a classifier's forward pass
    "drawn_parameter": 8e-9,  # one random parameter of a classifier
    "jacobian": 2.6e-11,  # one multiplication of a pass of a Jacobian product, and one in a grouped convolution
    "grouped_jacobian": 4e-10,
}  # fmt: skip


def seconds_of(work: Work, speed: Mapping[str, float] = REFERENCE) -> float:
    """Seconds that work takes.

    Args:
        work: operations.
        speed: seconds of each; by default those of the reference machine.

    Raises:
        KeyError: for an operation that is none of :data:`REFERENCE`.
    """
    return float(sum(count * speed[operation] for operation, count in work.items()))


def asked_minutes(work: Work) -> int:
    """Minutes that a job asks of a cluster."""
    return math.ceil(LEAST_MINUTES + SLOW_MACHINE * seconds_of(work) / 60)
