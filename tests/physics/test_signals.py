"""Signals along the layers, held against explicit networks, exact drifts and the random walk."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import ks_2samp

from deepcrit.physics.ensembles import draw_weights
from deepcrit.physics.meanfield import moments, steady_state
from deepcrit.physics.propagation.paths import simulate_paths
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law
from deepcrit.physics.signals import (
    cutoff,
    durations,
    growth_rate,
    linear_growth_rate,
    mean_field_path,
    nearest_avalanche,
    random_walk_survival,
)


def rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))


@pytest.mark.parametrize("bias_variance", [0.0, 0.05])
def test_paths_follow_explicit_networks(bias_variance: float) -> None:
    """Layer by layer the signal has the law of one input sent through weight matrices and biases that are drawn."""
    spec = NetworkSpec(20, 6, 1.3, bias_variance, input_strength=3.0)
    draws, found = rng(1), np.empty((1500, spec.depth + 1))
    for row in found:
        z = draws.standard_normal(spec.width)
        z *= spec.input_strength / np.linalg.norm(z)
        row[0] = np.sqrt(np.mean(z**2))
        for layer in range(spec.depth):
            bias = np.sqrt(bias_variance) * draws.standard_normal(spec.width)
            z = np.tanh(z) @ draw_weights("gaussian", (20, 20), spec.weight_variance, draws) + bias
            row[layer + 1] = np.sqrt(np.mean(z**2))
    paths = simulate_paths(spec, 4000, rng(2))
    assert paths[:, 0] == pytest.approx(spec.threshold)
    for layer in range(1, spec.depth + 1):
        assert ks_2samp(found[:, layer], paths[:, layer]).pvalue > 1e-3


def test_growth_of_linear_networks() -> None:
    """The interval of the rate covers the exact drift of a linear network in about 95 of 100 samples."""
    spec = NetworkSpec(30, 20, 1.05, activation="linear")
    exact = linear_growth_rate(30, 1.05)
    growths = [growth_rate(simulate_paths(spec, 30, rng(seed)), 20) for seed in range(200)]
    assert 0.90 <= np.mean([growth.ci_low <= exact <= growth.ci_high for growth in growths]) <= 0.99
    mean = np.mean([growth.value for growth in growths])
    error = np.std([growth.value for growth in growths]) / math.sqrt(len(growths))
    assert abs(mean - exact) < 4 * error
    # the drift of 1/(2N) itself is seen
    assert abs(mean - 0.5 * math.log(1.05)) > 4 * error


def test_wide_networks_follow_the_mean_field_path() -> None:
    """The mean path of wide networks is that of infinite width, which ends in the steady state."""
    spec = NetworkSpec(4000, 60, 1.5, input_strength=20.0)
    path = mean_field_path(spec)
    found = simulate_paths(NetworkSpec(4000, 12, 1.5, input_strength=20.0), 40, rng(3)).mean(axis=0)
    assert np.abs(found / path[:13] - 1).max() < 0.01
    assert path[-1] == pytest.approx(float(steady_state(1.5, 0.0, "tanh").signal_strength), rel=1e-6)


def test_durations_and_the_picked_avalanche() -> None:
    """Durations count layers before the first below the threshold; the first of the nearest that ended is picked."""
    strength = np.array([[1, 0.5, 2, 2], [1, 1, 2, 0.9], [1, 2, 2, 2], [1, 1.5, 0.5, 3], [1, 3, 3, 0.1]])
    found = durations(strength, 1.0)
    assert found.tolist() == [0, 2, 3, 1, 2]
    assert nearest_avalanche(found, 3, depth=3) == 1
    assert nearest_avalanche(found, 1, depth=3) == 3
    with pytest.raises(ValueError, match="found no avalanche that ended among 2"):
        nearest_avalanche(np.array([0, 3]), 2, depth=3)


def test_random_walk_survival() -> None:
    """C(2n, n) / 4^n by its integers, and the law of weak inputs without drift approaches it."""
    walk = random_walk_survival(60)
    assert walk == pytest.approx([math.comb(2 * n, n) / 4**n for n in range(61)], rel=1e-12)
    drift_free = math.exp(-2 * linear_growth_rate(1000, 1.0))
    alive = transfer_law(NetworkSpec(1000, 60, drift_free, input_strength=1e-3)).alive
    assert alive == pytest.approx(walk, rel=0.02)


def test_cutoff_of_known_laws() -> None:
    """A walk that is killed at a known rate is cut off after one lifetime; one that is not has no cutoff."""
    walk = random_walk_survival(400)
    n = np.arange(401)
    assert cutoff(walk * np.exp(-n / 73.5)) == pytest.approx(73.5)
    assert cutoff(walk * np.exp(-n / 0.2)) == pytest.approx(0.2)
    assert math.isnan(cutoff(walk * np.exp(-n / 401)))
    assert cutoff(np.where(n > 5, 0.0, walk)) == pytest.approx(5)


@pytest.mark.parametrize("q", [0.002, 0.006])
def test_strong_inputs_are_cut_off_where_they_are_pulled_back(q: float) -> None:
    """Held at a stable steady state, ln q is an Ornstein-Uhlenbeck process, whose survival is known.

    From just above its mean it survives with probability exp(-x) sqrt(2x / (1 - exp(-2x))) times that of a free walk,
    x = rate times layers; that layers are discrete changes this by the square root of the rate.
    """
    width = 30_000
    at = moments(q, "tanh")
    # no drift at the threshold; the rate of return is 1 - d ln V / d ln q
    sw2 = q / float(at.mean_square) * math.exp(-2 * linear_growth_rate(width, 1.0))
    rate = 1 - q * float(at.mean_square_growth / at.mean_square)
    alive = transfer_law(NetworkSpec(width, 600, sw2, input_strength=math.sqrt(width * q))).alive
    x = brentq(lambda x: -x + 0.5 * math.log(2 * x / (1 - math.exp(-2 * x))) + 1, 0.5, 3)
    assert cutoff(alive) * rate == pytest.approx(x, rel=math.sqrt(rate))
