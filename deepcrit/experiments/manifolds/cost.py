"""What circles through networks of stable weights cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, Cost
from deepcrit.core.keys import grid_points

_DRAW = 2.2e-8  # seconds of a weight
_PRODUCT = 2.8e-11  # seconds of a weight's product with one column
_TANH = 8e-9  # seconds of a neuron of one column
_DECOMPOSE = 4e-7  # seconds of an entry of a decomposed circle


def propagate_circles(plan: Any, wildcards: Any) -> Cost:
    """Layers of every network of a shard, columns of all angles and gains, and the singular values of each gain."""
    keys = plan.manifolds.circles()
    columns, width = keys["angles"] * len(keys["gains"]), keys["width"]
    networks = len(plan.manifolds.networks_in("circles")(wildcards))
    each = keys["depth"] * _layer(width, columns) + _DECOMPOSE * columns * width
    return Cost(START + networks * each, LIBRARIES + SINGLE * 6 * width * columns, key="manifolds.circles.networks")


def measure_distances(plan: Any, wildcards: Any) -> Cost:
    """Layers of every network of a shard, two columns a pair and gain; smallest gains take double precision."""
    keys = plan.manifolds.distances()
    columns = 2 * keys["pairs"] * grid_points(**keys["gains"])
    networks = plan.manifolds.networks_in("distances")(wildcards)
    seconds = sum(keys["layers"][-1] * _layer(of["width"], columns) for of in networks)
    widest = max(of["width"] for of in networks)
    return Cost(
        START + seconds,
        LIBRARIES + 2 * SINGLE * widest * (5 * columns + 3 * widest),
        key="manifolds.distances.networks",
    )


def _layer(width: int, columns: int) -> float:
    return _DRAW * width**2 + _PRODUCT * width**2 * columns + _TANH * width * columns


COSTS = {
    "contrast_distances": Cost(6.0),
    "measure_distances": measure_distances,
    "propagate_circles": propagate_circles,
}
