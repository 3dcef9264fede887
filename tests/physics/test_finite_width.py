"""Simulated steady states and correlations, held against explicit networks, infinite width and known synthetic data."""

import math

import numpy as np
import pytest

from deepcrit.physics.ensembles import draw_weights
from deepcrit.physics.meanfield import correlation_map, steady_state
from deepcrit.physics.meanfield.finite_lines import decay_of_pairs, fit_decay, locate_crossing, locate_peak
from deepcrit.physics.meanfield.finite_width import simulate_decorrelation, simulate_steady_state

N = 20


def rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))


def steady(width: int, sw2: float, sb2: float, chains: int, layers: int, seed: int):
    return simulate_steady_state(width, np.array([sw2]), sb2, "tanh", chains, 100, layers, rng(seed))


def test_steady_state_follows_explicit_networks() -> None:
    """Mean strength and chi_1 are those of inputs sent through weights and biases that are drawn."""
    draws, strengths, slopes = rng(1), [], []
    for _ in range(150):
        z = draws.standard_normal(N)
        of_chain = []
        for layer in range(120):
            z = np.tanh(z) @ draw_weights("gaussian", (N, N), 1.4, draws) + 0.3 * draws.standard_normal(N)
            if layer >= 20:
                of_chain.append((np.sqrt(np.mean(z**2)), 1.4 * np.mean((1 - np.tanh(z) ** 2) ** 2)))
        strength, slope = np.mean(of_chain, axis=0)
        strengths.append(strength)
        slopes.append(slope)
    found = steady(N, 1.4, 0.09, 200, 500, 2)
    for ours, theirs in ((found.signal_strength, strengths), (found.chi_1, slopes)):
        error = math.hypot(np.std(theirs) / math.sqrt(len(theirs)), ours.std() / math.sqrt(ours.size))
        assert abs(ours.mean() - np.mean(theirs)) < 4 * error


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_derivatives_are_those_of_the_path(activation: str) -> None:
    """Carried along, they equal finite differences under common random numbers, chain by chain."""
    step = 2e-3
    sw2, sb2 = (1.1, 0.01) if activation == "tanh" else (1.6, 0.01)

    def strength(at: float, bias: float):
        return simulate_steady_state(30, np.array([at]), bias, activation, 10, 50, 200, rng(3))

    here = strength(sw2, sb2)
    by_weight = strength(sw2 + step, sb2).signal_strength - strength(sw2 - step, sb2).signal_strength
    assert here.weight_susceptibility == pytest.approx(by_weight / (2 * step), rel=5e-3)
    small = step * sb2
    by_bias = strength(sw2, sb2 + small).signal_strength - strength(sw2, sb2 - small).signal_strength
    assert here.bias_susceptibility == pytest.approx(by_bias / (2 * small), rel=2e-2)


def test_deviations_from_infinite_width_shrink_as_its_inverse() -> None:
    """Of strength and of both susceptibilities, four times the width makes a quarter of the deviation."""
    infinite = steady_state(1.2, 0.02, "tanh")
    deviations = []
    for width in (40, 160):
        found = steady(width, 1.2, 0.02, 128, 16 * width, 4)
        names = ("signal_strength", "weight_susceptibility", "bias_susceptibility")
        deviations.append([getattr(found, name).mean() / getattr(infinite, name) - 1 for name in names])
    assert np.abs(deviations[0]).min() > 0.01
    assert np.divide(*deviations) == pytest.approx(4, rel=0.25)


def test_where_signals_die_there_is_no_steady_state() -> None:
    """Without bias nothing is left at or below unit weight variance, and asking for it is refused."""
    with pytest.raises(ValueError, match=r"found 1\.0 at sb2 = 0\.0, expected a steady signal"):
        simulate_steady_state(N, np.array([1.2, 1.0]), 0.0, "tanh", 4, 1, 1, rng(5))


@pytest.mark.parametrize(("sw2", "sb2", "start"), [(0.9, 0.02, 0.5), (2.0, 0.0, 0.6)])
def test_pairs_follow_explicit_networks(sw2: float, sb2: float, start: float) -> None:
    """Layer by layer two inputs part as they do in networks whose weights and biases are drawn, in both phases."""
    q = float(steady_state(sw2, sb2, "tanh").q)
    draws, layers = rng(6), 5
    explicit = np.empty((2000, layers + 1))
    for row in explicit:
        g = draws.standard_normal((2, N))
        z = math.sqrt(q) * np.array([g[0], start * g[0] + math.sqrt(1 - start**2) * g[1]])
        row[0] = 1 - start
        for layer in range(1, layers + 1):
            y = np.tanh(z)
            gram = sw2 * y @ y.T / N + sb2
            row[layer] = 1 - gram[0, 1] / math.sqrt(gram[0, 0] * gram[1, 1])
            bias = math.sqrt(sb2) * draws.standard_normal(N)
            z = y @ draw_weights("gaussian", (N, N), sw2, draws) + bias
    found = simulate_decorrelation(N, sw2, sb2, "tanh", start, 4000, 0, layers, rng(7))
    assert found[:, 0] == pytest.approx(1 - start)
    for layer in range(1, layers + 1):
        error = math.hypot(explicit[:, layer].std() / math.sqrt(2000), found[:, layer].std() / math.sqrt(4000))
        assert abs(found[:, layer].mean() - explicit[:, layer].mean()) < 4 * error


def test_pairs_of_wide_networks_follow_the_correlation_map() -> None:
    """The mean correlation is the map's, down to decorrelations at which single precision would be lost."""
    sw2, sb2, c = 0.6, 0.05, 0.5
    q = float(steady_state(sw2, sb2, "tanh").q)
    found = simulate_decorrelation(3000, sw2, sb2, "tanh", c, 60, 0, 30, rng(8)).mean(axis=0)
    for layer in range(31):
        if layer in (5, 15):
            assert found[layer] == pytest.approx(1 - c, rel=0.05)
        c = correlation_map(c, q, sw2, sb2, "tanh")
    assert 0 < found[30] < 1e-7


def test_identical_inputs_stay_identical() -> None:
    """A pair that starts at correlation one never parts, in the chaotic phase either."""
    assert not simulate_decorrelation(N, 2.0, 0.01, "tanh", 1.0, 10, 3, 20, rng(9)).any()


def curve(x: np.ndarray) -> np.ndarray:
    return np.exp(-(((np.asarray(x) - 1.1) / 0.1) ** 2)) + 0.5


def test_intervals_of_lines_cover_the_truth() -> None:
    """Of curves that differ from the given one by a parabola, peaks and crossings are covered in 95 of 100 cases."""
    x, error = np.linspace(0.9, 1.3, 17), 0.01
    fine = np.linspace(0.9, 1.3, 400_001)
    peak = fine[np.argmax(np.log(curve(fine)) + 0.5 * fine)]
    crossing = fine[np.argmax(curve(fine) + 0.1 * fine**2 >= 1.0)]
    draws, covered = rng(10), []
    for _ in range(150):
        top = locate_peak(
            x, curve(x) * np.exp(0.5 * x) + error * draws.standard_normal(17), 0 * x + error, curve, draws
        )
        rise = locate_crossing(
            x, curve(x) + 0.1 * x**2 + error * draws.standard_normal(17), 0 * x + error, curve, draws
        )
        covered.append((top.low <= peak <= top.high, rise.low <= crossing <= rise.high))
    shares = np.mean(covered, axis=0)
    assert (shares >= 0.89).all()
    assert (shares <= 0.99).all()


def test_what_is_not_there_is_not_located() -> None:
    """A curve that never reaches one, one that peaks at the end of the points, and four points, have no line."""
    x, draws = np.linspace(0.9, 1.3, 17), rng(11)
    errors = np.full(17, 0.01)
    assert math.isnan(locate_crossing(x, curve(x) - 2.0, errors, curve, draws).value)
    assert math.isnan(locate_peak(x, curve(x) * np.exp(40 * x), errors, curve, draws).value)
    assert math.isnan(locate_peak(x[:4], curve(x[:4]), errors[:4], curve, draws).value)


def test_decay_rates() -> None:
    """An exponential gives its rate back, and the jackknife over noisy pairs covers it in about 95 of 100."""
    layer = np.arange(81)
    assert fit_decay(3.0 * np.exp(-0.037 * layer)) == pytest.approx(0.037, rel=1e-4)
    draws, covered = rng(12), []
    for _ in range(100):
        amplitudes = 0.1 * draws.lognormal(0, 0.5, size=(40, 1))
        pairs = amplitudes * np.exp(-0.05 * layer) + 0.05 * draws.standard_normal((40, 81))
        rate = decay_of_pairs(pairs, 20)
        covered.append(rate.ci_low <= 0.05 <= rate.ci_high)
    assert 0.88 <= np.mean(covered) <= 1.0
