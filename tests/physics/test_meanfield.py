"""Steady states and susceptibilities of infinitely wide networks, against other quadratures and closed forms."""

import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from deepcrit.physics.activations import ACTIVATIONS, activation
from deepcrit.physics.ensembles import draw_weights
from deepcrit.physics.meanfield import CLOSED_FORMS, fit_power, moments, steady_state
from deepcrit.physics.meanfield.bending import BENDING

mp.mp.dps = 30
PIECES = [0, 1, 3, 6, 12]


def mean_square(q):
    """E[tanh(sqrt(q) x)^2] to thirty digits."""
    return 2 * mp.quad(lambda x: mp.tanh(mp.sqrt(q) * x) ** 2 * mp.npdf(x), PIECES)


def excess(q, sw2, sb2):
    """q - sw2 V(q) - sb2, whose root is the steady variance."""
    return q - sw2 * mean_square(q) - sb2


def reference(sw2, sb2):
    """Steady signal strength sqrt(q) of tanh to twenty digits."""
    start = mp.mpf(float(steady_state(float(sw2), float(sb2), "tanh").q))
    return mp.sqrt(mp.findroot(lambda q: excess(q, sw2, sb2), (start, start * (1 + mp.mpf("1e-6"))), tol=1e-45))


@pytest.mark.parametrize("q", [1e-12, 1e-6, 0.01, 0.4, 3.0, 80.0])
@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_moments_are_adaptive_quadratures(name, q):
    """V, its derivative and E[phi'^2] agree with adaptive quadrature of the activation itself to 1e-12."""
    phi, slope = activation(name), BENDING[name].slope

    def average(f):
        return sum(quad(lambda x: float(f(np.sqrt(q) * np.array(x), x)) * norm.pdf(x), *ends, epsabs=1e-14 * min(q, 1),
                        epsrel=3e-13, limit=200)[0] for ends in ((-12, -1), (-1, 0), (0, 1), (1, 12)))  # fmt: skip

    at = moments(q, name)
    assert float(at.mean_square) == pytest.approx(average(lambda u, x: phi(u) ** 2), rel=1e-12)
    growth = average(lambda u, x: phi(u) * slope(u) * x) / np.sqrt(q)
    assert float(at.mean_square_growth) == pytest.approx(growth, rel=1e-12)
    assert float(at.mean_square_slope) == pytest.approx(average(lambda u, x: slope(u) ** 2), rel=1e-12)


def test_every_activation_has_its_bending():
    """No activation is left out, slopes are those of the activation, and V(q)/q never increases."""
    assert set(BENDING) == set(ACTIVATIONS)
    u = np.array([-2.0, -0.3, 0.2, 1.7])
    for name, bending in BENDING.items():
        phi = activation(name)
        assert bending.slope(u) == pytest.approx((phi(u + 1e-6) - phi(u - 1e-6)) / 2e-6, rel=1e-8, abs=1e-12)
        assert (np.diff(moments(np.geomspace(1e-9, 100, 200), name).square) >= 0).all()


def test_small_variances_follow_the_expansion():
    """E tanh^2 = q - 2 q^2 + 17/3 q^3 - ...: the deficit has these coefficients, with an error of the next order."""
    for q in (1e-9, 1e-5, 1e-3):
        assert float(moments(q, "tanh").square) == pytest.approx(2 * q - 17 / 3 * q**2, rel=20 * q**2 + 1e-13)


def test_plane_is_accurate():
    """Over the plotted plane, and close to the critical point, the fixed point is right to 1e-9.

    The thirty-digit equation changes sign between our value less and plus 1e-9 of it.
    """
    rng = np.random.default_rng(1)
    sw2 = np.append(rng.uniform(0.8, 1.6, 24), [1.0, 1.0, 1 + 1e-6, 1 - 1e-6, 1 + 2**-40, 1.6, 3.0, 0.0])
    sb2 = np.append(10 ** rng.uniform(-6, -2.2, 24), [1e-12, 1e-6, 0.0, 1e-10, 0.0, 0.0, 0.5, 1e-6])
    q = steady_state(sw2, sb2, "tanh").q
    for at, weight, bias in zip(q, sw2, sb2, strict=True):
        low, high = (excess(mp.mpf(at) * (1 + sign * mp.mpf("1e-9")), weight, bias) for sign in (-1, 1))
        assert low < 0 < high, (weight, bias)


@pytest.mark.parametrize(("sw2", "sb2"), [(1.0, 1e-6), (1.2, 10**-2.2), (1.001, 0.0)])
def test_susceptibilities_are_derivatives(sw2, sb2):
    """Implicit derivatives agree to 1e-9 with Richardson's extrapolation of differences of thirty-digit roots."""
    state = steady_state(sw2, sb2, "tanh")

    def derivative(f, at, step):
        wide, narrow = ((f(at + h) - f(at - h)) / (2 * h) for h in (step, step / 2))
        return float((4 * narrow - wide) / 3)

    step = mp.mpf("1e-7") * mp.mpf(sb2 or 1e-3)
    by_weight = derivative(lambda s: reference(s, mp.mpf(sb2)), mp.mpf(sw2), step)
    assert float(state.weight_susceptibility) == pytest.approx(by_weight, rel=1e-9)
    if sb2:
        by_bias = derivative(lambda b: reference(mp.mpf(sw2), b), mp.mpf(sb2), step)
        assert float(state.bias_susceptibility) == pytest.approx(by_bias, rel=1e-9)


@pytest.mark.parametrize(("name", "gain"), [("linear", 1.0), ("relu", 0.5)])
def test_straight_activations_have_closed_forms(name, gain):
    """q = sb2 / (1 - gain sw2), chi_1 = gain sw2, and the derivatives of that; beyond the pole there is no state."""
    sw2, sb2 = np.array([0.0, 0.3, 0.9]) / gain, 0.02
    state = steady_state(sw2, sb2, name)
    rest = 1 - gain * sw2
    assert state.q == pytest.approx(sb2 / rest, rel=1e-12)
    assert state.weight_susceptibility == pytest.approx(0.5 * gain * np.sqrt(sb2) * rest**-1.5, rel=1e-12)
    assert state.bias_susceptibility == pytest.approx(0.5 / np.sqrt(sb2 * rest), rel=1e-12)
    assert state.chi_1 == pytest.approx(gain * sw2, rel=1e-12)
    beyond = steady_state(1.01 / gain, sb2, name)
    assert np.isinf(beyond.q)
    assert np.isnan(beyond.weight_susceptibility)


def test_silence():
    """Without bias and below the critical point signals die; at it the strength rises with a vertical tangent."""
    state = steady_state([0.5, 1.0], 0.0, "tanh")
    assert (state.q == 0).all()
    assert state.weight_susceptibility.tolist() == [0.0, np.inf]
    assert np.isinf(state.bias_susceptibility).all()
    assert state.chi_1.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(("sw2", "sb2", "message"), [(-1.0, 0.0, "weight_variance: found -1"),
                                                     (1.0, np.nan, "bias_variance: found nan")])  # fmt: skip
def test_impossible_variances_are_refused(sw2, sb2, message):
    """A variance that is negative or no number is named."""
    with pytest.raises(ValueError, match=message):
        steady_state(sw2, sb2, "tanh")
    with pytest.raises(ValueError, match="activation: found 'sine'"):
        steady_state(1.0, 0.1, "sine")


def test_printed_forms_are_leading_orders():
    """Both closed forms above criticality become exact as the distance to it; the printed field prefactor does not."""
    distance = np.array([1e-6, 1e-4, 1e-2])
    for name, coefficient in (("variance", -17 / 12), ("weight_susceptibility", -17 / 8)):
        form = CLOSED_FORMS[name]
        error = form.printed(distance) / form.exact(distance) - 1
        assert error == pytest.approx(coefficient * distance, rel=0.03), name
    field = CLOSED_FORMS["field_response"]
    assert field.exact(distance)[0] == pytest.approx(np.sqrt(0.5), rel=2e-3)
    assert field.printed(distance)[0] == 0.5
    assert CLOSED_FORMS["quartic_coefficient"].exact(np.array([1e-5]))[0] == pytest.approx(-2 / 3, rel=1e-9)


def test_fitted_exponents():
    """A pure power is recovered without error; a correction shows in the interval, which covers both ends' slopes."""
    x = np.geomspace(1e-4, 1e-2, 21)
    pure = fit_power(x, 3 * x**-0.75)
    assert pure.exponent == pytest.approx(-0.75, abs=1e-12)
    assert pure.standard_error < 1e-12
    curved = fit_power(x, x * (1 + 5 * x))
    low, high = curved.interval()
    assert low == pytest.approx(1.0, abs=1e-3)
    assert high == pytest.approx(1 + 5e-2 / 1.05, rel=3e-3)
    assert low < curved.exponent < high
    assert curved.truncation_bias == pytest.approx(curved.exponent - 1, abs=1e-3)
    for y in (-x, x[:3], np.where(x > 1e-3, np.inf, x)):
        with pytest.raises(ValueError, match="found values without logarithm"):
            fit_power(x[: len(y)], y)


@pytest.mark.parametrize(("name", "sw2", "sb2"), [("tanh", 1.5, 0.05), ("tanh", 0.9, 0.01), ("relu", 1.2, 0.1)])
def test_wide_networks_settle_there(name, sw2, sb2):
    """The mean signal of explicit Gaussian networks of width 400 is the steady variance.

    Within four standard errors and the 1/N of a finite width.
    """
    rng = np.random.default_rng(7)
    phi, settled = activation(name), []
    for _ in range(8):
        y = rng.standard_normal((4, 400))
        for _ in range(25):
            bias = np.sqrt(sb2) * rng.standard_normal(400)
            z = y @ draw_weights("gaussian", (400, 400), sw2, rng) + bias
            y = phi(z)
        settled.append((z**2).mean())
    error = np.std(settled, ddof=1) / np.sqrt(len(settled))
    q = float(steady_state(sw2, sb2, name).q)
    assert abs(np.mean(settled) - q) < 4 * error + 2 * q / 400
    assert error < 0.05 * q
