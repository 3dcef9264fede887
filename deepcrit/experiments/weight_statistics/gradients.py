"""Gradients of single images and the Hessian of their mean loss, by some of a network's weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepcrit.core.arrays import Floats

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu, "tanh": torch.tanh, "linear": lambda z: z
}  # fmt: skip
_CHUNK, _IMAGES = 16, 256  # rows of the Hessian, and images of gradients, at a time, so that memory is bounded


class GradientElements(NamedTuple):
    """Elements between pairs of weights, each of shape (weights, weights).

    Attributes:
        noise: covariance of the gradient of one image.
        products: of the mean gradient.
        hessian: of the mean loss.
    """

    noise: Floats
    products: Floats
    hessian: Floats


def gradient_elements(
    weights: tuple[Floats, Floats],
    biases: tuple[Floats, Floats],
    activation: str,
    first: Floats,
    labels: NDArray[np.int64],
    chosen: NDArray[np.int64],
) -> GradientElements:
    """Exact derivatives of the cross-entropy by weights after the first hidden layer.

    Args:
        weights: of the second hidden layer and of the output, shapes (fan in, fan out).
        biases: of them.
        activation: of the second hidden layer.
        first: activities of the first hidden layer, shape (images, neurons).
        labels: shape (images,).
        chosen: places in the weights of both layers, one behind the other, row by row.

    Raises:
        ValueError: for an activation that is not known.
    """
    if activation not in _ACTIVATIONS:
        raise ValueError(f"activation: found {activation!r}, expected one of {', '.join(_ACTIVATIONS)}")
    phi, size = _ACTIVATIONS[activation], weights[0].size
    flat = torch.from_numpy(np.concatenate([np.ravel(part) for part in weights]))
    offsets = [torch.from_numpy(np.asarray(part, np.float64)) for part in biases]
    x, y, places = torch.from_numpy(first), torch.from_numpy(labels), torch.from_numpy(chosen)

    def losses(values: Tensor, entering: Tensor, classes: Tensor) -> Tensor:
        whole = flat.index_put((places,), values)
        second = phi(entering @ whole[:size].reshape(weights[0].shape) + offsets[0])
        logits = second @ whole[size:].reshape(weights[1].shape) + offsets[1]
        return torch.nn.functional.cross_entropy(logits, classes, reduction="none")

    at = flat[places]
    each = torch.func.vmap(
        torch.func.grad(lambda values, one, label: losses(values, one[None], label[None])[0]), (None, 0, 0),
        chunk_size=_IMAGES,
    )(at, x, y).numpy()  # fmt: skip
    slope = torch.func.jacrev(lambda values: losses(values, x, y).mean())
    hessian = torch.func.jacrev(slope, chunk_size=_CHUNK)(at).numpy()
    mean = each.mean(axis=0)
    noise = (each - mean).T @ (each - mean) / len(each)
    return GradientElements(noise, np.outer(mean, mean), hessian)
