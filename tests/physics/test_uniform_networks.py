"""Deep networks of uniform weights against explicit products, exact laws and synthetic data."""

import numpy as np
import pytest

from deepcrit.experiments.uniform_networks.critical import (
    first_crossing,
    fit_width,
    margin_of,
    standard_error,
)
from deepcrit.experiments.uniform_networks.propagation import Jacobians, propagate_signals
from deepcrit.experiments.uniform_networks.response import dynamic_range, median_interval, typical
from deepcrit.experiments.uniform_networks.singular import bidiagonalised_singular_values
from deepcrit.experiments.uniform_networks.spec import UniformSpec, growth_coupling

SPEC = UniformSpec(width=30, depth=12, networks=3, half_width=0.05, amplitude=1.7159, steepness=0.6666, seed=7)


def jacobians(spec: UniformSpec, couplings: np.ndarray, log_scales: np.ndarray) -> tuple[np.ndarray, Jacobians]:
    signals = list(propagate_signals(spec, couplings, log_scales))
    activity = np.array([signal.log_activity for signal in signals])
    return activity, Jacobians(spec, couplings, [signal.slopes for signal in signals[1:]])


def starts(spec: UniformSpec, columns: int) -> np.ndarray:
    return np.repeat(spec.draw_inputs()[:, :, np.newaxis], columns, axis=2)


def explicit(spec: UniformSpec, network: int, coupling: float, scale: float) -> tuple[list[float], np.ndarray]:
    """Activities and Jacobian of one network, multiplied out in double precision."""
    signal, product = scale * spec.draw_inputs()[network], np.eye(spec.width)
    activities = [np.abs(signal).mean()]
    for layer in range(spec.depth):
        weights = coupling * spec.draw_layer(layer)[network].astype(float)
        signal = spec.amplitude * np.tanh(spec.steepness * weights @ signal)
        slopes = spec.gain * (1.0 - (signal / spec.amplitude) ** 2)
        product = slopes[:, np.newaxis] * weights @ product
        activities.append(np.abs(signal).mean())
    return activities, product


def test_signals_and_singular_values_are_those_of_explicit_products() -> None:
    """Activities of all layers, and the largest singular value, below, at and far above the transition."""
    couplings = growth_coupling(SPEC) * np.array([0.5, 1.0, 2.0])
    activity, products = jacobians(SPEC, couplings, np.log([1e-3, 0.5, 1.0]))
    largest = bidiagonalised_singular_values(products, starts(SPEC, 3), 8)
    for network in range(3):
        for column, (coupling, scale) in enumerate(zip(couplings, [1e-3, 0.5, 1.0], strict=True)):
            activities, product = explicit(SPEC, network, coupling, scale)
            assert np.exp(activity[:, network, column]) == pytest.approx(activities, rel=1e-5)
            exact = np.linalg.svd(product, compute_uv=False)[0]
            assert np.exp(largest.log_value[network, column]) == pytest.approx(exact, rel=1e-5)
            assert largest.residual[network, column] < 1e-2


def test_steps_bound_the_singular_value_from_below() -> None:
    """Values rise with the number of steps, and the last gain is the difference from one step less."""
    spec = SPEC._replace(depth=5)
    _, products = jacobians(spec, np.array([growth_coupling(spec)]), np.array([-np.inf]))
    two, three = (bidiagonalised_singular_values(products, starts(spec, 1), steps) for steps in (2, 3))
    assert (three.last_gain > 0).all()
    assert three.log_value - three.last_gain == pytest.approx(two.log_value, rel=1e-6)
    with pytest.raises(ValueError, match="steps: found 1"):
        bidiagonalised_singular_values(products, starts(spec, 1), 1)


def test_a_thousand_layers_neither_underflow_nor_overflow() -> None:
    """At half the coupling a linear network's activity falls by ln 2 a layer more, to 1e-300; so does a signal's."""
    spec = SPEC._replace(depth=1000, networks=1)
    kappa = growth_coupling(spec)
    couplings, scales = kappa * np.array([0.5, 1.0, 2.0, 0.5]), np.array([-np.inf, -np.inf, -np.inf, np.log(1e-3)])
    activity, _ = jacobians(spec, couplings, scales)
    grown = activity[-1, 0] - activity[0, 0]
    assert grown[0] - grown[1] == pytest.approx(-1000 * np.log(2), abs=0.01)
    assert grown[2] - grown[1] == pytest.approx(1000 * np.log(2), abs=0.01)
    assert grown[3] == pytest.approx(grown[0], abs=0.01)


def test_closed_form_of_growth_and_its_error() -> None:
    """Weak signals do not grow on average at the closed form; single networks scatter as their layers say."""
    spec = SPEC._replace(width=25, depth=100, networks=300)
    _, products = jacobians(spec, np.array([growth_coupling(spec)]), np.array([-np.inf]))
    largest = bidiagonalised_singular_values(products, starts(spec, 1), 2)
    rate = largest.log_growth[-1, :, 0] / spec.depth
    error = float(standard_error(largest.log_growth)[0])
    assert abs(rate.mean()) < 4 * error
    assert rate.std(ddof=1) / np.sqrt(300) == pytest.approx(error, rel=0.15)
    assert largest.log_value.std(ddof=1) / np.sqrt(300) / spec.depth < 1.1 * error
    # what a vector does is a lower bound of what the best vector does
    assert (largest.log_value[:, 0] > largest.log_growth[-1, :, 0]).all()


def test_fit_recovers_its_parameters_with_coverage() -> None:
    """Exact without noise; with the noise that is stated, 95% intervals hold the parameters in 90 to 99%."""
    widths = np.array([25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0])
    truth = np.array([0.04, 32.0, -0.515])
    exact = truth[0] + truth[1] * widths ** truth[2]
    errors = 6e-4 * exact
    assert fit_width(widths, exact, errors).parameters == pytest.approx(truth, rel=1e-4)
    rng = np.random.default_rng(3)
    fits = [fit_width(widths, exact + errors * rng.standard_normal(7), errors) for _ in range(400)]
    held = np.mean([np.abs(fit.parameters - truth) < margin_of(1.0) * fit.standard_errors for fit in fits], axis=0)
    assert ((held > 0.9) & (held < 0.99)).all()


def test_crossing_of_a_straight_line_in_the_logarithm() -> None:
    """Exact for rates that are linear in ln kappa, and the first of several; without one the message says so."""
    couplings = np.array([0.5, 0.9, 1.5, 2.0, 3.0])
    rates = np.log(couplings / 1.2)
    assert first_crossing(couplings, rates) == pytest.approx(1.2)
    assert first_crossing(couplings, np.where(couplings == 2.0, -1.0, rates)) == pytest.approx(1.2)
    with pytest.raises(ValueError, match="expected a negative one"):
        first_crossing(couplings, np.abs(rates))


def test_dynamic_range_of_a_hyperbola() -> None:
    """r = s/(s + h) reaches 10% and 90% at h/9 and 9h, 19.08 dB apart; a saturated curve has no range."""
    log10 = np.linspace(-9.0, 3.0, 1201)
    found = dynamic_range(log10, 1.0 / (1.0 + 10.0 ** (-3.0 - log10)))
    assert found.decibels == pytest.approx(10 * np.log10(81), abs=0.01)
    assert found.stimuli == pytest.approx((1e-3 / 9, 9e-3), rel=1e-3)
    assert found.responses == pytest.approx((0.1, 0.9), abs=1e-4)
    assert np.isnan(dynamic_range(log10, 1.0 + 0.1 * np.sin(log10)).decibels)


def test_medians_of_networks() -> None:
    """Saturated networks are left out, up to half; intervals hold the median in 95% or more, and need six networks."""
    assert typical(np.array([1.0, 3.0, np.nan, 2.0])) == 2.0
    assert np.isnan(typical(np.array([1.0, np.nan, np.nan, 2.0])))
    assert median_interval(np.arange(5.0)) == (-np.inf, np.inf)
    rng = np.random.default_rng(5)
    held = [low <= 1.0 <= high for low, high in (median_interval(rng.lognormal(size=12)) for _ in range(1000))]
    assert 0.93 < np.mean(held) < 0.99
