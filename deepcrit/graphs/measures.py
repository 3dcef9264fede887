"""Measures of graphs, given as symmetric matrices of whether two vertices share an edge."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Edges = NDArray[np.bool_]


def thresholded(matrix: NDArray[np.floating], threshold: float, signed: bool = False) -> Edges:
    """Edges between neurons whose correlation exceeds a threshold; no vertex has one to itself.

    Args:
        matrix: of correlations, shape (neurons, neurons).
        threshold: correlations of exactly this are edges, too, but for those of one that rounding may have made.
        signed: whether negative correlations are none, rather than taken by their size.
    """
    strength = matrix if signed else np.abs(matrix)
    edges = strength >= threshold if threshold < 1.0 else np.zeros(matrix.shape, bool)
    edges[np.diag_indices_from(edges)] = False
    return edges


def component_sizes(edges: Edges) -> NDArray[np.int64]:
    """Vertices of every connected component, the largest first; single vertices are components."""
    _, labels = connected_components(csr_array(edges), directed=False)
    return np.sort(np.bincount(labels))[::-1].astype(np.int64)


def percolation_susceptibility(sizes: NDArray[np.int64]) -> float:
    """Sum of squared sizes of all components but the largest, over vertices (Stauffer and Aharony 1994, 2.3)."""
    return float((sizes[1:].astype(float) ** 2).sum() / sizes.sum())


def forman_ricci_curvature(edges: Edges) -> NDArray[np.int64]:
    """Curvature 4 - deg(u) - deg(v) of every edge of a graph without weights, shape (edges,) (Sreejith et al. 2016)."""
    degrees = edges.sum(axis=0)
    u, v = np.nonzero(np.triu(edges))
    return (4 - degrees[u] - degrees[v]).astype(np.int64)


def forman_ricci_entropy(edges: Edges) -> float:
    """Entropy of the distribution of curvatures over edges, in nats; zero for a graph without edges."""
    curvature = forman_ricci_curvature(edges)
    if not curvature.size:
        return 0.0
    share = np.bincount(curvature - curvature.min()) / curvature.size
    share = share[share > 0]
    return float(-(share * np.log(share)).sum() + 0.0)


def graph_measures(matrix: NDArray[np.floating], threshold: float, signed: bool) -> dict[str, Any]:
    """What the graph of one matrix of correlations measures; columns of schema ``graph_measures`` by name.

    Args:
        matrix: of correlations, shape (neurons, neurons).
        threshold: see :func:`thresholded`.
        signed: likewise.
    """
    edges = thresholded(matrix, threshold, signed)
    count, neurons = int(edges.sum()) // 2, len(matrix)
    sizes = component_sizes(edges)
    return {
        "threshold": threshold,
        "signed": signed,
        "edges": count,
        "survival": 2.0 * count / (neurons * (neurons - 1)),
        "mean_degree": 2.0 * count / neurons,
        "largest_component": int(sizes[0]),
        "components": len(sizes),
        "susceptibility": percolation_susceptibility(sizes),
        "curvature_entropy": forman_ricci_entropy(edges),
    }
