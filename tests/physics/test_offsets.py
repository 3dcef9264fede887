"""Offsets of criticality, ensembles, and the worth of shared inputs, against known values."""

import numpy as np
import pytest
from scipy.special import digamma
from scipy.stats import kstest, levy_stable

from deepcrit.avalanches.offsets import (
    compare_readings,
    drift_free_weight_variance,
    levy_drift_free_weight_variance,
    scan_offsets,
    straightest_offset,
    straightness,
)
from deepcrit.physics.ensembles import draw_weights, symmetric_stable
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.stats.design_effect import shared_sample


@pytest.mark.parametrize("width", [25, 100, 1000])
def test_linear_networks_have_a_closed_form(width):
    """For a linear activation the drift-free variance is exp(ln(N/2) - psi(N/2)), 1 + 1/N to leading order."""
    exact = np.exp(np.log(width / 2) - digamma(width / 2))
    assert drift_free_weight_variance("linear", width) == pytest.approx(exact, rel=1e-12)
    assert drift_free_weight_variance("tanh", width) == pytest.approx(exact, rel=1e-5)
    assert exact - 1 == pytest.approx(1 / width, rel=0.05)


def test_relu_is_critical_at_twice_that():
    """ReLU passes half the square, and its fluctuation lowers ln q further: 2 (1 + 5/(2N)) to leading order."""
    # variance of ln(mean phi^2 / q) is 3/N, of ln chi^2/N 2/N; half of each adds to the variance needed
    assert drift_free_weight_variance("relu", 400) == pytest.approx(2 * np.exp(2.5 / 400), rel=2e-4)


def test_levy_drift_becomes_the_gaussian_one_at_two():
    """At alpha = 2 the growth of one vector gives the closed form, within four standard errors."""
    found, error = levy_drift_free_weight_variance(2.0, 60, 20_000, np.random.default_rng(1))
    assert abs(found - drift_free_weight_variance("linear", 60)) < 4 * error
    assert error < 0.003


def test_levy_drift_agrees_with_drawn_matrices():
    """The growth of one vector without matrices is that through drawn Levy matrices."""
    rng = np.random.default_rng(2)
    y = rng.standard_normal(40)
    growth = []
    for _ in range(3000):
        z = y @ draw_weights("levy", (40, 40), 1.0, rng, levy_alpha=1.5)
        growth.append(2 * np.log(np.linalg.norm(z) / np.linalg.norm(y)))
        y = z / np.linalg.norm(z)
    found, error = levy_drift_free_weight_variance(1.5, 40, 20_000, rng)
    spread = np.hypot(error / found, np.std(growth) / np.sqrt(len(growth)))
    assert abs(np.log(found) + np.mean(growth)) < 4 * spread


def test_the_other_reading_doubles_the_offset():
    """A shift of the standard deviation is twice that of the variance, plus its square, and censors more."""
    readings = compare_readings(NetworkSpec(200, 400, 1.0), 0.002, 10, 300).set_index("reading")
    variance, deviation = readings.loc["variance"], readings.loc["standard deviation"]
    assert variance["offset"] == 0.002
    assert deviation["offset"] == pytest.approx(0.004 + 0.002**2)
    assert deviation["censored_of_started"] > 1.1 * variance["censored_of_started"]
    assert deviation["exponent"] < variance["exponent"]


def test_a_power_law_is_straight():
    """An exact power law has distance zero and its own exponent; an exponential has neither."""
    n = np.arange(1, 2002)
    probability = n**-1.5
    alive = np.append(1.0, probability[::-1].cumsum()[::-1])
    exponent, distance = straightness(alive, 10, 1000)
    assert exponent == pytest.approx(1.5, abs=1e-9)
    assert distance < 1e-9
    assert straightness(np.exp(-np.arange(2002) / 100), 10, 1000)[1] > 0.05


def test_straightest_offset_of_wide_networks_is_the_random_walk_one():
    """At width 500 the straightest distribution lies within 15% of the drift-free offset."""
    unit = drift_free_weight_variance("tanh", 500) - 1
    scan = scan_offsets(NetworkSpec(500, 1200, 1.0), (unit * np.arange(0.4, 1.8, 0.2)).tolist(), [(20, 500)])
    assert straightest_offset(scan) == pytest.approx(unit, rel=0.15)


@pytest.mark.parametrize("ensemble", ["gaussian", "uniform"])
def test_weight_variance(ensemble):
    """Both ensembles of finite variance have variance sw2 / fan_in."""
    weights = draw_weights(ensemble, (400, 500), 1.7, np.random.default_rng(2))
    assert weights.var() == pytest.approx(1.7 / 400, rel=0.02)
    assert abs(weights.mean()) < 4 * np.sqrt(1.7 / 400 / weights.size)


def test_levy_weights_become_gaussian_at_two():
    """At alpha = 2 the Levy ensemble is the Gaussian one."""
    weights = draw_weights("levy", (300, 300), 1.3, np.random.default_rng(3), levy_alpha=2.0)
    assert kstest(weights.ravel() / np.sqrt(1.3 / 300), "norm").pvalue > 1e-3


@pytest.mark.parametrize("alpha", [1.0, 1.5])
def test_stable_variates(alpha):
    """Variates follow scipy's symmetric stable law."""
    sample = symmetric_stable(alpha, (2000,), np.random.default_rng(4))
    assert kstest(sample, lambda x: levy_stable.cdf(x, alpha, 0.0)).pvalue > 1e-3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("cauchy", (3, 3), 1.0), "ensemble: found 'cauchy'"), (("levy", (3, 3), 1.0), "levy_alpha: found 0")],
)
def test_unknown_ensembles_are_refused(arguments, message):
    """An ensemble or index that does not exist is named."""
    with pytest.raises(ValueError, match=message):
        draw_weights(*arguments, np.random.default_rng(0), levy_alpha=0)


def test_effective_sample_size():
    """Independent inputs are worth themselves; inputs that all agree are worth one a network."""
    rng = np.random.default_rng(5)
    independent = rng.binomial(50, 0.3, 4000) / 50
    worth = shared_sample(independent, 50, rng)
    assert worth.effective_n / worth.n == pytest.approx(1.0, rel=0.1)
    assert worth.ci_low < 1.0 < worth.ci_high
    agreeing = (rng.random(4000) < 0.3).astype(float)
    worth = shared_sample(agreeing, 50, rng)
    assert worth.effective_n == pytest.approx(4000, rel=0.01)
    assert worth.intraclass_correlation == pytest.approx(1.0, abs=0.01)
    for fractions, message in ((np.array([0.5]), "found 1 networks"), (np.zeros(9), r"found 0\.0 in every network")):
        with pytest.raises(ValueError, match=message):
            shared_sample(fractions, 50, rng)
