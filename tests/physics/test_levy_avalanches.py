"""Avalanches of stable weights: their sampler against exact laws and explicit networks, and their fits."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from deepcrit.avalanches.agreement import durations_against_law
from deepcrit.avalanches.observables import Observable
from deepcrit.avalanches.powerlaws import sample_continuous, sample_discrete
from deepcrit.experiments.levy_avalanches.analysis import straight_range
from deepcrit.physics.propagation.annealed import simulate_annealed
from deepcrit.physics.propagation.annealed_stable import simulate_annealed_stable
from deepcrit.physics.propagation.network import gaussian_inputs, simulate_network
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law

PROFILES = (3, 12)


def levy(width: int, depth: int, gain: float, alpha: float, activation: str = "tanh") -> NetworkSpec:
    return NetworkSpec(width, depth, gain**2, activation=activation, ensemble="levy", levy_alpha=alpha)


@pytest.mark.parametrize(("width", "gain"), [(25, 1.015), (100, 1.0)])
def test_stable_weights_of_index_two_follow_the_gaussian_law(width: int, gain: float) -> None:
    """At alpha = 2 durations have the exact law of Gaussian weights, and sizes that of their sampler."""
    spec = levy(width, 200, gain, 2.0)
    block = simulate_annealed_stable(spec, 20_000, np.random.default_rng(1), PROFILES)
    law = transfer_law(NetworkSpec(width, 200, gain**2))
    assert durations_against_law(block.duration, block.launched, law.alive)[1] > 1e-3
    gaussian = simulate_annealed(NetworkSpec(width, 200, gain**2), 20_000, np.random.default_rng(2), PROFILES)
    assert ks_2samp(block.size, gaussian.size).pvalue > 1e-3


@pytest.mark.parametrize("alpha", [1.0, 1.5])
def test_stable_weights_follow_explicit_networks(alpha: float) -> None:
    """One input a network has the durations and sizes of the chain, whose layers hold no matrix."""
    spec = levy(16, 15, 0.8, alpha)
    rng = np.random.default_rng(3)
    found = [simulate_network(spec, gaussian_inputs(spec, 1, rng), rng, PROFILES) for _ in range(1500)]
    explicit = {name: np.concatenate([getattr(one, name) for one in found]) for name in ("duration", "size")}
    chain = simulate_annealed_stable(spec, 20_000, rng, PROFILES)
    started = len(explicit["duration"]) / 1500, len(chain.duration) / 20_000
    assert abs(started[0] - started[1]) < 4 * np.sqrt(0.25 / 1500)
    assert ks_2samp(explicit["size"], chain.size).pvalue > 1e-3
    counts = np.array([[(of == n).sum() for n in range(1, 16)] for of in (explicit["duration"], chain.duration)])
    expected = counts.sum(axis=0) / counts.sum()
    error = np.sqrt(expected * len(explicit["duration"]))
    assert (np.abs(counts[0] - expected * len(explicit["duration"])) < 4 * error + 1).all()


def test_avalanches_do_not_depend_on_how_many_are_followed_together() -> None:
    """Sizes are sums of profiles, and censored avalanches are those that live at the last layer."""
    spec = levy(30, 12, 1.1, 1.7)
    block = simulate_annealed_stable(spec, 3000, np.random.default_rng(4), (1, 11))
    assert block.profile_count.sum() == (~block.censored).sum()
    assert block.profile_sum.sum() == pytest.approx(block.size[~block.censored].sum(), rel=1e-9)
    assert (block.duration[block.censored] == 12).all()
    assert block.launched == 3000


def test_bias_keeps_signals_above_the_threshold() -> None:
    """With a bias of more than the threshold no avalanche ends."""
    spec = NetworkSpec(50, 8, 0.01, 1.0, ensemble="levy", levy_alpha=1.5)
    block = simulate_annealed_stable(spec, 100, np.random.default_rng(5), PROFILES)
    assert block.censored.all()


@pytest.mark.parametrize("discrete", [True, False])
def test_a_power_law_is_straight_to_its_end(discrete: bool) -> None:
    """Of a true power law the whole range is straight, and its exponent is found within four standard errors."""
    rng = np.random.default_rng(6)
    draw = sample_discrete if discrete else sample_continuous
    values = draw(rng, 20_000, 1.5, 5, 500)
    observable = Observable("duration" if discrete else "size", discrete, values, np.zeros(len(values), np.int32))
    ends = np.unique(np.geomspace(10, 500, 20).round())
    found = straight_range(observable, 5, ends, 0.05, 0.95)
    assert found.fit is not None
    assert found.decades == pytest.approx(2, abs=0.01)
    assert abs(found.fit.exponent - 1.5) < 4 * found.fit.standard_error


def test_a_cutoff_ends_the_straight_range() -> None:
    """Exponential values are not straight over two decades, and the range ends where the fit departs."""
    values = np.random.default_rng(7).exponential(20, 20_000) + 1
    observable = Observable("size", False, values, np.zeros(len(values), np.int32))
    found = straight_range(observable, 1.0, np.geomspace(2, 200, 40), 0.05, 0.95)
    assert found.fit is not None
    assert 0 < found.decades < 1.5
    assert found.fit.ks_distance <= 0.05


def test_too_few_avalanches_have_no_exponent() -> None:
    """Nothing is fitted where no range holds enough values."""
    observable = Observable("size", False, np.array([1.0, 2.0]), np.zeros(2, np.int32))
    assert straight_range(observable, 1.0, np.array([2.0, 3.0]), 0.05, 0.95) == (None, 0.0)
