"""The annealed chain of stable weights: fresh layers for every avalanche, O(N) per layer, any activation.

Given y^l, the pre-activations of one input in a fresh layer of weights S_alpha((D_w/2N)^(1/alpha)) are exactly i.i.d.
S_alpha((D_w/2 mean |y|^alpha)^(1/alpha)): as for Gaussian weights, which are those of alpha = 2, no matrix is drawn.
"""

from __future__ import annotations

import numpy as np

from deepcrit.physics.activations import activation
from deepcrit.physics.propagation.block import AvalancheBlock, summed_profiles
from deepcrit.physics.propagation.network import gaussian_inputs
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.stats import stable

_HELD = 1 << 20  # neurons of all avalanches that are followed together


def simulate_annealed_stable(
    spec: NetworkSpec, launched: int, rng: np.random.Generator, profile_range: tuple[int, int]
) -> AvalancheBlock:
    """Launch a fixed number of avalanches through stable weights and run each to its end.

    Args:
        spec: the network; weights of the ``levy`` ensemble, D_w = sw2^(alpha/2), and Gaussian biases.
        launched: avalanches launched.
        rng: source of randomness of this block.
        profile_range: shortest and longest duration whose profiles are summed.
    """
    duration, size = np.zeros(launched, np.int32), np.zeros(launched)
    shortest, longest = profile_range
    excess = np.zeros((launched, min(longest, spec.depth)))
    together = max(1, _HELD // spec.width)
    for first in range(0, launched, together):
        part = slice(first, min(first + together, launched))
        _run(spec, rng, duration[part], size[part], excess[part])
    censored = duration == spec.depth
    started = duration > 0
    return AvalancheBlock(
        launched,
        duration[started],
        size[started],
        censored[started],
        *summed_profiles(duration, censored, excess, shortest, longest),
    )


def _run(
    spec: NetworkSpec, rng: np.random.Generator, duration: np.ndarray, size: np.ndarray, excess: np.ndarray
) -> None:
    """Fill duration, size and excess of avalanches that are followed together, layer by layer."""
    phi, alpha = activation(spec.activation), spec.levy_alpha
    weight = spec.weight_variance ** (alpha / 2) / 2
    live = np.arange(duration.size)
    strength_of_input = gaussian_inputs(spec, duration.size, rng).astype(np.float64)
    scale = (weight * (np.abs(phi(strength_of_input)) ** alpha).mean(axis=1)) ** (1 / alpha)
    for layer in range(1, spec.depth + 1):
        z = stable.sample(rng, (live.size, spec.width), alpha)
        z *= scale[:, None]
        if spec.bias_variance > 0:
            z += np.sqrt(spec.bias_variance) * rng.standard_normal(z.shape)
        strength = np.sqrt(np.einsum("ij,ij->i", z, z) / spec.width)
        above = strength >= spec.threshold
        live, z, strength = live[above], z[above], strength[above]
        if not live.size:
            break
        duration[live] = layer
        over = np.sqrt(spec.width) * (strength - spec.threshold)
        size[live] += over
        if layer <= excess.shape[1]:
            excess[live, layer - 1] = over
        scale = (weight * (np.abs(phi(z)) ** alpha).mean(axis=1)) ** (1 / alpha)
