"""Activities of all neurons of a network, layer after layer."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.physics.activations import activation as named_activation
from deepcrit.training.networks import Parameters


class Activities(NamedTuple):
    """Of all neurons but inputs: hidden ones after their activation function, classes as logits.

    Attributes:
        neurons: shape (images, neurons).
        logits: the last of them, shape (images, classes).
    """

    neurons: Floats
    logits: Floats


def activities_of(parameters: Parameters, activation: str, images: NDArray[np.float32]) -> Activities:
    """Activities of a network, for images of shape (images, pixels), in single precision but for what is returned.

    Raises:
        ValueError: for an activation function that is not known.
    """
    phi = named_activation(activation)
    found: list[NDArray[Any]] = []
    x: NDArray[Any] = images
    layers = list(zip(*parameters, strict=True))
    for number, (weights, biases) in enumerate(layers, start=1):
        z = x @ weights + biases
        x = phi(z) if number < len(layers) else z
        found.append(x)
    values = np.concatenate(found, axis=1).astype(np.float64)
    return Activities(values, values[:, -found[-1].shape[1] :])
