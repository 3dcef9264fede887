"""What the four papers measure of one network before it is trained.

ghavasieh2025: how far its weights are from the Widom-like line, where the mean size of avalanches grows fastest with
the variance of weights (their Fig. 3e). vock2025: its largest Lyapunov exponent. qu2022: mean modulus of the
eigenvalues of layerwise Jacobians, which is J_f of f(r) = r - 2 but for a constant, and D_2 of their eigenvectors.
liu2025: susceptibility of the graph of its correlated neurons.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor

from deepcrit.core.arrays import Floats
from deepcrit.core.devices import placed
from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.graphs.measures import component_sizes, percolation_susceptibility, thresholded
from deepcrit.physics.heavytails import dimensions, layerwise_jacobian, right_eigenvectors
from deepcrit.physics.lyapunov.exponent import lyapunov_exponent
from deepcrit.physics.lyapunov.singular import largest_singular_values
from deepcrit.training.activities import activities_of
from deepcrit.training.networks import FullyConnected, Parameters, Shape

LOG_FACTORS = np.linspace(-2.0, 1.5, 51)  # of weights, among which the Widom-like line is looked for
"""From a seventh to four and a half times the weights of the network."""


def measured_notions(
    parameters: Parameters, images: Tensor, settings: Mapping[str, Any], rng: np.random.Generator
) -> dict[str, float]:
    """Columns of ``agreement_notions`` of one network of tanh neurons.

    Args:
        parameters: weights of shape (fan in, fan out), and biases of every layer.
        images: shape (images, pixels); the first ones are used.
        settings: keys of the configuration.
        rng: for the signals whose avalanches are followed.
    """
    weights, biases = ([np.asarray(part, np.float64) for part in of] for of in parameters)
    width = weights[0].shape[1]
    signals = rng.standard_normal((settings["signals"], width))
    signals *= settings["input_strength"] / np.linalg.norm(signals, axis=1, keepdims=True)
    sizes = mean_avalanche_sizes(weights[1:-1], biases[1:-1], signals, np.exp(LOG_FACTORS))
    activities = activities_of(parameters, "tanh", images[: settings["graph_images"]].cpu().numpy()).neurons
    edges = thresholded(pearson_correlations(activities).matrix, settings["threshold"])
    return {
        "critical_factor": steepest_factor(LOG_FACTORS, sizes),
        "lyapunov_exponent": mean_exponent(parameters, images[: settings["stretching_images"]]),
        **eigenvalue_columns(
            weights, biases, images[: settings["jacobian_images"]].cpu().numpy(), settings["jacobian_layers"]
        ),
        "percolation": percolation_susceptibility(component_sizes(edges)),
    }


def mean_avalanche_sizes(weights: list[Floats], biases: list[Floats], signals: Floats, factors: Floats) -> Floats:
    """Mean size of avalanches through square layers of tanh neurons, at each of several factors of all weights.

    As ghavasieh2025 has it, an avalanche lasts while sqrt(mean z^2) is not below the threshold, that of the signal
    before the layers, and its size is what is above it, summed over layers. One that has not ended with the layers
    counts up to there, and one that never starts as zero.

    Args:
        weights: shape (width, width) each.
        biases: shape (width,) each.
        signals: z^0, all of one norm, shape (signals, width).
        factors: shape (factors,).

    Returns:
        Shape (factors,), in units of sqrt(q).
    """
    threshold = np.sqrt((signals[0] ** 2).mean())
    z = np.broadcast_to(signals, (len(factors), *signals.shape))
    alive = np.ones(z.shape[:2], bool)
    sizes = np.zeros(z.shape[:2])
    for matrix, bias in zip(weights, biases, strict=True):
        z = factors[:, None, None] * (np.tanh(z) @ matrix) + bias
        strength = np.sqrt((z**2).mean(axis=-1))
        alive &= strength >= threshold
        sizes += np.where(alive, strength - threshold, 0.0)
    return np.asarray(sizes.mean(axis=1))


def steepest_factor(log_factors: Floats, sizes: Floats) -> float:
    """Factor of weights at which mean sizes grow fastest with its square, by a parabola through the three best.

    Args:
        log_factors: evenly spaced, shape (factors,).
        sizes: shape (factors,).
    """
    slopes = np.gradient(sizes, np.exp(2 * log_factors))
    best = int(slopes.argmax())
    if not 0 < best < len(slopes) - 1:
        return float(np.exp(log_factors[best]))
    before, here, after = slopes[best - 1 : best + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(np.exp(log_factors[best] + shift * (log_factors[1] - log_factors[0])))


def mean_exponent(parameters: Parameters, images: Tensor) -> float:
    """Largest Lyapunov exponent of logits by pixels, averaged over images, in nat per layer of weights."""
    sizes = (images.shape[1], *(weights.shape[1] for weights in parameters[0]))
    network = FullyConnected.drawn(Shape(sizes, "tanh"), 1, [parameters])

    def logits(inputs: Tensor) -> Tensor:
        return network.logits(inputs)[0]

    found = largest_singular_values(logits, placed(images.to(torch.float32)))
    return float(lyapunov_exponent(found.log_value, len(sizes) - 1).mean())


def eigenvalue_columns(
    weights: list[Floats], biases: list[Floats], images: Floats, layers: list[int]
) -> dict[str, float]:
    """Mean modulus of eigenvalues and mean D_2 of right eigenvectors of W^(l+1) D^l, over some images and layers."""
    matrices = [matrix.T for matrix in weights]
    radii, spread = [], []
    for image, layer in product(images, layers):
        jacobian = layerwise_jacobian(matrices[: layer + 1], image, layer, "pre_activation", biases=biases)
        values, vectors = right_eigenvectors(jacobian)
        radii.append(np.abs(values).mean())
        spread.append(dimensions(vectors, [2.0]).mean())
    return {"radius": float(np.mean(radii)), "dimension": float(np.mean(spread))}
