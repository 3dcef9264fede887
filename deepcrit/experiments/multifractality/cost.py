"""What eigenvectors cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, START, Cost

_VECTORS = 1e-9  # seconds of N^3 of all eigenvectors of a matrix, for wide ones
_ENTRY = 3e-7  # of an entry of them, for their dimensions at every power
_BYTES = 16.0 * 6 / 1e6  # MB of an entry, of matrix, vectors and work
_SNAPSHOTS = 3


def _eigenvectors(width: int) -> float:
    return _VECTORS * width**3 + _ENTRY * width**2


def _measure_random(plan: Any, wildcards: Any) -> Cost:
    """One shard of random Jacobians."""
    section = plan.config["multifractality"]
    each = sum(
        count * _eigenvectors(width) for width, count in zip(section["widths"], section["matrices"], strict=True)
    )
    seconds = START + 3 + each * len(section["alphas"]) / plan.multifractality.shards
    return Cost(seconds, LIBRARIES + _BYTES * max(section["widths"]) ** 2, key="multifractality.widths")


def _measure_trained(plan: Any, wildcards: Any) -> Cost:
    """The snapshots of one shard of trained networks."""
    section = plan.config["levy_training"]
    networks = len(section["alphas"]) * len(section["gains"]) * 1.5 / plan.levy_training.shards
    seconds = START + 2 + _SNAPSHOTS * networks * _eigenvectors(section["width"])
    held = _SNAPSHOTS * networks * 16e-6 * section["width"] ** 2
    return Cost(seconds, LIBRARIES + held + _BYTES * section["width"] ** 2, key="levy_training.width")


COSTS = {"measure_random": _measure_random, "measure_trained": _measure_trained, "relate_dimensions": Cost(6.0)}
