"""Avalanches of any duration and size from one banded system, against layers one by one and what is known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import gammaln

from deepcrit.avalanches.offsets import drift_free_weight_variance
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.resolvent import AvalancheLaw, _invert
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law


def test_series_and_transforms_are_inverted() -> None:
    """The total progeny of a critical binary Galton-Watson process, whose law is exact at any size, and s^-1/2."""

    def progeny(rate: complex) -> tuple[complex]:
        """Generating function 1 - sqrt(1 - z) of the Catalan law P(n) = C(2n, n) / (4^n (2n - 1)), z = exp(-rate)."""
        return (1.0 - np.sqrt(1.0 - np.exp(-rate)),)

    for n in (1, 5, 36, 37, 200, 10**6):
        exact = math.exp(gammaln(2 * n + 1) - 2 * gammaln(n + 1) - n * math.log(4.0)) / (2 * n - 1)
        assert _invert(progeny, n, n)[0] == pytest.approx(exact, rel=2e-8)
    assert _invert(lambda rate: (np.sqrt(np.pi / rate),), 3.0, np.inf)[0] == pytest.approx(3.0**-0.5, rel=2e-8)


@pytest.mark.parametrize(("width", "relative_offset"), [(25, 1.0), (400, 0.5), (400, 2.0)])
def test_durations_and_sizes_are_those_of_the_layers_one_by_one(width: int, relative_offset: float) -> None:
    """P(D), E[S | D] agree to 2e-7, and profiles sum to sizes: below, at and above the longest exact summation."""
    variance = 1.0 + relative_offset * (drift_free_weight_variance("tanh", width) - 1.0)
    stepwise = transfer_law(NetworkSpec(width, 500, variance))
    law = AvalancheLaw(NetworkSpec(width, 1, variance), 400)
    for duration in (1, 2, 20, 37, 120, 400):
        probability, mean_size = law.durations(duration)
        assert probability == pytest.approx(stepwise.probability[duration], rel=2e-7)
        assert mean_size == pytest.approx(stepwise.mean_size[duration], rel=2e-7)
    for duration, profile in zip((1, 20, 400), law.profiles([1, 20, 400]), strict=True):
        assert profile.sum() == pytest.approx(stepwise.mean_size[duration], rel=1e-7)


def test_sizes_are_those_of_simulated_avalanches() -> None:
    """Shares of 100,000 simulated avalanches in ranges of sizes lie within four standard errors of the density."""
    spec = NetworkSpec(100, 3000, 1.005)
    block = simulate_radial(spec, 100_000, np.random.default_rng(5), (20, 21))
    law = AvalancheLaw(spec, 3000)
    node, weight = np.polynomial.legendre.leggauss(12)
    for low, high in ((0.1, 0.3), (0.3, 2.0), (2.0, 12.0)):
        sizes = low * (high / low) ** (0.5 * (node + 1.0))
        density = np.array([law.size_density(size, 3000.0) for size in sizes])
        share = float(weight @ (density * sizes)) * 0.5 * math.log(high / low)
        found = float(np.mean((block.size >= low) & (block.size < high))) * block.size.size / 100_000
        assert abs(found - share) < 4.0 * math.sqrt(share / 100_000)


def test_sizes_of_few_layers_are_refused() -> None:
    """Their density varies faster than the nodes resolve, and the error says which size and how few layers."""
    law = AvalancheLaw(NetworkSpec(100, 1, 1.005), 100)
    with pytest.raises(ValueError, match=r"size 0\.01: found avalanches of about 3 layers, expected 8 or more"):
        law.size_density(0.01, 3.0)


def test_long_durations_of_wide_networks_are_those_of_a_random_walk() -> None:
    """At N = 1e6 without drift or saturation, P(D = 1000) is that of Sparre Andersen."""
    width, n = 1_000_000, 1000
    variance = drift_free_weight_variance("linear", width)
    probability, _ = AvalancheLaw(NetworkSpec(width, 1, variance, activation="linear"), n).durations(n)
    exact = math.exp(gammaln(2 * n + 1) - 2 * gammaln(n + 1) - n * math.log(4.0)) / (2 * n + 2)
    assert probability == pytest.approx(exact, rel=2e-3)
