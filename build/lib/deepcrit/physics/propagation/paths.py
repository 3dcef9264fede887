"""Signal strength layer by layer, of one input in each of many networks, whether or not an avalanche goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepcrit.physics.activations import activation
from deepcrit.physics.propagation.network import gaussian_inputs
from deepcrit.physics.propagation.spec import NetworkSpec

# mean squares between this and its inverse have not lost anything to the range of single precision
SAFE_MEAN_SQUARE = 1e-24


def simulate_paths(spec: NetworkSpec, networks: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """sqrt(q_l), l = 0..L, of one Gaussian input in each of independent networks, shape (networks, L + 1).

    By the annealed chain (:mod:`deepcrit.physics.propagation.annealed`), which for one input has the law of a network.

    Args:
        spec: the networks; Gaussian weights only.
        networks: how many, each with an input of its own.
        rng: source of randomness of all of them.

    Raises:
        ValueError: for another ensemble of weights.
    """
    if spec.ensemble != "gaussian":
        raise ValueError(f"ensemble: found {spec.ensemble!r}, expected 'gaussian'")
    phi = activation(spec.activation)
    z = gaussian_inputs(spec, networks, rng)
    strength = np.empty((networks, spec.depth + 1))
    strength[:, 0] = spec.threshold
    for layer in range(1, spec.depth + 1):
        variance = spec.weight_variance * _mean_square(phi(z)) + spec.bias_variance
        z = rng.standard_normal((networks, spec.width), dtype=np.float32)
        z *= np.sqrt(variance)[:, None].astype(np.float32)
        strength[:, layer] = np.sqrt(_mean_square(z))
    return strength


def _mean_square(z: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean of z^2 over the width; in double precision for all, where for some it leaves the range of single."""
    with np.errstate(over="ignore"):
        found = np.square(z).mean(axis=1, dtype=np.float64)
    if not ((found > SAFE_MEAN_SQUARE) & (found < 1 / SAFE_MEAN_SQUARE)).all():
        found = np.square(z, dtype=np.float64).mean(axis=1)
    return np.asarray(found, np.float64)
