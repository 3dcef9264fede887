"""Planes through a network's weights along critical or other connections, and losses on them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats, Mask
from deepcrit.physics.activations import activation as named_activation
from deepcrit.training.losses import cross_entropies

Labels = NDArray[np.int64]


class UpperLayers(NamedTuple):
    """What follows the first hidden layer: weights (fan in, fan out) and biases of the layers after it."""

    weights: tuple[Floats, Floats]
    biases: tuple[Floats, Floats]
    activation: str

    def moved(self, steps: tuple[Floats, Floats]) -> UpperLayers:
        """With weights moved."""
        return self._replace(weights=(self.weights[0] + steps[0], self.weights[1] + steps[1]))

    def losses(self, first: Floats, labels: Labels) -> Floats:
        """Cross-entropy of every image, shape (images,), from activities of the first hidden layer."""
        second = named_activation(self.activation)(first @ self.weights[0] + self.biases[0])
        logits = np.asarray(second @ self.weights[1] + self.biases[1], np.float64)
        return cross_entropies(logits, labels)


class Roughness(NamedTuple):
    """A landscape over a plane: its variance, and the mean square of its second differences along both axes."""

    variance: float
    roughness: float


def connections(correlations: Floats, hidden: int, threshold: float, signed: bool) -> tuple[Mask, Mask]:
    """Which connections after the first hidden layer are critical, in the shapes of their weights.

    Args:
        correlations: of all neurons, from the first hidden layer on.
        hidden: neurons of each hidden layer.
        threshold: least correlation of both ends.
        signed: whether negative ones never count, rather than by their size.
    """
    critical = (correlations if signed else np.abs(correlations)) >= threshold
    return critical[:hidden, hidden : 2 * hidden], critical[hidden : 2 * hidden, 2 * hidden :]


def direction(
    layers: UpperLayers, support: tuple[Mask, Mask], normalised: bool, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """A random direction on some of the connections.

    Args:
        layers: whose weights are moved.
        support: connections that move.
        normalised: by filter (Li et al. 2018): what enters a neuron moves by as much as the weights that may move; else
            the whole direction is as long as all weights.
        rng: of the draw.

    Returns:
        Steps of both layers; zero without connections to move.
    """
    drawn = tuple(np.where(mask, rng.standard_normal(mask.shape), 0.0) for mask in support)
    if normalised:
        steps = []
        for step, weights, mask in zip(drawn, layers.weights, support, strict=True):
            length, wanted = np.linalg.norm(step, axis=0), np.linalg.norm(np.where(mask, weights, 0.0), axis=0)
            steps.append(step * np.divide(wanted, length, out=np.zeros_like(length), where=length > 0))
        return steps[0], steps[1]
    length = float(np.sqrt(sum((step**2).sum() for step in drawn)))
    wanted = float(np.sqrt(sum((weights**2).sum() for weights in layers.weights)))
    scale = wanted / length if length > 0 else 0.0
    return drawn[0] * scale, drawn[1] * scale


def sliced(
    layers: UpperLayers, ends: tuple[tuple[Floats, Floats], tuple[Floats, Floats]], reach: float, points: int,
    first: Floats, labels: Labels,
) -> Floats:  # fmt: skip
    """Losses over a plane, shape (points, points, images); coordinates run evenly from -reach to reach."""
    at = np.linspace(-reach, reach, points)
    return np.stack(
        [
            np.stack(
                [
                    layers.moved((a * ends[0][0] + b * ends[1][0], a * ends[0][1] + b * ends[1][1])).losses(
                        first, labels
                    )
                    for b in at
                ]
            )
            for a in at
        ]
    )


def roughness(landscape: Floats) -> Roughness:
    """Of a landscape of shape (points, points)."""
    second = [np.diff(landscape, 2, axis=axis) for axis in (0, 1)]
    return Roughness(float(landscape.var()), float(np.mean([(part**2).mean() for part in second])))
