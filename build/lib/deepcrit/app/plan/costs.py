"""What a job of any rule costs, and what it asks of a cluster for that.

Each experiment says what its rules cost in the ``cost.py`` of its folder; here is what belongs to none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import deepcrit.experiments
from deepcrit.core.cost import Cost

SLOW_MACHINE = 4.0  # how much longer than on the reference machine a job may take before a cluster ends it
LEAST_MINUTES = 10  # asked for beside that: to start, to read, to wait for a file system
MORE_MEMORY = 1.5  # how much more a job may take than is predicted
STARTING = 400.0  # MB of two Snakemakes that start a job on a cluster

Costing = Cost | Callable[[Any, Any], Cost]


def _found() -> dict[str, Costing]:
    """Of the rules of every experiment: a cost, or a function of the plan and of wildcards."""
    costs: dict[str, Costing] = {}
    for path in sorted(Path(deepcrit.experiments.__path__[0]).glob("*/cost.py")):
        costs |= import_module(f"deepcrit.experiments.{path.parent.name}.cost").COSTS
    return costs


COSTS: Mapping[str, Costing] = {
    "draw_figure": Cost(4.0),
    "draw_rulegraph": Cost(memory=350.0),
    "fetch_fashion_mnist": Cost(8.0, disk=55.0),
    "fetch_mnist": Cost(5.0, disk=55.0),
    "fetch_photographs": Cost(5.0),
    "render_report": Cost(3.0, disk=3.3),
    **_found(),
}


def cost_of(rule: str, plan: Any, wildcards: Any) -> Cost:
    """What a job costs.

    Args:
        rule: its rule; one that none tells of reads and writes small tables.
        plan: of the whole configuration.
        wildcards: Snakemake's, or a namespace with their names.
    """
    cost = COSTS.get(rule, Cost())
    return cost if isinstance(cost, Cost) else cost(plan, wildcards)


def asked_minutes(cost: Cost) -> int:
    """Minutes that a job asks of a cluster."""
    return math.ceil(LEAST_MINUTES + SLOW_MACHINE * cost.seconds / 60)


def asked_megabytes(cost: Cost) -> int:
    """Memory that a job asks of a cluster, in MB."""
    return math.ceil(STARTING + MORE_MEMORY * cost.memory)
