"""Activation functions phi, by the name used in the configuration."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

ActivationFunction = Callable[[NDArray[np.floating]], NDArray[np.floating]]


def _relu(z: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.maximum(z, 0.0)


def _linear(z: NDArray[np.floating]) -> NDArray[np.floating]:
    return z


# Every entry satisfies phi(0) = 0, so that silence is an absorbing state without bias.
ACTIVATIONS: dict[str, ActivationFunction] = {"tanh": np.tanh, "relu": _relu, "linear": _linear}


def activation(name: str) -> ActivationFunction:
    """The activation function of that name.

    Raises:
        ValueError: if the name is not one of ``ACTIVATIONS``.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation: found {name!r}, expected one of {sorted(ACTIVATIONS)}")
    return ACTIVATIONS[name]
