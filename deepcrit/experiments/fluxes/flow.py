"""Marginal fluxes: net changes of losses and weights, by where they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.physics.activations import activation as named_activation
from deepcrit.training.losses import cross_entropies
from deepcrit.training.networks import Parameters

LEAST_LOSS, MOST_LOSS = 1e-16, 1e3  # of logarithmic bins, in nats; what is beyond is in the outermost


def losses_of(
    parameters: Parameters, activation: str, images: NDArray[np.float32], labels: NDArray[np.int64]
) -> Floats:
    """Cross-entropy of every image, in nats, without loss of digits where it is small.

    Args:
        parameters: of a network.
        activation: of hidden layers.
        images: shape (images, pixels).
        labels: shape (images,).
    """
    phi = named_activation(activation)
    x, (*hidden, (weights, biases)) = images, list(zip(*parameters, strict=True))
    for w, b in hidden:
        x = np.asarray(phi(x @ w + b), np.float32)
    logits = (x @ weights + biases).astype(np.float64)
    return cross_entropies(logits, labels)


def total_flux(before: Floats, after: Floats, edges: Floats) -> float:
    """Total marginal flux, integral |J(x)| dx with J(x) = (1/n) sum_k dx_k delta(x - x_k), in bins of x.

    Args:
        before: values, shape (n,).
        after: the same values one iteration later.
        edges: of bins, ascending; values beyond are in the outermost.
    """
    places = np.clip(np.digitize(before, edges) - 1, 0, len(edges) - 2)
    net = np.bincount(places, weights=after - before, minlength=len(edges) - 1)
    return float(np.abs(net).sum() / before.size)


def loss_edges(bins: int) -> Floats:
    """Logarithmic bins of losses."""
    return np.geomspace(LEAST_LOSS, MOST_LOSS, bins + 1)


def weight_edges(weights: Floats, bins: int) -> Floats:
    """Even bins between the least and the largest weight."""
    low, high = float(weights.min()), float(weights.max())
    return np.linspace(low, high if high > low else low + 1.0, bins + 1)


def flux_row(before: tuple[Floats, Floats], after: tuple[Floats, Floats], bins: int) -> dict[str, float]:
    """Columns of ``flux_parts`` of one step.

    Args:
        before: losses of all images, and weights of the network.
        after: the same one iteration later.
        bins: of each.
    """
    (loss, weight), (next_loss, next_weight) = before, after
    return {
        "loss": float(loss.mean()),
        "loss_flux": total_flux(loss, next_loss, loss_edges(bins)),
        "loss_speed": float(np.abs(next_loss - loss).mean()),
        "weight_flux": total_flux(weight, next_weight, weight_edges(weight, bins)),
        "weight_speed": float(np.abs(next_weight - weight).mean()),
    }
