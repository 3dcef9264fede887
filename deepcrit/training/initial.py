"""Initial parameters of fully connected networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.seeds import generator
from deepcrit.training.networks import Parameters


def gaussian_parameters(
    sizes: Sequence[int], seed_key: str, weight_variance: float, bias_variance: float
) -> Parameters:
    """Gaussian weights of variance sw2 over fan-in and biases of variance sb2, single precision.

    Args:
        sizes: neurons of the layers, inputs and classes included.
        seed_key: see :mod:`deepcrit.core.seeds`.
        weight_variance: sw2.
        bias_variance: sb2.
    """
    rng = generator(seed_key)

    def normals(shape: tuple[int, ...], variance: float) -> NDArray[np.float32]:
        return rng.standard_normal(shape, dtype=np.float32) * np.float32(math.sqrt(variance))

    weights = [normals(pair, weight_variance / pair[0]) for pair in pairwise(sizes)]
    return weights, [normals((fan_out,), bias_variance) for fan_out in sizes[1:]]
