"""The paper's own protocol: many inputs through one explicit random network, layer by layer.

Weights are drawn layer by layer and never held; inputs whose avalanche has ended are dropped. While more inputs live
than there are neurons a layer costs one weight matrix. Below that, Z = Y W depends on W only through the Gram matrix
K = Y Y^T of the live activities: with K = A A^T, A of shape (live, rank), Z has the law of A G for a Gaussian G of
shape (rank, N), which needs rank rather than N rows of random numbers. Aligned inputs make K singular, so A is
Cholesky's factor with pivoting, in double precision, cut where single-precision activities carry no more information.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dsyrk
from scipy.linalg.lapack import dpstrf

from deepcrit.physics.ensembles import draw_weights
from deepcrit.physics.propagation.block import AvalancheBlock, summed_profiles
from deepcrit.physics.propagation.kernels import BATCH, CODES, activate, fill_normals, lane_states
from deepcrit.physics.propagation.spec import NetworkSpec

RANK_TOLERANCE = 1e-15  # squared, relative: components below 3e-8 of the largest are single-precision rounding


def gaussian_inputs(spec: NetworkSpec, number: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Uniformly random directions of norm ``spec.input_strength``, shape (number, width).

    Examples:
        >>> import numpy as np
        >>> from deepcrit import NetworkSpec, gaussian_inputs
        >>> spec = NetworkSpec(width=50, depth=20, weight_variance=1.0, input_strength=0.1)
        >>> inputs = gaussian_inputs(spec, 200, np.random.default_rng(1))
        >>> inputs.shape, np.allclose(np.linalg.norm(inputs, axis=1), 0.1)
        ((200, 50), True)
    """
    z = rng.standard_normal((number, spec.width))
    z *= spec.input_strength / np.linalg.norm(z, axis=1, keepdims=True)
    return z.astype(np.float32)


def simulate_network(
    spec: NetworkSpec,
    inputs: NDArray[np.floating],
    rng: np.random.Generator,
    profile_range: tuple[int, int],
    *,
    gram: bool = True,
) -> AvalancheBlock:
    """Send all inputs through one random network and run each avalanche to its end.

    Args:
        spec: the network; any ensemble.
        inputs: z^0, shape (inputs, width), each of Euclidean norm ``spec.input_strength``.
        rng: source of randomness of this network.
        profile_range: shortest and longest duration whose profiles are summed.
        gram: draw Gaussian layers through the Gram matrix where cheaper; the law is the same.

    Raises:
        ValueError: if the inputs do not have the width of the network.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import NetworkSpec, gaussian_inputs, simulate_network
        >>> rng = np.random.default_rng(1)
        >>> spec = NetworkSpec(width=50, depth=20, weight_variance=1.0)
        >>> block = simulate_network(spec, gaussian_inputs(spec, 200, rng), rng, profile_range=(5, 15))
        >>> block.launched, int(block.duration.min()), int(block.duration.max()) <= spec.depth
        (200, 1, True)
    """
    if inputs.ndim != 2 or inputs.shape[1] != spec.width:
        raise ValueError(f"inputs: found shape {inputs.shape}, expected (inputs, {spec.width})")
    launched = len(inputs)
    shortest, longest = profile_range
    code = CODES[spec.activation]
    root_width = np.sqrt(spec.width)
    stream = _NormalStream(rng)
    duration = np.zeros(launched, np.int32)
    size = np.zeros(launched)
    excess = np.zeros((launched, min(longest, spec.depth)))
    live = np.arange(launched)
    y = inputs.astype(np.float32)
    activate(code, y.reshape(-1))
    for layer in range(1, spec.depth + 1):
        z = _next_layer(spec, y, rng, stream, gram)
        strength = np.sqrt(np.einsum("ij,ij->i", z, z, dtype=np.float32) / spec.width).astype(np.float64)
        above = strength >= spec.threshold
        if not above.all():
            live, z, strength = live[above], z[above], strength[above]
        if not live.size:
            break
        duration[live] = layer
        over = root_width * (strength - spec.threshold)
        size[live] += over
        if layer <= excess.shape[1]:
            excess[live, layer - 1] = over
        activate(code, z.reshape(-1))
        y = z
    censored = duration == spec.depth
    profile_count, profile_sum = summed_profiles(duration, censored, excess, shortest, longest)
    started = duration > 0
    return AvalancheBlock(launched, duration[started], size[started], censored[started], profile_count, profile_sum)


class _NormalStream:
    """Single-precision normals in matrices."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._states = lane_states(rng)

    def draw(self, rows: int, columns: int) -> NDArray[np.float32]:
        flat = np.empty(-(-rows * columns // BATCH) * BATCH, np.float32)
        fill_normals(self._states, flat)
        return flat[: rows * columns].reshape(rows, columns)


def _next_layer(
    spec: NetworkSpec, y: NDArray[np.float32], rng: np.random.Generator, stream: _NormalStream, gram: bool
) -> NDArray[np.float32]:
    """Pre-activations of the live inputs in a fresh layer, shape (live, width)."""
    if spec.ensemble != "gaussian":
        weights = draw_weights(
            spec.ensemble, (spec.width, spec.width), spec.weight_variance, rng,
            levy_alpha=spec.levy_alpha, dtype=np.float32,
        )  # fmt: skip
        z = y @ weights
    else:
        factor = _gram_factor(y) if gram and len(y) < spec.width else y
        z = factor @ stream.draw(factor.shape[1], spec.width)
        z *= np.float32(np.sqrt(spec.weight_variance / spec.width))
    if spec.bias_variance > 0:
        z += np.float32(np.sqrt(spec.bias_variance)) * stream.draw(1, spec.width)
    return z


def _gram_factor(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """A of shape (live, rank) with A A^T = Y Y^T up to single-precision rounding."""
    gram = dsyrk(1.0, y.astype(np.float64))
    factor, pivots, rank, _ = dpstrf(gram, tol=RANK_TOLERANCE * gram.diagonal().max(), overwrite_a=1)
    result = np.empty((len(y), rank), np.float32)
    result[pivots - 1] = np.triu(factor)[:rank].T
    return result
