"""The graph of correlated neurons, beside that of neurons with the same activities that know nothing of each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.diagnosis.results import INDEPENDENT, NOTIONS, Notion, Quantity, beside, null_of
from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.graphs.measures import graph_measures, thresholded
from deepcrit.stats.intervals import basic_interval

_TITLE = NOTIONS["graphs"]
_THRESHOLD = 0.5
"""|C| from which two neurons share an edge, as in liu2025."""
_FEWEST_INPUTS = 50  # of which correlations of independent neurons stay below the threshold
_MOST_NEURONS = 600
_REPLICATES = 40
_NULL_DRAWS = 10
_TITLES = {
    "norm": "Frobenius norm of correlations over that of uncorrelated neurons",
    "mean_degree": "neurons that a neuron is correlated with, mean degree",
    "largest_component": "share of neurons in the largest component",
    "susceptibility": "percolation susceptibility",
    "curvature_entropy": "entropy of Forman-Ricci curvature, in nats",
}


def measured_graph(activities: Floats) -> dict[str, float]:
    """Measures of the graph of activities, shape (inputs, neurons), by the names of quantities."""
    found = pearson_correlations(activities)
    row = graph_measures(found.matrix, _THRESHOLD, False)
    neurons = activities.shape[1]
    return {
        "norm": found.norm / np.sqrt(neurons),
        "mean_degree": row["mean_degree"],
        "largest_component": row["largest_component"] / neurons,
        "susceptibility": row["susceptibility"],
        "curvature_entropy": row["curvature_entropy"],
    }


def degree_counts(activities: Floats) -> NDArray[np.int64]:
    """Neurons of every degree, from none on."""
    return np.bincount(thresholded(pearson_correlations(activities).matrix, _THRESHOLD).sum(axis=0))


def measure_graph(neurons: Floats, seed: int) -> Notion:
    """Measures of one graph.

    Args:
        neurons: activities, shape (inputs, neurons); of more than :data:`_MOST_NEURONS` as many are chosen at random.
        seed: of that choice, resamples and nulls.
    """
    inputs, many = neurons.shape
    if inputs < _FEWEST_INPUTS:
        reason = f"found {inputs} inputs, expected at least {_FEWEST_INPUTS} for correlations"
        return Notion("graphs", _TITLE, reason=reason)
    chosen = np.arange(many)
    if many > _MOST_NEURONS:
        rng = generator(seed_key(seed, "diagnosis", "neurons", 0))
        chosen = np.sort(rng.choice(many, _MOST_NEURONS, replace=False))
    activities = neurons[:, chosen]
    if len(chosen) < 2:
        return Notion("graphs", _TITLE, reason=f"found {len(chosen)} neuron, expected two or more")
    own = measured_graph(activities)
    rng = generator(seed_key(seed, "diagnosis", "graph", 0))
    resampled = pd.DataFrame(
        [measured_graph(activities[rng.integers(inputs, size=inputs)]) for _ in range(_REPLICATES)]
    )
    drawn = pd.DataFrame([measured_graph(rng.permuted(activities, axis=0)) for _ in range(_NULL_DRAWS)])
    quantities = []
    for name, title in _TITLES.items():
        interval = basic_interval(own[name], resampled[name].to_numpy(float))
        low, high = max(interval.low, 0.0), min(interval.high, 1.0) if name == "largest_component" else interval.high
        null = null_of(INDEPENDENT, drawn[name].tolist())
        method = f"basic bootstrap over inputs{interval.told}"
        quantity = Quantity(name, title, own[name], low, high, method, inputs, (null,))
        quantities.append(replace(quantity, meaning=_meaning(quantity)))
    degrees = [degree_counts(values) for values in (activities, rng.permuted(activities, axis=0))]
    longest = max(map(len, degrees))
    own_degrees, independent = (np.pad(counts, (0, longest - len(counts))) for counts in degrees)
    counted = pd.DataFrame({"degree": np.arange(longest), "neurons": own_degrees, "independent_neurons": independent})
    tables = {
        "degrees": counted,
        "neurons": pd.DataFrame({"neuron": chosen, "mean": activities.mean(axis=0), "sd": activities.std(axis=0)}),
    }
    return Notion("graphs", _TITLE, tuple(quantities), tables)


def _meaning(quantity: Quantity) -> str:
    found = beside(quantity, quantity.nulls[0])
    if quantity.name == "norm":
        return {
            "above": "Neurons are correlated, more than the number of inputs makes them.",
            "like": "Neurons are as little correlated as independent ones.",
            "below": "Neurons are less correlated than independent ones.",
        }[found]
    if quantity.name == "largest_component":
        return (
            "One component holds most neurons: the graph percolates."
            if quantity.ci_low > 0.5
            else "No component holds most neurons, as far as the interval tells."
        )
    what = {
        "mean_degree": "Edges are {} by chance.",
        "susceptibility": "Components beside the largest are {} by chance; a peak during training marks a transition.",
        "curvature_entropy": "The diversity of edges is {} by chance.",
    }[quantity.name]
    words = {
        "mean_degree": {"above": "more than there are", "like": "as few as there are", "below": "fewer than there are"},
        "susceptibility": {"above": "larger than", "like": "as large as", "below": "smaller than"},
        "curvature_entropy": {"above": "larger than", "like": "as small as", "below": "smaller than"},
    }[quantity.name]
    told = what.format(words[found])
    return told.replace("by chance", "by chance, as far as the interval tells") if found == "like" else told
