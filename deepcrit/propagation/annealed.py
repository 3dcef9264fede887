"""The annealed chain: fresh layers for every avalanche, O(N) per layer, any activation.

Given y^l, the pre-activations of one input in a fresh Gaussian layer are exactly i.i.d.
N(0, sw2 mean(y^2) + sb2): drawing them directly gives the law of one avalanche without a weight matrix.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from deepcrit.propagation.block import AvalancheBlock, profile_offsets
from deepcrit.propagation.normals import BATCH, fill_normals, lane_states
from deepcrit.propagation.spec import NetworkSpec
from deepcrit.propagation.squashing import CODES, mean_square, mean_square_activity


def simulate_annealed(
    spec: NetworkSpec, launched: int, rng: np.random.Generator, profile_range: tuple[int, int]
) -> AvalancheBlock:
    """Launch a fixed number of avalanches and run each to its end.

    Args:
        spec: the network; Gaussian weights only.
        launched: avalanches launched.
        rng: source of randomness of this block.
        profile_range: shortest and longest duration whose profiles are summed.
    """
    shortest, longest = profile_range
    offsets = profile_offsets(shortest, longest)
    duration = np.empty(launched, np.int32)
    size = np.empty(launched, np.float64)
    censored = np.empty(launched, np.bool_)
    profile_count = np.zeros(longest - shortest + 1, np.int64)
    profile_sum = np.zeros(offsets[-1])
    layers_held = max(8, 4096 // spec.width)
    normals = np.empty(-(-spec.width * layers_held // BATCH) * BATCH, np.float32)
    started = _run_chains(
        lane_states(rng), normals, spec.width, spec.depth, spec.weight_variance, spec.bias_variance,
        spec.threshold, CODES[spec.activation], launched, duration, size, censored,
        shortest, longest, offsets, profile_count, profile_sum,
    )  # fmt: skip
    return AvalancheBlock(
        launched, duration[:started].copy(), size[:started].copy(), censored[:started].copy(),
        profile_count, profile_sum,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _run_chains(
    states: NDArray[np.uint32],
    normals: NDArray[np.float32],
    width: int,
    depth: int,
    weight_variance: float,
    bias_variance: float,
    threshold: float,
    code: int,
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
    root_width = np.sqrt(width)
    q_threshold = threshold * threshold
    excess = np.empty(longest + 1)
    used = normals.size
    started = 0
    for _ in range(launched):
        if used + width > normals.size:
            fill_normals(states, normals)
            used = 0
        g = normals[used : used + width]
        used += width
        # the input: a uniform direction at the input strength
        scale = threshold / np.sqrt(mean_square(g))
        total = 0.0
        layer = 0
        while layer < depth:
            v = weight_variance * mean_square_activity(code, g, np.float32(scale)) + bias_variance
            if used + width > normals.size:
                fill_normals(states, normals)
                used = 0
            g = normals[used : used + width]
            used += width
            q = v * mean_square(g)
            if q < q_threshold:
                break
            layer += 1
            scale = np.sqrt(v)
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
