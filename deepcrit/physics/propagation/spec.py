"""What is simulated: one point of the parameter space of random deep networks."""

from __future__ import annotations

from dataclasses import dataclass

from deepcrit.physics.activations import ACTIVATIONS
from deepcrit.physics.ensembles import ENSEMBLES

METHODS = ("network", "annealed", "radial")


@dataclass(frozen=True)
class NetworkSpec:
    """A random feed-forward network z^l = W^l phi(z^{l-1}) + b^l and the strength of its input.

    Attributes:
        width: neurons per layer, N.
        depth: layers, L.
        weight_variance: sw2; each weight has variance sw2/N.
        bias_variance: sb2.
        activation: name of phi, see `deepcrit.physics.activations`.
        input_strength: Euclidean norm of the input z^0, and, over sqrt(N), the threshold of an avalanche.
        ensemble: law of the weights, see `deepcrit.physics.ensembles`; ``radial`` takes Gaussian
            ones only, ``annealed`` stable ones too, ``network`` all.
        levy_alpha: stability index of the ``levy`` ensemble.

    Examples:
        >>> from deepcrit import NetworkSpec
        >>> spec = NetworkSpec(width=100, depth=300, weight_variance=1.01, activation="tanh")
        >>> spec.threshold
        0.01
    """

    width: int
    depth: int
    weight_variance: float
    bias_variance: float = 0.0
    activation: str = "tanh"
    input_strength: float = 0.1
    ensemble: str = "gaussian"
    levy_alpha: float = 2.0

    def __post_init__(self) -> None:
        checks = (
            ("width", self.width, self.width >= 4, "an integer >= 4"),
            ("depth", self.depth, self.depth >= 1, "an integer >= 1"),
            ("weight_variance", self.weight_variance, self.weight_variance > 0, "> 0"),
            ("bias_variance", self.bias_variance, self.bias_variance >= 0, ">= 0"),
            ("input_strength", self.input_strength, self.input_strength > 0, "> 0"),
            ("activation", self.activation, self.activation in ACTIVATIONS, f"one of {sorted(ACTIVATIONS)}"),
            ("ensemble", self.ensemble, self.ensemble in ENSEMBLES, f"one of {ENSEMBLES}"),
            ("levy_alpha", self.levy_alpha, 0 < self.levy_alpha <= 2, "in (0, 2]"),
        )
        for key, found, valid, expected in checks:
            if not valid:
                raise ValueError(f"{key}: found {found!r}, expected {expected}")
        # signals are squared in single precision
        if not 1e-12 <= self.threshold <= 1e12:
            found, root = self.input_strength, self.width**0.5
            raise ValueError(f"input_strength: found {found!r}, expected {1e-12 * root:g} to {1e12 * root:g}")

    @property
    def threshold(self) -> float:
        """Signal strength sqrt(q) per neuron at which an avalanche ends: ||z^0|| / sqrt(N)."""
        return self.input_strength / self.width**0.5
