"""The radial chain: one avalanche as a Markov chain of its signal alone, O(1) per layer.

With fresh Gaussian weights the pre-activations of layer l are i.i.d. N(0, v), v = sw2 mean(phi(z^{l-1})^2) + sb2, so
q_l = v chi^2_N / N exactly. Replacing mean(phi^2) by its conditional mean and variance given the radius
(:mod:`deepcrit.physics.propagation.radial_moments`) closes the chain on q; it is exact as N grows.
"""

from __future__ import annotations

import numpy as np

from deepcrit.physics.propagation.block import AvalancheBlock, profile_offsets
from deepcrit.physics.propagation.kernels import run_radial
from deepcrit.physics.propagation.radial_moments import radial_moments
from deepcrit.physics.propagation.spec import NetworkSpec


def simulate_radial(
    spec: NetworkSpec, launched: int, rng: np.random.Generator, profile_range: tuple[int, int]
) -> AvalancheBlock:
    """Launch avalanches of the signal alone, O(1) a layer, and run each to its end.

    Args:
        spec: the network; Gaussian weights only.
        launched: avalanches launched.
        rng: source of randomness of this block.
        profile_range: shortest and longest duration whose profiles are summed.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import NetworkSpec, simulate_radial
        >>> spec = NetworkSpec(width=100, depth=300, weight_variance=1.01)
        >>> block = simulate_radial(spec, 10_000, np.random.default_rng(1), profile_range=(20, 100))
        >>> block.duration.size == block.size.size < block.launched
        True
        >>> print(f"{block.duration.size / block.launched:.1f} of all inputs start an avalanche")
        0.5 of all inputs start an avalanche
    """
    moments = radial_moments(spec.activation, spec.width)
    shortest, longest = profile_range
    offsets = profile_offsets(shortest, longest)
    duration = np.empty(launched, np.int32)
    size = np.empty(launched, np.float64)
    censored = np.empty(launched, np.bool_)
    profile_count = np.zeros(longest - shortest + 1, np.int64)
    profile_sum = np.zeros(offsets[-1])
    started = run_radial(
        rng, spec.width, spec.depth, spec.weight_variance, spec.bias_variance, spec.threshold,
        moments.ratio, moments.relative_deviation, launched, duration, size, censored,
        shortest, longest, offsets, profile_count, profile_sum,
    )  # fmt: skip
    return AvalancheBlock(
        launched, duration[:started].copy(), size[:started].copy(), censored[:started].copy(),
        profile_count, profile_sum,
    )  # fmt: skip
