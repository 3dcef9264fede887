"""One set of nodes and weights on which every density of a comparison is normalised over [xmin, xmax].

Sharing the nodes between a power law and its alternatives makes their likelihood ratio exact to the last
digits even where each normalisation carries a small error, and keeps nested ratios to their sign.
"""

import math

import numpy as np

from deepcrit.core.arrays import Floats

PANEL_NODES = 16
LATTICE_HEAD = 1 << 13
_FARTHEST = 690.0
"""Largest u = ln(x/xmin) of a node: exp(u) stays finite."""


def _panels(start: float, stop: float, width: float) -> tuple[Floats, Floats]:
    number = max(1, math.ceil((stop - start) / width))
    edges = np.linspace(start, stop, number + 1)
    node, weight = np.polynomial.legendre.leggauss(PANEL_NODES)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + node)).ravel(), np.log(half * weight).ravel()


def log_nodes(xmin: float, xmax: float, largest: float, discrete: bool, refinement: int = 0) -> tuple[Floats, Floats]:
    """Nodes u = ln(x/xmin) and log-weights w: sum(exp(w) f(x)) is the sum or integral of f over [xmin, xmax].

    Continuous: Gauss-Legendre in u, the measure being dx/xmin. Discrete: the first 2^13 integers one by one,
    and beyond them the integral over unit cells centred on the integers, whose relative error is below 1e-8
    for exponents up to 3. largest is the largest data value: panels are short up to a little beyond it and
    eight times longer after that, where little probability is left. Each refinement halves the panels and
    doubles the directly summed lattice.
    """
    nodes: list[Floats] = []
    weights: list[Floats] = []
    start = 0.0
    stop = min(math.log(xmax / xmin), _FARTHEST)
    unit = 0.0
    if discrete:
        head = np.arange(xmin, min(xmax, xmin + (LATTICE_HEAD << refinement) - 1) + 1)
        nodes.append(np.log(head / xmin))
        weights.append(np.zeros(head.size))
        if head[-1] == xmax:
            return nodes[0], weights[0]
        start = math.log((head[-1] + 0.5) / xmin)
        stop = min(math.log((xmax + 0.5) / xmin), _FARTHEST)
        unit = math.log(xmin)
    width = 0.125 / 2**refinement
    near = min(stop, max(start, math.log(largest / xmin)) + 5.0)
    for a, b, w in ((start, near, width), (near, stop, 8 * width)):
        if b > a:
            u, log_weight = _panels(a, b, w)
            nodes.append(u)
            weights.append(log_weight + u + unit)
    return np.concatenate(nodes), np.concatenate(weights)
