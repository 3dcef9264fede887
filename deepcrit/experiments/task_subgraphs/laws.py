"""Power laws of the sizes of graphs, pooled over networks or of networks of one size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.powerlaws import (
    MINIMUM_POINTS,
    cluster_bootstrap,
    compare_alternatives,
    compress,
    fit_discrete,
    scan_xmin,
)
from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.task_subgraphs.groups import ALL_SETTINGS, FITTED_RANGES
from deepcrit.experiments.task_subgraphs.schemas import SUBGRAPH_LAWS

_RIVALS = {
    "exponential": "exponential",
    "lognormal": "lognormal",
    "stretched_exponential": "stretched",
    "truncated_power_law": "truncated",
}
_LEAST_DISTINCT = 3  # sizes that a law is fitted to


def subgraph_laws(graphs: pd.DataFrame, replicates: int, seed: int) -> pd.DataFrame:
    """Fits of vertices and edges, of all networks and of those of each size; schema ``subgraph_laws``.

    Args:
        graphs: of one stage and iteration a network, with an edge or more, columns of ``task_subgraphs`` and
            ``neurons``.
        replicates: resamplings of networks.
        seed: root of them.
    """
    pools = [(ALL_SETTINGS, graphs), *((f"M = {neurons}", of) for neurons, of in graphs.groupby("neurons"))]
    rows = []
    for quantity in ("vertices", "edges"):
        for name, pool in pools:
            for fitted in FITTED_RANGES:
                rng = generator(seed_key(seed, "task_subgraphs", f"{quantity}/{name}/{fitted}", 0))
                row = {"quantity": quantity, "networks_of": name, "fitted": fitted}
                rows.append(row | _law(pool[["run", quantity]], quantity, fitted, replicates, rng))
    return pd.DataFrame(rows, columns=[column.name for column in SUBGRAPH_LAWS.columns])


def _law(pool: pd.DataFrame, quantity: str, fitted: str, replicates: int, rng: np.random.Generator) -> dict[str, Any]:
    found: dict[str, Any] = {"networks": pool["run"].nunique(), "graphs": len(pool), "ci_method": "too few values"}
    if len(pool) < MINIMUM_POINTS or pool[quantity].nunique() < _LEAST_DISTINCT or found["networks"] < 2:
        return found
    values, counts = compress(pool[quantity].to_numpy())
    low = int(values[0])
    if fitted == FITTED_RANGES[1]:
        candidates = values[np.cumsum(counts[::-1])[::-1] >= MINIMUM_POINTS][: -_LEAST_DISTINCT + 1]
        if not candidates.size:
            return found
        low = int(scan_xmin(values, candidates, None, counts).xmin)
    inside = pool[pool[quantity] >= low]
    logs = np.log(inside[quantity]).groupby(inside["run"], sort=False).agg(["size", "sum"])
    if inside[quantity].nunique() < _LEAST_DISTINCT or len(logs) < 2:
        return found
    exponent = fit_discrete(values, low, None, counts=counts).exponent
    interval = cluster_bootstrap(*_columns(logs), low, None, True, replicates, rng)
    found |= {
        "networks": len(logs),
        "graphs": len(inside),
        "xmin": float(low),
        "exponent": exponent,
        "ci_low": interval.ci_low,
        "ci_high": interval.ci_high,
        "ci_method": f"{interval.method} by network",
    }
    for rival in compare_alternatives(values, low, None, alternatives=list(_RIVALS), counts=counts):
        name = _RIVALS[rival.alternative]
        found |= {f"against_{name}": rival.loglikelihood_ratio, f"p_{name}": rival.p_value}
    return found


def _columns(logs: pd.DataFrame) -> tuple[Floats, Floats]:
    return logs["size"].to_numpy(np.float64), logs["sum"].to_numpy(np.float64)
