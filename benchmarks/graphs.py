"""Graphs of correlated neurons: this library beside numpy's own correlations, GraphRicciCurvature and igraph.

Of 1,010 neurons and 60,000 images, the widest network and the whole training set of liu2025, on one thread.
GraphRicciCurvature asks for a scipy that is older than ours. Where it is not installed (pip install --no-deps
GraphRicciCurvature python-louvain), networkx computes the curvature of an edge from the degrees at both of its ends,
which takes less. A graph of n pairs, each vertex of which has edges to all but the other of its pair, has 2^n maximal
cliques.
"""

import resource
import time
from collections.abc import Callable

import igraph
import networkx
import numpy as np
import pandas as pd
from sizes import size
from threadpoolctl import threadpool_limits

from deepcrit.graphs.cliques import maximal_cliques
from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.graphs.measures import forman_ricci_curvature, graph_measures, thresholded

try:
    from GraphRicciCurvature.FormanRicci import FormanRicci
except ImportError:
    FormanRicci = None

NEURONS, IMAGES = size(1010, 60), size(60_000, 200)
MOST_SECONDS, MOST_MEGABYTES = 2.0, 100.0
MOST_CLIQUES = size(20_000, 200)  # as by default
RANDOM_DEGREE = size(30, 5)
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


def peer_curvature(graph: networkx.Graph) -> list[int]:
    """Curvature of every edge by GraphRicciCurvature, if it is there."""
    if FormanRicci is None:
        return networkx_curvature(graph)
    found = FormanRicci(graph, method="1d")
    found.compute_ricci_curvature()
    return [int(curvature) for _, _, curvature in found.G.edges(data="formanCurvature")]


def random_edges() -> np.ndarray:
    """Of a random graph."""
    upper = np.triu(np.random.default_rng(2).random((NEURONS, NEURONS)) < RANDOM_DEGREE / NEURONS, 1)
    return upper | upper.T


def pairs_apart() -> np.ndarray:
    """Edges between all vertices but those of a pair."""
    edges = ~np.eye(NEURONS, dtype=bool)
    first = np.arange(0, NEURONS - 1, 2)
    edges[first, first + 1] = edges[first + 1, first] = False
    return edges


def igraph_cliques(edges: np.ndarray) -> int:
    """All maximal cliques of two vertices or more, as one would ask igraph for them."""
    return len(igraph.Graph.Adjacency(edges, mode="undirected").maximal_cliques(min=2))


def megabytes(function: Callable[[], object]) -> float:
    """By how much the largest memory of this process grows."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    function()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def run() -> pd.DataFrame:
    """Table of the benchmark.

    Raises:
        RuntimeError: if curvatures or numbers of cliques differ from the peer's.
    """
    neurons = activities()
    with threadpool_limits(1):
        ours = seconds(lambda: pearson_correlations(neurons))
        usual = seconds(lambda: np.corrcoef(neurons.T))
        matrix = pearson_correlations(neurons).matrix
        measures = seconds(lambda: graph_measures(matrix, 0.5, False))
        edges = thresholded(matrix, 0.5)
        curvature = seconds(lambda: forman_ricci_curvature(edges))
    graph = networkx.from_numpy_array(edges)
    if sorted(peer_curvature(graph)) != sorted(forman_ricci_curvature(edges).tolist()):
        raise RuntimeError("curvatures: found others than the peer's, expected the same")
    slow = seconds(lambda: peer_curvature(graph))
    drawn, apart = random_edges(), pairs_apart()
    every = len(drawn) ** 2
    listed, usually = len(maximal_cliques(drawn, every).members), igraph_cliques(drawn)
    if listed != usually:
        raise RuntimeError(f"cliques: found {listed}, expected {usually} as igraph")
    # in turns, because the clock of a shared machine is not steady
    turns = [
        (seconds(lambda: maximal_cliques(drawn, every)), seconds(lambda: igraph_cliques(drawn))) for _ in range(ROUNDS)
    ]
    cliques, all_cliques = sorted(turns, key=lambda turn: turn[0] / turn[1])[ROUNDS // 2]
    held = megabytes(lambda: maximal_cliques(apart, MOST_CLIQUES))
    peer = "networkx" if FormanRicci is None else "GraphRicciCurvature"
    count = int(edges.sum()) // 2
    what = f"{NEURONS} neurons on {IMAGES} images"
    rows = [
        (f"correlations and graph measures of {what}", ours + measures, None, "s", f"<= {MOST_SECONDS:g}",
         ours + measures <= MOST_SECONDS),
        (f"correlations of {what}, against numpy.corrcoef", 1 / ours, 1 / usual, "matrices/s", "", None),
        (f"curvature of {count} edges, against {peer} edge by edge", count / curvature, count / slow, "edges/s",
         ">= 100 times", slow / curvature >= 100),
        (f"{listed} maximal cliques of {NEURONS} vertices, against igraph", listed / cliques, listed / all_cliques,
         "cliques/s", ">= 1 times", all_cliques / cliques >= 1),
        (f"{MOST_CLIQUES} of 2^{NEURONS // 2} maximal cliques", held, None, "MB", f"<= {MOST_MEGABYTES:g}",
         held <= MOST_MEGABYTES),
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
