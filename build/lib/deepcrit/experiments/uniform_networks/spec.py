"""What defines networks of one width, and their layers, which are drawn anew whenever they are needed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.seeds import generator, seed_key


class UniformSpec(NamedTuple):
    """Networks x_{l+1} = a tanh(b kappa W_l x_l) with entries of W_l uniform on [-half_width, half_width].

    ``amplitude`` is a, ``steepness`` b; kappa, the coupling, is no part of the networks, so that all couplings share
    one draw of each layer. ``seed`` is the root seed of the configuration.
    """

    width: int
    depth: int
    networks: int
    half_width: float
    amplitude: float
    steepness: float
    seed: int

    @property
    def gain(self) -> float:
        """Slope a b of the activation at zero."""
        return self.amplitude * self.steepness

    def draw_layer(self, layer: int) -> NDArray[np.float32]:
        """Weights of one layer of every network, shape (networks, N, N), the same at every call.

        They lie on 65536 evenly spaced values, four from one draw of 64 bits: layers are drawn again for every product
        with the Jacobian, and take most of its time.
        """
        rng = generator(seed_key(self.seed, "uniform_networks", f"layer/N{self.width}", layer))
        wanted = self.networks * self.width**2
        words = rng.bit_generator.random_raw(-(-wanted // 4))
        weights = words.view(np.int16)[:wanted].astype(np.float32)
        weights *= np.float32(self.half_width / 2**15)
        return weights.reshape(self.networks, self.width, self.width)

    def draw_inputs(self) -> NDArray[np.float64]:
        """One input of every network, uniform on [-1, 1], shape (networks, N)."""
        rng = generator(seed_key(self.seed, "uniform_networks", f"input/N{self.width}", 0))
        return 2.0 * rng.random((self.networks, self.width)) - 1.0


def growth_coupling(spec: UniformSpec) -> float:
    """Coupling at which a weak signal neither grows nor decays on average, in closed form to order 1/N.

    Weights of variance half_width^2 / 3 multiply the norm of a vector by gain kappa half_width sqrt(N/3) times a random
    factor whose logarithm has mean -1/(2N) for Gaussian weights (Cohen and Newman 1984) and, to this order, for
    uniform ones.
    """
    return math.sqrt(3.0 / spec.width) / (spec.half_width * spec.gain) * math.exp(0.5 / spec.width)
