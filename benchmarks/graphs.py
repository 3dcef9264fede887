"""Graphs of correlated neurons: this library beside numpy's own correlations, and networkx edge by edge.

Of 1,010 neurons and 60,000 images, the widest network and the whole training set of liu2025, on one thread. networkx
computes the curvature of an edge as GraphRicciCurvature does, from degrees that it looks up at both of its ends.
"""

import time
from collections.abc import Callable

import networkx
import numpy as np
import pandas as pd
from sizes import size
from threadpoolctl import threadpool_limits

from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.graphs.measures import forman_ricci_curvature, graph_measures, thresholded

NEURONS, IMAGES = size(1010, 60), size(60_000, 200)
MOST_SECONDS = 2.0
ROUNDS = size(3, 1)


def activities() -> np.ndarray:
    """Of neurons in ten groups that follow a signal each, so that some hundred thousand pairs have edges."""
    rng = np.random.default_rng(1)
    signals = rng.standard_normal((IMAGES, 10))
    return 1.5 * signals[:, np.arange(NEURONS) % 10] + rng.standard_normal((IMAGES, NEURONS))


def seconds(function: Callable[[], object]) -> float:
    """Median of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return sorted(times)[ROUNDS // 2]


def networkx_curvature(graph: networkx.Graph) -> list[int]:
    """Curvature of every edge, one after another."""
    return [4 - graph.degree[u] - graph.degree[v] for u, v in graph.edges]


def run() -> pd.DataFrame:
    """Table of the benchmark."""
    neurons = activities()
    with threadpool_limits(1):
        ours = seconds(lambda: pearson_correlations(neurons))
        usual = seconds(lambda: np.corrcoef(neurons.T))
        matrix = pearson_correlations(neurons).matrix
        measures = seconds(lambda: graph_measures(matrix, 0.5, False))
        edges = thresholded(matrix, 0.5)
        curvature = seconds(lambda: forman_ricci_curvature(edges))
    graph = networkx.from_numpy_array(edges)
    slow = seconds(lambda: networkx_curvature(graph))
    count = int(edges.sum()) // 2
    what = f"{NEURONS} neurons on {IMAGES} images"
    rows = [
        (f"correlations and graph measures of {what}", ours + measures, None, "s", f"<= {MOST_SECONDS:g}",
         ours + measures <= MOST_SECONDS),
        (f"correlations of {what}, against numpy.corrcoef", 1 / ours, 1 / usual, "matrices/s", "", None),
        (f"curvature of {count} edges, against networkx edge by edge", count / curvature, count / slow, "edges/s",
         ">= 100 times", slow / curvature >= 100),
    ]  # fmt: skip
    return pd.DataFrame(
        [
            {
                "benchmark": "graphs",
                "quantity": name,
                "deepcrit": value,
                "alternative": alternative,
                "unit": unit,
                "ratio": value / alternative if alternative else None,
                "target": target,
                "met": met,
            }
            for name, value, alternative, unit, target, met in rows
        ]
    )


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
