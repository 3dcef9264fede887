"""Initial parameters of fully connected networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.seeds import generator
from deepcrit.stats import stable
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


def scaled_parameters(sizes: Sequence[int], seed_key: str, initialisation: str) -> Parameters:
    """Parameters of a customary initialisation, single precision; networks of one key differ in scale alone.

    Args:
        sizes: neurons of the layers, inputs and classes included.
        seed_key: see :mod:`deepcrit.core.seeds`.
        initialisation: ``he``, Gaussian weights of variance 2 over fan-in (He et al. 2015), and no biases; ``glorot``,
            of variance 2 over the sum of fan-in and fan-out (Glorot and Bengio 2010), and no biases; ``uniform``,
            weights and biases uniform within one over the root of fan-in, as torch's linear layers begin.

    Raises:
        ValueError: for another name.
    """
    if initialisation == "uniform":
        rng, weights, biases = generator(seed_key), [], []
        for fan_in, fan_out in pairwise(sizes):
            bound = 1.0 / math.sqrt(fan_in)
            weights.append(rng.uniform(-bound, bound, (fan_in, fan_out)).astype(np.float32))
            biases.append(rng.uniform(-bound, bound, fan_out).astype(np.float32))
        return weights, biases
    if initialisation not in ("he", "glorot"):
        raise ValueError(f"initialisation: found {initialisation!r}, expected he, glorot or uniform")
    drawn = gaussian_parameters(sizes, seed_key, 2.0, 0.0)
    if initialisation == "he":
        return drawn
    scales = [np.float32(math.sqrt(fan_in / (fan_in + fan_out))) for fan_in, fan_out in pairwise(sizes)]
    return [weight * scale for weight, scale in zip(drawn[0], scales, strict=True)], drawn[1]


def stable_parameters(sizes: Sequence[int], seed_key: str, alpha: float, gain: float, bias: float = 0.0) -> Parameters:
    """Weights S_alpha(g (2 sqrt(fan in times fan out))^(-1/alpha)) and biases S_alpha((D_b/2)^(1/alpha)).

    Single precision. Between layers of equal width weights are S_alpha((D_w/2N)^(1/alpha)); elsewhere the authors' code
    has this.

    Args:
        sizes: neurons of the layers, inputs and classes included.
        seed_key: see :mod:`deepcrit.core.seeds`.
        alpha: index of stability.
        gain: g.
        bias: D_b; without it no biases are drawn.
    """
    rng = generator(seed_key)
    scales = (gain * (2 * (fan_in * fan_out) ** 0.5) ** (-1 / alpha) for fan_in, fan_out in pairwise(sizes))
    drawn = (stable.sample(rng, shape, alpha, scale) for shape, scale in zip(pairwise(sizes), scales, strict=True))
    # a weight beyond single precision is infinite, and its network recorded as diverged
    with np.errstate(over="ignore"):
        weights = [matrix.astype(np.float32) for matrix in drawn]
        if bias == 0:
            return weights, []
        return weights, [
            stable.sample(rng, (n,), alpha, (bias / 2) ** (1 / alpha)).astype(np.float32) for n in sizes[1:]
        ]
