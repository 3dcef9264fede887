"""Maximal cliques, of which a dense graph has more than can be counted."""

from __future__ import annotations

from typing import NamedTuple

import igraph
import numpy as np

from deepcrit.graphs.measures import Edges


class Cliques(NamedTuple):
    """Maximal cliques of two vertices or more.

    Attributes:
        members: vertices of each.
        bounded: whether there are more than were looked for; those found are then no fair sample.
    """

    members: list[tuple[int, ...]]
    bounded: bool


def maximal_cliques(edges: Edges, most: int) -> Cliques:
    """At most so many maximal cliques of a graph.

    Raises:
        ValueError: if ``most`` is less than one.
    """
    if most < 1:
        raise ValueError(f"most: found {most}, expected at least 1")
    graph = igraph.Graph(n=len(edges), edges=np.argwhere(np.triu(edges)))
    found = graph.maximal_cliques(min=2, max_results=most + 1)
    return Cliques([tuple(clique) for clique in found[:most]], len(found) > most)
