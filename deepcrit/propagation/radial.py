"""The radial chain: one avalanche as a Markov chain of its signal alone, O(1) per layer.

With fresh Gaussian weights the pre-activations of layer l are i.i.d. N(0, v), v = sw2 mean(phi(z^{l-1})^2) + sb2, so
q_l = v chi^2_N / N exactly. Replacing mean(phi^2) by its conditional mean and variance given the radius
(:mod:`deepcrit.propagation.radial_moments`) closes the chain on q; it is exact as N grows.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from deepcrit.propagation.block import AvalancheBlock, profile_offsets
from deepcrit.propagation.radial_moments import radial_moments
from deepcrit.propagation.spec import NetworkSpec


def simulate_radial(
    spec: NetworkSpec, launched: int, rng: np.random.Generator, profile_range: tuple[int, int]
) -> AvalancheBlock:
    """Launch a fixed number of avalanches and run each to its end.

    Args:
        spec: the network; Gaussian weights only.
        launched: avalanches launched.
        rng: source of randomness of this block.
        profile_range: shortest and longest duration whose profiles are summed.
    """
    moments = radial_moments(spec.activation, spec.width)
    shortest, longest = profile_range
    offsets = profile_offsets(shortest, longest)
    duration = np.empty(launched, np.int32)
    size = np.empty(launched, np.float64)
    censored = np.empty(launched, np.bool_)
    profile_count = np.zeros(longest - shortest + 1, np.int64)
    profile_sum = np.zeros(offsets[-1])
    started = _run_chains(
        rng, spec.width, spec.depth, spec.weight_variance, spec.bias_variance, spec.threshold,
        moments.ratio, moments.wobble, launched, duration, size, censored,
        shortest, longest, offsets, profile_count, profile_sum,
    )  # fmt: skip
    return AvalancheBlock(
        launched, duration[:started].copy(), size[:started].copy(), censored[:started].copy(),
        profile_count, profile_sum,
    )  # fmt: skip


@njit(cache=True, nogil=True, fastmath=False)
def _run_chains(
    rng: np.random.Generator,
    width: int,
    depth: int,
    weight_variance: float,
    bias_variance: float,
    threshold: float,
    ratio: NDArray[np.float64],
    wobble: NDArray[np.float64],
    launched: int,
    duration: NDArray[np.int32],
    size: NDArray[np.float64],
    censored: NDArray[np.bool_],
    shortest: int,
    longest: int,
    offsets: NDArray[np.int64],
    profile_count: NDArray[np.int64],
    profile_sum: NDArray[np.float64],
) -> int:
    """Fill duration, size and censored for the avalanches that start; return how many did."""
    # chi^2_N / N as a gamma variate, by Marsaglia and Tsang (2000): shape N/2, scale 2/N
    gamma_d = 0.5 * width - 1.0 / 3.0
    gamma_c = 1.0 / np.sqrt(9.0 * gamma_d)
    gamma_scale = 2.0 * gamma_d / width
    cells = ratio.size
    root_width = np.sqrt(width)
    q_threshold = threshold * threshold
    excess = np.empty(longest + 1)
    started = 0
    for _ in range(launched):
        q = q_threshold
        total = 0.0
        layer = 0
        while layer < depth:
            position = q / (1.0 + q) * cells
            cell = min(int(position), cells - 2)
            fraction = position - cell
            mean_square = q * (ratio[cell] + fraction * (ratio[cell + 1] - ratio[cell]))
            a = wobble[cell] + fraction * (wobble[cell + 1] - wobble[cell])
            factor = 1.0 + a * rng.standard_normal()
            v = weight_variance * mean_square * factor * factor / (1.0 + a * a) + bias_variance
            while True:
                x = rng.standard_normal()
                cube = 1.0 + gamma_c * x
                if cube <= 0.0:
                    continue
                cube = cube * cube * cube
                u = rng.random()
                if u < 1.0 - 0.0331 * x * x * x * x:
                    break
                if np.log(u) < 0.5 * x * x + gamma_d * (1.0 - cube + np.log(cube)):
                    break
            q = v * gamma_scale * cube
            if q < q_threshold:
                break
            layer += 1
            above = root_width * (np.sqrt(q) - threshold)
            total += above
            if layer <= longest:
                excess[layer] = above
        if layer == 0:
            continue
        duration[started] = layer
        size[started] = total
        censored[started] = layer == depth
        started += 1
        if layer < depth and shortest <= layer <= longest:
            profile_count[layer - shortest] += 1
            start = offsets[layer - shortest]
            for k in range(layer):
                profile_sum[start + k] += excess[k + 1]
    return started
