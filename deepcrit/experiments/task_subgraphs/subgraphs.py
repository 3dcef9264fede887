"""Critical computational graphs: the few edges of a trained network by which one digit is told from all others.

The paper names three stages, clustering, growing and pruning, and prints no more of them. Neurons are those of the two
hidden layers and the output of the digit; a neuron of the first layer keeps the weights of all its pixels, so that
edges are those between neurons.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats, Mask
from deepcrit.experiments.task_subgraphs.readout import (
    WARM_STEPS,
    balanced_accuracies,
    balanced_losses,
    balanced_offset,
)
from deepcrit.physics.activations import activation as named_activation

_SLOPES: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda activity: (activity > 0).astype(np.float64),
    "tanh": lambda activity: 1.0 - activity**2,
}


def activated(name: str, preactivations: Floats) -> Floats:
    """Activities of hidden neurons by an activation function of that name, of the shape of their preactivations."""
    return np.asarray(named_activation(name)(preactivations), np.float64)


class DigitTask(NamedTuple):
    """One digit to be told from all others, by a network of two hidden layers.

    Attributes:
        first: activities of the first hidden layer, shape (images, neurons).
        on: whether an image is of the digit, shape (images,).
        weights: from the first hidden layer to the second, shape (neurons, neurons).
        biases: of the second, shape (neurons,).
        outward: weights from the second hidden layer to the digit's output, shape (neurons,).
        activation: of hidden layers, by name.
    """

    first: Floats
    on: Mask
    weights: Floats
    biases: Floats
    outward: Floats
    activation: str

    def second(self, graph: Subgraph) -> Floats:
        """Activities of the second hidden layer with the edges of a graph alone, shape (images, neurons)."""
        alone = self.first @ np.where(graph.lower, self.weights, 0.0) + self.biases
        return activated(self.activation, alone)

    def signal(self, graph: Subgraph) -> Floats:
        """What reaches the digit's output, its bias left out, shape (images,)."""
        return self.second(graph) @ np.where(graph.upper, self.outward, 0.0)


class Subgraph(NamedTuple):
    """Edges of a network that are kept.

    Attributes:
        lower: from the first hidden layer to the second, shape (neurons, neurons).
        upper: from the second hidden layer to the digit's output, shape (neurons,).
    """

    lower: Mask
    upper: Mask

    @property
    def edges(self) -> int:
        """Edges between neurons, N_E; those of pixels are not counted."""
        return int(self.lower.sum() + self.upper.sum())

    @property
    def vertices(self) -> int:
        """Neurons with an edge, N_V, the output included."""
        return int(self.lower.any(axis=1).sum() + self.upper.sum() + self.upper.any())

    def trimmed(self) -> Subgraph:
        """Without edges that are on no path from the first hidden layer to the output."""
        upper = self.upper & self.lower.any(axis=0)
        return Subgraph(self.lower & upper, upper)


def selectivity(activities: Floats, on: Mask) -> Floats:
    """How far activities differ between a digit and all others, in standard deviations over all images.

    Args:
        activities: shape (images, neurons).
        on: whether an image is of the digit, shape (images,).

    Returns:
        Differences of means, shape (neurons,), zero for neurons with one activity for all images.
    """
    spread = activities.std(axis=0)
    difference = activities[on].mean(axis=0) - activities[~on].mean(axis=0)
    return np.divide(difference, spread, out=np.zeros_like(spread), where=spread > 0)


def clustered(
    correlations: Floats, selective: Floats, output: int, least_correlation: float, least_selectivity: float
) -> Subgraph:
    """First stage: edges among selective neurons that are all correlated with each other and with the output.

    Neurons join the output one after another, those of strongest correlation with it first, if they are correlated
    with all that have joined.

    Args:
        correlations: of all neurons, hidden layers first, shape (neurons, neurons).
        selective: their selectivity for the digit, shape (neurons,).
        output: place of the digit's output; hidden layers are as wide as each other.
        least_correlation: |C| of two neurons of a cluster.
        least_selectivity: |selectivity| of them.
    """
    strength = np.abs(correlations)
    hidden = (len(correlations) - 10) // 2
    members = [output]
    for neuron in np.argsort(-strength[: 2 * hidden, output], kind="stable"):
        if abs(selective[neuron]) > least_selectivity and (strength[neuron, members] >= least_correlation).all():
            members.append(int(neuron))
    inside = np.isin(np.arange(2 * hidden), members)
    lower = inside[:hidden, None] & inside[None, hidden:]
    return Subgraph(lower, inside[hidden:]).trimmed()


def grown(task: DigitTask, graph: Subgraph, least_gain: float, candidates: int, most_edges: int) -> Subgraph:
    """Second stage: whichever edge lowers the loss most is added, until none does by enough.

    An edge to a neuron that does not reach the output brings that neuron's edge to the output along; the gain of both
    then counts half each. Edges are ranked by the derivative of the loss, and the first of them by the loss itself.

    Args:
        task: what is to be told.
        graph: from which to start.
        least_gain: fraction of the loss by which an edge has to lower it.
        candidates: edges whose loss is computed at every step.
        most_edges: at which growth ends.
    """
    phi, slope = partial(activated, task.activation), _SLOPES[task.activation]
    lower, upper = graph.lower.copy(), graph.upper.copy()
    alone = task.first @ np.where(lower, task.weights, 0.0) + task.biases
    on = task.on
    while lower.sum() + upper.sum() < most_edges:
        second = phi(alone)
        signal = second @ np.where(upper, task.outward, 0.0)
        offset = balanced_offset(signal, on)
        loss = float(balanced_losses(signal, on, offset))
        error = _error(signal, on, offset)
        # by how much an edge lowers the loss, to first order: of neurons that reach the output, and of the others
        reached = -(task.first.T @ (error[:, None] * slope(second) * task.outward)) * task.weights
        opened = phi(task.weights) if task.activation == "relu" else task.weights
        opening = -(task.first.T @ error)[:, None] * opened * task.outward / 2.0
        gains = np.where(lower, -np.inf, np.where(upper, reached, opening))
        best = np.argsort(-gains, axis=None, kind="stable")[:candidates]
        rows, columns = np.unravel_index(best[np.isfinite(gains.ravel()[best])], gains.shape)
        if not rows.size:
            break
        moved = alone[:, columns] + task.first[:, rows] * task.weights[rows, columns]
        change = phi(moved) - np.where(upper[columns], second[:, columns], 0.0)
        signals = (signal[:, None] + change * task.outward[columns]).T
        losses = balanced_losses(signals, on, balanced_offset(signals, on, float(offset), WARM_STEPS))
        gained = (loss - losses) / np.where(upper[columns], 1.0, 2.0)
        place = int(np.argmax(gained))
        if gained[place] <= least_gain * loss:
            break
        row, column = rows[place], columns[place]
        lower[row, column], upper[column] = True, True
        alone[:, column] = moved[:, place]
    return Subgraph(lower, upper)


def pruned(task: DigitTask, graph: Subgraph, least_accuracy: float) -> Subgraph:
    """Third stage: whichever edge raises the loss least is dropped, until balanced accuracy would fall too low.

    Dropping the last edge to a neuron, or its edge to the output, drops the neuron.

    Args:
        task: what is to be told.
        graph: from which to start.
        least_accuracy: balanced accuracy that stays.
    """
    phi, on = partial(activated, task.activation), task.on
    graph = graph.trimmed()
    while graph.edges:
        second = task.second(graph)
        signal = second @ np.where(graph.upper, task.outward, 0.0)
        offset = float(balanced_offset(signal, on))
        alone = task.first @ np.where(graph.lower, task.weights, 0.0) + task.biases
        rows, columns = np.nonzero(graph.lower)
        last = graph.lower.sum(axis=0)[columns] == 1
        left = phi(alone[:, columns] - task.first[:, rows] * task.weights[rows, columns])
        (neurons,) = np.nonzero(graph.upper)
        change = np.concatenate([np.where(last, 0.0, left) - second[:, columns], -second[:, neurons]], axis=1)
        signals = (signal[:, None] + change * task.outward[np.concatenate([columns, neurons])]).T
        offsets = balanced_offset(signals, on, offset, WARM_STEPS)
        place = int(np.argmin(balanced_losses(signals, on, offsets)))
        settled = balanced_offset(signals[place], on, float(offsets[place]))
        if balanced_accuracies(signals[place], on, settled) < least_accuracy:
            break
        lower, upper = graph.lower.copy(), graph.upper.copy()
        if place < rows.size:
            lower[rows[place], columns[place]] = False
        else:
            upper[neurons[place - rows.size]] = False
        graph = Subgraph(lower, upper).trimmed()
    return graph


def _error(signal: Floats, on: Mask, offset: Floats) -> Floats:
    """Derivative of the balanced loss by the signal of every image, shape (images,)."""
    own = on.sum()
    probability = 1.0 / (1.0 + np.exp(-(signal + offset)))
    return (probability - on) * np.where(on, 0.5 / own, 0.5 / (on.size - own))
