"""Coupling cost of the neurons of a graph, E_G = -sum w_ij s_i s_j, with s their activity over noise off the digit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from deepcrit.core.arrays import Floats, Mask
from deepcrit.experiments.task_subgraphs.subgraphs import Subgraph

_OVERLAP_BINS = 100


class LayerActivities(NamedTuple):
    """Activities of a network of two hidden layers, each of shape (images, neurons); the last are logits."""

    first: Floats
    second: Floats
    logits: Floats

    @property
    def neurons(self) -> Floats:
        """All of them side by side, shape (images, neurons)."""
        return np.concatenate(self, axis=1)


class Coupling(NamedTuple):
    """How the neurons of a graph are coupled.

    Attributes:
        cost: E_G of activities averaged over the digit's images.
        cost_off: E_G of single images of other digits, averaged.
        separation: probability that an image of the digit has a lower E_G than one of another digit, ties half.
        overlap: of the two distributions of the output's activity.
    """

    cost: float
    cost_off: float
    separation: float
    overlap: float


def signal_to_noise(activities: Floats, on: Mask) -> Floats:
    """Activities less their mean off the digit, over their standard deviation there, shape (images, neurons).

    A neuron with one activity off the digit has no noise to be measured by; its signal counts as zero.
    """
    off = activities[~on]
    spread = off.std(axis=0)
    return np.divide(activities - off.mean(axis=0), spread, out=np.zeros_like(activities), where=spread > 0)


def coupling(activities: LayerActivities, weights: Floats, outward: Floats, graph: Subgraph, digit: int,
             on: Mask) -> Coupling:  # fmt: skip
    """Coupling of the neurons of a graph, by activities of the whole network.

    Args:
        activities: of all images.
        weights: from the first hidden layer to the second, shape (neurons, neurons).
        outward: from the second hidden layer to the digit's output, shape (neurons,).
        graph: of the digit.
        digit: place of its output.
        on: whether an image is of the digit, shape (images,).
    """
    first, second = (signal_to_noise(layer, on) for layer in (activities.first, activities.second))
    output = signal_to_noise(activities.logits[:, [digit]], on)[:, 0]
    lower, upper = np.where(graph.lower, weights, 0.0), np.where(graph.upper, outward, 0.0)

    def cost(first: Floats, second: Floats, output: Floats) -> Floats:
        return -(((first @ lower) * second).sum(axis=-1) + (second @ upper) * output)

    single = cost(first, second, output)
    mean = cost(first[on].mean(axis=0), second[on].mean(axis=0), output[on].mean(axis=0))
    ranks = rankdata(single)
    own, others = int(on.sum()), int((~on).sum())
    above = (ranks[on].sum() - own * (own + 1) / 2) / (own * others)
    overlap = distribution_overlap(activities.logits[on, digit], activities.logits[~on, digit])
    return Coupling(float(mean), float(single[~on].mean()), float(1.0 - above), overlap)


def distribution_overlap(a: Floats, b: Floats, bins: int = _OVERLAP_BINS) -> float:
    """Integral of the smaller of two densities, each by a histogram on bins that both share, between 0 and 1."""
    edges = np.linspace(min(a.min(), b.min()), max(a.max(), b.max()), bins + 1)
    if edges[0] == edges[-1]:
        return 1.0
    shares = [np.histogram(values, edges)[0] / values.size for values in (a, b)]
    return float(np.minimum(*shares).sum())
