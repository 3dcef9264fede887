"""Steady states of networks of finite width by simulation, with derivatives that need no finite differences.

One input through fresh Gaussian layers is the chain z_l = sqrt(v_l) g_l, v_{l+1} = sw2 mean(phi(z_l)^2) + sb2, of which
v = sw2 V(v) + sb2 is the limit of infinite width. Nothing in it is thresholded, so that under the same normals its
derivative with respect to sw2 or sb2 is carried along, dz = z dv / (2v), and averages without bias.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.physics.meanfield.steady_state import steady_state
from deepcrit.physics.propagation.kernels import BATCH, CODES, activate, fill_normals, lane_states

Layer = NDArray[np.float32]

_IN_CACHE = 1 << 16  # neurons of all chains that are run together


class FiniteSteadyState(NamedTuple):
    """Averages over layers of each chain, shape (points, chains); chains are independent.

    Attributes:
        signal_strength: sqrt(q).
        weight_susceptibility: d sqrt(q) / d sw2.
        bias_susceptibility: d sqrt(q) / d sb2.
        chi_1: sw2 mean(phi'(z)^2).
    """

    signal_strength: Floats
    weight_susceptibility: Floats
    bias_susceptibility: Floats
    chi_1: Floats


def simulate_steady_state(
    width: int, weight_variances: Floats, bias_variance: float, activation: str, chains: int, burn_in: int, layers: int,
    rng: np.random.Generator,
) -> FiniteSteadyState:  # fmt: skip
    """Run chains from the steady state of infinite width, forget the first layers and average over the rest.

    Args:
        width: N.
        weight_variances: sw2 of each point, shape (points,).
        bias_variance: sb2 of all of them.
        activation: name of phi.
        chains: independent chains a point.
        burn_in: layers that are forgotten.
        layers: layers averaged over.
        rng: source of randomness of all of them.

    Raises:
        ValueError: where signals of infinitely wide networks die or grow without bound, and there is no such state.
    """
    start = steady_state(weight_variances, bias_variance, activation)
    alive = (start.q > 0) & np.isfinite(start.q)
    if not alive.all():
        lost = np.asarray(weight_variances)[~alive][0]
        raise ValueError(f"weight_variances: found {lost} at sb2 = {bias_variance}, expected a steady signal")
    sw2 = np.asarray(weight_variances, dtype=np.float64)
    by_weight = 2.0 * start.signal_strength * start.weight_susceptibility
    by_bias = 2.0 * start.signal_strength * start.bias_susceptibility
    together = max(1, _IN_CACHE // (chains * width))
    parts = []
    for first in range(0, len(sw2), together):
        few = slice(first, first + together)
        at = tuple(np.repeat(values[few], chains) for values in (sw2, start.q, by_weight, by_bias))
        sums = _run_chains(width, at, bias_variance, activation, burn_in, layers, rng)
        parts.append((sums / layers).reshape(4, -1, chains))
    return FiniteSteadyState(*np.concatenate(parts, axis=1))


def _run_chains(
    width: int, start: tuple[Floats, ...], sb2: float, activation: str, burn_in: int, layers: int,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Sums over layers of the four quantities, shape (4, chains), from sw2, v and its two derivatives in each chain."""
    sw2, v, by_weight, by_bias = start
    normals = NormalLayers(rng, (len(sw2), width))
    y = np.empty((len(sw2), width), np.float32)
    slope = SLOPES[activation]
    sums = np.zeros((4, len(sw2)))
    for layer in range(burn_in + layers):
        z = normals.draw()
        z *= np.sqrt(v)[:, None].astype(np.float32)
        y[:] = z
        activate(CODES[activation], y.reshape(-1))
        steep = slope(y)
        if layer >= burn_in:
            strength = np.sqrt(mean_product(z, z))
            sums += (
                strength, strength * by_weight / (2.0 * v), strength * by_bias / (2.0 * v),
                sw2 * mean_product(steep, steep),
            )  # fmt: skip
        mean_square = mean_product(y, y)
        steep *= y
        growth = sw2 * mean_product(steep, z) / v
        by_weight = mean_square + growth * by_weight
        by_bias = 1.0 + growth * by_bias
        v = sw2 * mean_square + sb2
    return sums


def simulate_decorrelation(
    width: int, weight_variance: float, bias_variance: float, activation: str, start: float, pairs: int, burn_in: int,
    layers: int, rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """One minus the correlation of two inputs of one network, layer by layer, shape (pairs, layers + 1).

    The pre-activations of both are jointly Gaussian given the activities they come from. Their difference is simulated
    and not the second signal, so that nothing cancels once they are nearly equal. The correlation is that of the two
    pre-activations given the layer before, a ratio of entries of the Gram matrix.

    Args:
        width: N.
        weight_variance: sw2.
        bias_variance: sb2; biases are shared by both inputs.
        activation: name of phi.
        start: correlation of the two in the first layer.
        pairs: independent pairs, each in a network of its own.
        burn_in: layers that the first of the two has behind it when the second is made.
        layers: layers followed.
        rng: source of randomness of all of them.
    """
    normals = NormalLayers(rng, (2, pairs, width))
    variance = np.full(pairs, float(steady_state(weight_variance, bias_variance, activation).q))
    code = CODES[activation]
    for _ in range(burn_in):
        y = _scaled(normals.draw()[0], np.sqrt(variance))
        activate(code, y.reshape(-1))
        variance = weight_variance * mean_product(y, y) + bias_variance
    # var z_a, cov(z_a, d) and var d, where d = z_b - z_a
    crossed = (start - 1.0) * variance
    apart = 2.0 * (1.0 - start) * variance
    decorrelation = np.empty((pairs, layers + 1))
    for layer in range(layers + 1):
        independent = np.maximum(apart - crossed**2 / variance, 0.0)
        second = variance + 2.0 * crossed + apart
        correlation = (variance + crossed) / np.sqrt(variance * second)
        decorrelation[:, layer] = independent / (second * (1.0 + correlation))
        g, h = normals.draw()
        y = _scaled(g, np.sqrt(variance))
        difference = _scaled(g, crossed / np.sqrt(variance)) + _scaled(h, np.sqrt(independent))
        difference += y
        activate(code, y.reshape(-1))
        activate(code, difference.reshape(-1))
        difference -= y
        variance = weight_variance * mean_product(y, y) + bias_variance
        crossed = weight_variance * mean_product(y, difference)
        apart = weight_variance * mean_product(difference, difference)
    return decorrelation


# phi'(z) as a function of phi(z)
SLOPES: dict[str, Callable[[Layer], Layer]] = {
    "tanh": lambda y: np.float32(1.0) - y * y,
    "relu": lambda y: (y > 0).astype(np.float32),
    "linear": np.ones_like,
}


class NormalLayers:
    """Single-precision standard normals of one shape, again and again in the same memory."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
        self._states = lane_states(rng)
        size = int(np.prod(shape))
        self._flat = np.empty(-(-size // BATCH) * BATCH, np.float32)
        self._used = self._flat[:size].reshape(shape)

    def draw(self) -> Layer:
        """New values in the array that the last call returned."""
        fill_normals(self._states, self._flat)
        return self._used


def mean_product(a: Layer, b: Layer) -> Floats:
    """Mean of a b over each row."""
    return np.einsum("ij,ij->i", a, b).astype(np.float64) / a.shape[1]


def _scaled(layer: Layer, by: Floats) -> NDArray[Any]:
    return layer * by[:, None].astype(np.float32)
