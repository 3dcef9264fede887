"""The four initialisations of vock2025, Fig. 4."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.seeds import generator

# by their names in Fig. 4
INITIALISATIONS = {
    "init0": "uniform (Ciresan 2010)",
    "init1": "Xavier uniform (Glorot 2010)",
    "init2": "Kaiming uniform (He 2015)",
    "init3": "normal, variance 1 over fan-in (LeCun 1998)",
}


def initial_parameters(
    sizes: Sequence[int], seed_key: str, initialisation: str, half_widths: Sequence[float]
) -> tuple[list[NDArray[np.floating[Any]]], list[NDArray[np.floating[Any]]]]:
    """Weights of every layer of one network, and no biases, which start at zero.

    Args:
        sizes: neurons of the layers, inputs and classes included.
        seed_key: see :mod:`deepcrit.core.seeds`.
        initialisation: its name in Fig. 4.
        half_widths: of the uniform weights of init0, one a layer of weights.
    """
    rng = generator(seed_key)
    layers = zip(pairwise(sizes), half_widths, strict=True)
    return [draw_initial_weights(initialisation, *pair, half_width, rng) for pair, half_width in layers], []


def draw_initial_weights(
    initialisation: str, fan_in: int, fan_out: int, half_width: float, rng: np.random.Generator
) -> NDArray[np.floating[Any]]:
    """Weights of one layer, shape (fan in, fan out), single precision.

    Args:
        initialisation: its name in Fig. 4.
        fan_in: neurons before.
        fan_out: neurons behind.
        half_width: of init0, 0.05 in the paper.
        rng: generator.

    Raises:
        ValueError: for a name that is not in :data:`INITIALISATIONS`.
    """
    if initialisation == "init3":
        return rng.standard_normal((fan_in, fan_out), dtype="float32") / np.float32(math.sqrt(fan_in))
    half_widths = {
        "init0": half_width,
        "init1": math.sqrt(6.0 / (fan_in + fan_out)),
        "init2": math.sqrt(6.0 / fan_in),
    }
    if initialisation not in half_widths:
        raise ValueError(f"initialisation: found {initialisation!r}, expected one of {sorted(INITIALISATIONS)}")
    uniform = rng.random((fan_in, fan_out), dtype="float32")
    return (2.0 * uniform - 1.0) * np.float32(half_widths[initialisation])
