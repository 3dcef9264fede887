"""What is measured of one network at one iteration: activities, correlations, graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.data.mnist import CLASSES
from deepcrit.graphs.cliques import maximal_cliques
from deepcrit.graphs.correlations import (
    Correlations,
    explained_variance,
    pearson_correlations,
    spectral_exponent,
    spectral_order,
)
from deepcrit.graphs.measures import component_sizes, graph_measures, thresholded
from deepcrit.training.activities import activities_of
from deepcrit.training.snapshots import Trajectory

LEADING = 10  # principal components


def log_probabilities(logits: Floats) -> Floats:
    """Logarithms of predicted probabilities, shape (images, classes)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def prediction_entropy(logits: Floats) -> float:
    """Entropy of predicted classes, averaged over images, in nats: S_pred = <-ln p>."""
    logs = log_probabilities(logits)
    return float(-(np.exp(logs) * logs).sum(axis=1).mean())


def batch_edges(values: Floats, threshold: float, batch: int, batches: int, key: str) -> NDArray[np.int64]:
    """Edges of graphs of correlations within random minibatches, shape (batches,)."""
    rng = generator(key)
    found = []
    for _ in range(batches):
        chosen = rng.choice(len(values), batch, replace=False)
        matrix = pearson_correlations(values[chosen]).matrix
        found.append(int(thresholded(matrix, threshold).sum()) // 2)
    return np.array(found, np.int64)


def histogram_rows(matrix: Floats, mean_activity: Floats, threshold: float, most_cliques: int) -> pd.DataFrame:
    """Columns of ``graph_histograms`` of one graph.

    Args:
        matrix: of correlations.
        mean_activity: of every neuron over images.
        threshold: least |C| of an edge.
        most_cliques: that are listed.
    """
    edges = thresholded(matrix, threshold)
    degrees = edges.sum(axis=0)
    cliques = maximal_cliques(edges, most_cliques)
    strength = np.abs(mean_activity)
    sums = np.array([strength[list(members)].sum() for members in cliques.members])
    quantities = {
        "degree": degrees[degrees > 0],
        "component_size": component_sizes(edges),
        "clique_size": np.array([len(members) for members in cliques.members], np.int64),
        "clique_activity": _three_digits(sums[sums > 0]) if sums.size else sums,
    }
    parts = []
    for quantity, values in quantities.items():
        distinct, counts = np.unique(values, return_counts=True)
        bounded = cliques.bounded and quantity.startswith("clique")
        parts.append(pd.DataFrame({"quantity": quantity, "value": distinct, "count": counts, "bounded": bounded}))
    return pd.concat(parts, ignore_index=True).assign(threshold=threshold)


def _three_digits(values: Floats) -> Floats:
    digits = 10.0 ** (2 - np.floor(np.log10(values)))
    return np.asarray(np.round(values * digits) / digits)


class MeasuredNetwork(NamedTuple):
    """Rows of ``correlation_measures``, ``graph_measures`` and ``graph_histograms`` of a network."""

    correlations: pd.DataFrame
    graphs: pd.DataFrame
    histograms: pd.DataFrame


def measured_network(
    row: Any, trajectory: Trajectory, images: NDArray[np.float32], labels: NDArray[np.int64],
    settings: Mapping[str, Any], seed: int,
) -> MeasuredNetwork:  # fmt: skip
    """Measure a network at all its iterations.

    Args:
        row: of schema ``runs``.
        trajectory: the network.
        images: over which activities are correlated.
        labels: of the images.
        settings: ``correlation_graphs`` of the configuration.
        seed: root of random minibatches, the same for all networks and iterations.
    """
    last = pearson_correlations(activities_of(trajectory.parameters[-1], row.activation, images).neurons).pairs
    correlations, graphs, histograms = [], [], []
    for iteration, parameters in zip(trajectory.iterations, trajectory.parameters, strict=True):
        activities = activities_of(parameters, row.activation, images)
        matrix = pearson_correlations(activities.neurons)
        at = {"run": row.run, "iteration": iteration}
        logs = log_probabilities(activities.logits)
        counted = batch_edges(
            activities.neurons, settings["threshold"], min(row.batch, len(images)), settings["random_batches"],
            seed_key(seed, "correlation_graphs", "batches", 0),
        )  # fmt: skip
        correlations.append(
            at
            | _correlation_row(matrix, last)
            | {
                "prediction_entropy": prediction_entropy(activities.logits),
                "loss": float(-logs[np.arange(len(labels)), labels].mean()),
                "accuracy": float((activities.logits.argmax(axis=1) == labels).mean()),
                "batch_edges": float(counted.mean()),
                "batch_edges_variance": float(counted.var(ddof=1)),
            }
        )
        graphs += [at | graph_measures(matrix.matrix, threshold, False) for threshold in settings["thresholds"]]
        graphs.append(at | graph_measures(matrix.matrix, settings["threshold"], True))
        if iteration in (settings["transition"], trajectory.iterations[-1]):
            mean = activities.neurons.mean(axis=0)
            histograms += [
                histogram_rows(matrix.matrix, mean, threshold, settings["most_cliques"]).assign(**at)
                for threshold in settings["thresholds"]
                if threshold < 1.0
            ]
    table = pd.DataFrame(correlations)
    table["information_gain"] = table["prediction_entropy"].iloc[0] - table["prediction_entropy"]
    return MeasuredNetwork(table, pd.DataFrame(graphs), pd.concat(histograms) if histograms else pd.DataFrame())


def _correlation_row(found: Correlations, last: Floats) -> dict[str, Any]:
    pairs, alive = found.pairs, bool((~found.silent).any())
    constant = np.ptp(pairs) == 0 or np.ptp(last) == 0
    return {
        "norm": found.norm,
        "silent": int(found.silent.sum()),
        "similarity": np.nan if constant else float(np.corrcoef(pairs, last)[0, 1]),
        "explained_variance": explained_variance(found.matrix, LEADING) if alive else 0.0,
        "spectral_exponent": spectral_exponent(found.matrix) if alive else np.nan,
    }


def ordered_rows(
    trajectory: Trajectory, activation: str, images: NDArray[np.float32], labels: NDArray[np.int64],
    iterations: Sequence[int], order: NDArray[np.int64] | None = None,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:  # fmt: skip
    """Rows of ``ordered_activities`` and ``ordered_correlations`` at some iterations, ordered by the last one.

    Args:
        trajectory: the network.
        activation: of its hidden layers.
        images: whose activities are shown.
        labels: of the images.
        iterations: those shown.
        order: of neurons; spectral order, if None.
    """
    if order is None:
        final = activities_of(trajectory.parameters[-1], activation, images).neurons
        order = spectral_order(pearson_correlations(final).matrix)
    for iteration, parameters in zip(trajectory.iterations, trajectory.parameters, strict=True):
        if iteration not in iterations:
            continue
        values = activities_of(parameters, activation, images).neurons[:, order]
        spread = values.std(axis=0)
        standardised = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        means = np.stack([standardised[labels == digit].mean(axis=0) for digit in range(CLASSES)])
        digit, place = np.indices(means.shape)
        matrix = pearson_correlations(values).matrix
        first, second = np.tril_indices(len(matrix), -1)
        at = {"run": trajectory.run, "iteration": iteration}
        yield (
            pd.DataFrame(
                {
                    "place": place.ravel(),
                    "neuron": order[place.ravel()],
                    "digit": digit.ravel(),
                    "activity": means.ravel(),
                }
            ).assign(**at),
            pd.DataFrame({"place": first, "other": second, "correlation": matrix[first, second]}).assign(**at),
        )
