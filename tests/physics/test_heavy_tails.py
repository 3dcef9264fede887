"""Networks of stable weights: mean field and spectra against sampling, other quadratures, closed forms, eigenvalues."""

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import gamma, gammaln
from scipy.stats import kstest

from deepcrit.physics.heavytails import (
    SIGMOIDS,
    HeavyTailsError,
    Sigmoid,
    Spectrum,
    distance,
    eigenvalues,
    fitted_pseudolength,
    fixed_point,
    gain_at,
    layerwise_jacobian,
    line_gain,
    mean_power,
    next_pseudolength,
    ordered_gain,
    random_jacobian,
    simulate_pseudolengths,
    tail_constant,
)
from deepcrit.physics.heavytails.products import averages, product
from deepcrit.physics.meanfield import steady_state
from deepcrit.stats import stable

Floats = NDArray[np.float64]

# phi(x) = erf(sqrt(pi) x/2), whose slope exp(-pi x^2/4) falls faster than that of tanh
ERF = Sigmoid(
    lambda x: np.vectorize(math.erf, otypes=[float])(math.sqrt(math.pi) / 2 * x),
    lambda h: math.pi / 2 * h * h,
    lambda t: np.sqrt(2 / math.pi * np.maximum(t, 0)),
)
LINEAR = Sigmoid(lambda x: x, np.zeros_like, lambda t: np.where(t > 0, np.inf, 0.0))


@pytest.mark.parametrize("alpha", [1.0, 2.0])
@pytest.mark.parametrize("q", [1e-3, 0.6, 5.0])
def test_mean_power_is_an_adaptive_quadrature(alpha: float, q: float) -> None:
    """E|tanh z|^alpha over the Cauchy and the normal law, whose densities are elementary, to 1e-8."""
    scale = (q / 2) ** (1 / alpha)

    def integrand(z: float) -> float:
        if alpha == 1:
            density = scale / math.pi / (z * z + scale * scale)
        else:
            density = math.exp(-((z / scale) ** 2) / 4) / scale / math.sqrt(4 * math.pi)
        return 2 * density * math.tanh(z) ** alpha

    last = 1e4 if alpha == 1 else 14 * scale
    edges = [0, *np.geomspace(scale / 100, last, 20)]
    expected = sum(quad(integrand, *ends, epsrel=1e-10, epsabs=0)[0] for ends in itertools.pairwise(edges))
    expected += 2 / math.pi * math.atan(scale / last) if alpha == 1 else 0
    assert mean_power(q, alpha) == pytest.approx(expected, rel=1e-8)


def test_mean_power_is_an_average() -> None:
    """A million variates by another method agree within four standard errors."""
    rng = np.random.default_rng(1)
    for alpha, q in ((1.2, 0.5), (1.7, 0.05)):
        z = stable.sample_exactly(rng, 1_000_000, alpha, (q / 2) ** (1 / alpha))
        powers = np.abs(np.tanh(z)) ** alpha
        assert abs(mean_power(q, alpha) - powers.mean()) < 4 * powers.std() / 1000


def test_gaussian_limit() -> None:
    """At alpha = 2 the map is that of the variance, with and without bias; below g = 1 nothing is left."""
    for gain, bias in ((1.2, 0.0), (3.0, 0.0), (0.7, 0.1)):
        expected = float(steady_state(gain**2, bias, "tanh").q)
        assert fixed_point(2.0, gain, bias) == pytest.approx(expected, rel=1e-8)
    assert fixed_point(2.0, 1.0) == 0


@pytest.mark.parametrize("alpha", [1.0, 1.3, 1.9])
def test_fixed_points_stay(alpha: float) -> None:
    """One more layer leaves q* where it is, and iteration from above and below leads to it."""
    for gain, bias in ((0.5, 0.0), (1.5, 0.0), (1.5, 0.3)):
        q = fixed_point(alpha, gain, bias)
        assert next_pseudolength(q, alpha, gain, bias) == pytest.approx(q, rel=1e-7)
    for q in (1e-3, 30.0):
        for _ in range(60):
            q = next_pseudolength(q, alpha, 1.5)
        assert q == pytest.approx(fixed_point(alpha, 1.5), rel=1e-6)


def test_no_sharp_transition() -> None:
    """For alpha < 2, q* = exp(-const/D_w) at small D_w: E|tanh z|/q = ln(1/q)/pi + const at alpha = 1, slope exact."""
    gains = np.array([0.05, 0.04])
    logs = [math.log(fixed_point(1.0, float(gain))) for gain in gains]
    assert (logs[1] - logs[0]) / (1 / gains[1] - 1 / gains[0]) == pytest.approx(-math.pi, rel=1e-6)
    assert tail_constant(1.0) == pytest.approx(1 / math.pi)
    for alpha in (1.2, 1.8):
        x = 1e4
        assert stable.density(x, alpha) * x ** (1 + alpha) == pytest.approx(tail_constant(alpha), rel=0.02)


def test_ordered_line() -> None:
    """q* = 0.01 at gains that sampling put at 0.518, 0.621, 0.760, 0.902, 1.010, and at these it is the fixed point."""
    for alpha, printed in ((1, 0.518), (1.2, 0.621), (1.5, 0.760), (1.8, 0.902), (2, 1.010)):
        gain = ordered_gain(alpha)
        assert gain == pytest.approx(printed, abs=0.0025)
        assert fixed_point(alpha, gain) == pytest.approx(0.01, rel=1e-6)


def test_ordered_line_by_radius() -> None:
    """At the line in the reading of the authors' code, y(1) = 0.01 y(0); the classical point at alpha = 2."""
    for alpha in (1.0, 1.5, 1.9):
        spectrum = Spectrum(alpha, line_gain(alpha, "radius"))
        assert float(spectrum.order_parameter(1.0) / spectrum.order_parameter(0.0)) == pytest.approx(0.01, rel=1e-6)
        assert spectrum.characteristic_radius == pytest.approx(1, rel=1e-7)
    assert line_gain(2.0, "radius") == 1


def product_survival(b: float, u: Floats) -> Floats:
    """P(ln T > u), in the shape of u, from the tables."""
    law, out = product(b), np.empty((u.size, 2))
    averages(u, np.zeros(1), np.ones(1), b, law.spacing, law.table, law.end, *law.tail, out)
    return out[:, 0]


def test_products_of_stable_and_exponential_variables() -> None:
    """P(S S' E/E' > x) of the tables, against samples, the closed form at b = 1, and the tail where it takes over."""
    rng = np.random.default_rng(3)
    n = 400_000
    for b in (0.5, 0.8):
        s, other = (stable.sample_positive(rng, n, b) for _ in range(2))
        drawn = np.log(s * other * rng.exponential(size=n) / rng.exponential(size=n))
        assert kstest(drawn, lambda u, b=b: 1 - product_survival(b, u)).pvalue > 0.01
    u = np.linspace(-38, 60, 500)
    np.testing.assert_allclose(product_survival(1.0, u), 1 / (1 + np.exp(u)), rtol=2e-9)
    for b in (0.5, 0.7, 0.99):
        end = product(b).end
        before, after = product_survival(b, np.array([end - 1e-9, end + 1e-9]))
        assert before == pytest.approx(after, rel=1e-8)


@pytest.mark.parametrize(("alpha", "gain"), [(1.0, 3.0), (1.2, 1.5), (1.7, 1.0)])
def test_cavity_equations_hold(alpha: float, gain: float) -> None:
    """y(r) solves Eq. 8 as printed and P(|z| < r) = E[r^2/(r^2 + y^2 chi^2 S S')]: 1e6 samples, within 4.5 errors."""
    rng = np.random.default_rng(5)
    spectrum = Spectrum(alpha, gain)
    n, b = 1_000_000, alpha / 2
    c = gamma(1 + alpha) / (2 * gamma(1 + b))
    h = stable.sample_exactly(rng, n, alpha, (spectrum.pseudolength / 2) ** (1 / alpha))
    log_chi = math.log(gain) - SIGMOIDS["tanh"].decay(np.abs(h)) / 2
    a = np.exp(2 * log_chi) * stable.sample_positive(rng, n, b, c)
    other = stable.sample_positive(rng, n, b, c)
    for r in spectrum.radius([0.95, 0.5, 0.1, 0.02]):
        y = float(spectrum.order_parameter(r))
        powers = (a / (r * r + y * y * a * other)) ** b
        assert abs(powers.mean() - 1) < 4.5 * powers.std() / 1000
        inside = r * r / (r * r + y * y * a * other)
        assert abs(inside.mean() - spectrum.distribution(r)) < 4.5 * inside.std() / 1000


@pytest.mark.parametrize("alpha", [1.0, 1.37, 1.9, 2.0])
def test_order_parameter_at_zero(alpha: float) -> None:
    """y(0)^alpha = 2/Gamma(1 + alpha)."""
    assert float(Spectrum(alpha, 1.3).order_parameter(0.0)) ** alpha == pytest.approx(2 / gamma(1 + alpha), rel=1e-14)


def test_circular_law() -> None:
    """Linear networks at alpha = 2: P(|z| < r) = r^2/g^2 up to the edge g, with all averages in closed form."""
    gain = 1.5
    spectrum = Spectrum(2.0, gain, 0.0, LINEAR)
    r = np.array([0.0, 0.01, 0.7, 1.0, 1.4, 1.4999, 1.5, 1.6])
    np.testing.assert_allclose(spectrum.distribution(r), np.minimum(r * r / gain**2, 1), atol=1e-9)
    inside = r[1:5]
    np.testing.assert_allclose(spectrum.radial_density(inside), 2 * inside / gain**2, rtol=1e-7)
    np.testing.assert_allclose(spectrum.plane_density(inside), 1 / math.pi / gain**2, rtol=1e-7)
    np.testing.assert_allclose(spectrum.order_parameter([0.7, 1.5]), [math.sqrt(1 - 0.49 / 2.25), 0], atol=1e-8)
    assert spectrum.edge == pytest.approx(gain)
    assert spectrum.median == pytest.approx(gain / math.sqrt(2), rel=1e-9)
    log, square = spectrum.log_averages([1, 2])
    assert log == pytest.approx(math.log(gain) - 0.5, abs=1e-9)
    expected = quad(lambda x: math.copysign(math.log(x) ** 2, math.log(x)) * 2 * x / gain**2, 0, gain, points=[1])[0]
    assert square == pytest.approx(expected, abs=1e-8)
    shifted = spectrum.shifted_averages([1, 11])
    expected = [quad(lambda x, k=k: (x - 2) ** k * 2 * x / gain**2, 0, gain)[0] for k in (1, 11)]
    np.testing.assert_allclose(shifted, expected, rtol=1e-9)


@pytest.mark.parametrize("gain", [0.8, 1.5, 3.0])
def test_gaussian_networks_by_another_solver(gain: float) -> None:
    """At alpha = 2, y solves 1 = E[chi^2/(r^2 + y^2 chi^2)], here by bracketing, and ends at sqrt(E chi^2)."""
    spectrum = Spectrum(2.0, gain)
    deviation = math.sqrt(float(steady_state(gain**2, 0.0, "tanh").q))
    x, weights = np.polynomial.legendre.leggauss(400)
    x, weights = 12 * x, 12 * weights * np.exp(-72 * x * x) / math.sqrt(2 * math.pi)
    squares = (gain / np.cosh(deviation * x) ** 2) ** 2
    edge = math.sqrt(weights @ squares)
    assert spectrum.edge == pytest.approx(edge, rel=1e-8)
    for r in np.array([0.003, 0.2, 0.6, 0.98]) * edge:

        def excess(square: float, r: float = r) -> float:
            return float(weights @ (squares / (r * r + square * squares)) - 1)

        square = brentq(excess, 1e-12, 1.0, xtol=1e-15)
        assert float(spectrum.order_parameter(r)) == pytest.approx(math.sqrt(square), abs=1e-7)
        inside = float(weights @ (r * r / (r * r + square * squares)))
        assert float(spectrum.distribution(r)) == pytest.approx(inside, abs=1e-7)


@pytest.mark.parametrize("activation", ["tanh", ERF], ids=["tanh", "erf"])
@pytest.mark.parametrize(("alpha", "gain"), [(1.0, 1.5), (1.5, 0.3), (1.95, 2.5), (2.0, 1.5)])
def test_distribution_and_its_inverse_and_derivative(alpha: float, gain: float, activation: str | Sigmoid) -> None:
    """Radii of probabilities lead back to them; the density is the slope; medians, all ends included, are in order."""
    spectrum = Spectrum(alpha, gain, activation=activation)
    p = np.array([0.99, 0.9, 0.5, 0.1, 1e-3, 1e-8])
    r = spectrum.radius(p)
    assert (np.diff(r) > 0).all()
    np.testing.assert_allclose(spectrum.survival(r), p, rtol=1e-7)
    inside = r[1:5]
    step = 1e-5 * inside
    slope = (spectrum.distribution(inside + step) - spectrum.distribution(inside - step)) / (2 * step)
    np.testing.assert_allclose(spectrum.radial_density(inside), slope, rtol=1e-4, atol=1e-6)
    assert float(spectrum.distribution(1e300)) == 1


@pytest.mark.parametrize(("alpha", "gain"), [(1.0, 3.0), (1.5, 0.5), (1.9, 1.5), (2.0, 3.0)])
def test_averages_are_integrals_of_the_distribution(alpha: float, gain: float) -> None:
    """J_f by parts, int P(|z| > r) df, over a grid of its own: to 1e-4 for both families, cut, clipped or whole."""
    spectrum = Spectrum(alpha, gain)
    largest = spectrum.characteristic_radius
    log_r = np.linspace(math.log(0.01), math.log(largest), 3001)
    above = spectrum.survival(np.exp(log_r))
    for clip in (False, True):
        ours = np.concatenate(
            [
                spectrum.log_averages([1, 2, 5], 0.01, largest, clip),
                spectrum.shifted_averages([1, 11], 0.01, largest, clip),
            ]
        )
        for value, f in zip(ours, (lambda x: x, lambda x: np.sign(x) * x * x, lambda x: x**5,
                                   lambda x: np.exp(x) - 2, lambda x: (np.exp(x) - 2) ** 11), strict=True):  # fmt: skip
            values = f(log_r)
            expected = values[0] + float(np.diff(values) @ (above[1:] + above[:-1]) / 2)
            if not clip:
                expected -= values[0] * (1 - above[0]) + values[-1] * above[-1]
            assert value == pytest.approx(expected, rel=1e-4, abs=1e-4)
    far = np.append(0, np.geomspace(1e-6, 40, 3000))
    whole = -2 + np.trapezoid(spectrum.survival(far), far)
    assert spectrum.shifted_averages([1])[0] == pytest.approx(whole, abs=1e-4)


@pytest.mark.parametrize("alpha", [1.05, 1.5, 1.9, 2.0])
def test_mean_logarithms(alpha: float) -> None:
    """E ln |z| = ln g + E ln phi'(h) + (ln c/b + 2 gamma (1/b - 1))/2 - (1 + ln Gamma(1 + b))/alpha, whatever the gain.

    Here ln P(T > x) averages to -1, and E ln T follows from its moments; E ln cosh h = int P(|h| > x) tanh x dx.
    """
    b = alpha / 2
    c = gamma(1 + alpha) / (2 * gamma(1 + b))
    constant = (math.log(c) / b + 2 * np.euler_gamma * (1 / b - 1)) / 2 - (1 + gammaln(1 + b)) / alpha
    for gain in (0.8, 2.0):
        spectrum = Spectrum(alpha, gain)
        scale = (spectrum.pseudolength / 2) ** (1 / alpha)
        x = np.exp(np.arange(-40, 700 / alpha, 0.05))
        log_cosh = 0.05 * float((2 * x * stable.survival(x, alpha, scale) * np.tanh(x)).sum()) if scale else 0.0
        expected = math.log(gain) - 2 * log_cosh + constant
        assert spectrum.log_averages([1])[0] == pytest.approx(expected, rel=1e-6)


def test_saturated_neurons_make_logarithms_infinite() -> None:
    """P(ln 1/|z| > t) t^alpha tends to a constant for alpha < 2, so that E|ln |z||^L is infinite for L >= alpha."""
    for alpha in (1.0, 1.5, 1.9):
        spectrum = Spectrum(alpha, 1.5)
        depth = np.array([150.0, 300.0])
        first, second = spectrum.distribution(np.exp(-depth))
        assert math.log(first / second) / math.log(2) == pytest.approx(alpha, rel=0.02)
        # |z| ~ chi there, and phi' ~ 4 exp(-2 |h|)
        saturated = 2 * stable.survival(depth[1] / 2, alpha, (spectrum.pseudolength / 2) ** (1 / alpha))
        assert second == pytest.approx(float(saturated), rel=0.05)
        finite = np.isfinite(spectrum.log_averages([1, 2, 3]))
        np.testing.assert_array_equal(finite, [alpha > 1, False, False])
    assert np.isfinite(Spectrum(2.0, 3.0).log_averages([1, 6])).all()


def test_eigenvalues_follow_the_theory() -> None:
    """Two matrices of N = 600 each: the radial distribution within 0.025 everywhere, the area between within 0.02."""
    rng = np.random.default_rng(7)
    for alpha, gain in ((1.2, 1.5), (2.0, 1.5)):
        radii = np.abs([eigenvalues(random_jacobian(rng, 600, alpha, gain)) for _ in range(2)])
        found = distance(radii, Spectrum(alpha, gain))
        assert found.kolmogorov_smirnov < 0.025
        assert found.area < 0.02
        # another gain is told apart
        assert distance(radii, Spectrum(alpha, 2.25)).kolmogorov_smirnov > 0.05


def test_distance_of_known_samples() -> None:
    """One radius at the median is 1/2 away; radii at mid-quantiles are 1/(2n) away, over no area."""
    spectrum = Spectrum(1.4, 1.2)
    assert distance([spectrum.median], spectrum).kolmogorov_smirnov == pytest.approx(0.5)
    found = distance(spectrum.radius((np.arange(50) + 0.5) / 50), spectrum)
    assert found.kolmogorov_smirnov == pytest.approx(0.01, abs=1e-7)
    assert found.area < 1e-12


def test_pseudolengths_of_finite_networks() -> None:
    """Networks of N = 1000 settle at q* within 10%, by their activations and by a fit of scale to what is drawn."""
    rng = np.random.default_rng(9)
    for alpha in (1.0, 1.5, 2.0):
        found = simulate_pseudolengths(rng, 20, 1000, 25, alpha, 1.5)
        q = fixed_point(alpha, 1.5)
        assert found.q.shape == (20, 25)
        assert found.q[:, 0] == pytest.approx(1.5**alpha)
        assert found.q[:, -1].mean() == pytest.approx(q, rel=0.1)
        assert fitted_pseudolength(found.last, alpha) == pytest.approx(q, rel=0.1)


def test_one_signal_needs_no_matrix() -> None:
    """Pseudolengths of the third layer from independent draws and from matrices of the same width have one law."""
    rng = np.random.default_rng(11)
    alpha, gain, width, networks = 1.3, 1.5, 30, 400
    found = simulate_pseudolengths(rng, networks, width, 3, alpha, gain).q[:, 2]
    x = np.ones((networks, width))
    for _ in range(2):
        weights = stable.sample_exactly(rng, (networks, width, width), alpha, gain * (2 * width) ** (-1 / alpha))
        x = np.tanh(np.einsum("nij,nj->ni", weights, x))
    expected = gain**alpha * (np.abs(x) ** alpha).mean(axis=1)
    assert kstest(found, expected).pvalue > 0.01


def test_layerwise_jacobians_are_derivatives() -> None:
    """W^2 D^1 is the derivative of h^2 by h^1, D^2 W^2 that of x^2 by x^1, by central differences."""
    rng = np.random.default_rng(13)
    weights = [rng.normal(size=(6, 4)), rng.normal(size=(6, 6)), rng.normal(size=(3, 6))]
    x = rng.normal(size=4)
    h = weights[0] @ x
    step = 1e-6 * np.eye(6)

    def column(f) -> Floats:  # type: ignore[no-untyped-def]
        return np.stack([(f(d) - f(-d)) / 2e-6 for d in step], axis=1)

    pre = column(lambda d: weights[1] @ np.tanh(h + d))
    post = column(lambda d: np.tanh(weights[1] @ (np.tanh(h) + d)))
    np.testing.assert_allclose(layerwise_jacobian(weights, x, 1, "pre_activation"), pre, atol=1e-8)
    np.testing.assert_allclose(layerwise_jacobian(weights, x, 2, "post_activation"), post, atol=1e-8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Spectrum(0.9, 1.0), "alpha: found 0.9"),
        (lambda: fixed_point(2.1, 1.0), "alpha: found 2.1"),
        (lambda: fixed_point(1.5, 0.0), "gain: found 0.0"),
        (lambda: fixed_point(1.5, 1.0, -1.0), "bias: found -1.0"),
        (lambda: fixed_point(1.5, 1.0, activation="relu"), "'relu', which is not sigmoidal"),
        (lambda: fixed_point(1.5, 1.0, activation="sine"), "'sine', which is unknown"),
        (lambda: gain_at(0.0, 1.5), "q: found 0.0"),
        (lambda: Spectrum(1.5, 1.0, -1.0), "pseudolength: found -1.0"),
        (lambda: Spectrum(1.5, 1.0).survival([-1.0]), "r: found"),
        (lambda: Spectrum(1.5, 1.0).radius([0.0]), "survival: found"),
        (lambda: Spectrum(1.5, 1.0).log_averages([1.5]), r"powers: found \[1.5\]"),
        (lambda: Spectrum(1.5, 1.0).shifted_averages([1], 1.0, 0.5), "radii: found 1.0 to 0.5"),
        (lambda: line_gain(1.5, "other"), "reading: found 'other'"),
        (lambda: random_jacobian(np.random.default_rng(1), 1, 1.5, 1.0), "width: found 1"),
        (lambda: distance([], Spectrum(1.5, 1.0)), "radii: found none"),
        (lambda: fitted_pseudolength(np.zeros(9), 1.5), "h: found a median"),
        (lambda: layerwise_jacobian([np.eye(3)], np.ones(3), 1, "pre_activation"), "layer: found 1"),
        (lambda: layerwise_jacobian([np.eye(3)], np.ones(2), 1, "post_activation"), r"W\^1: found shape"),
        (lambda: layerwise_jacobian([np.full((3, 3), np.nan)], np.ones(3), 1, "post_activation"), "not finite"),
        (lambda: layerwise_jacobian([np.eye(3)], np.ones(3), 1, "other"), "kind: found 'other'"),
    ],
)
def test_refusals_name_what_was_found(call, message: str) -> None:  # type: ignore[no-untyped-def]
    """Parameters outside their range are refused by name."""
    with pytest.raises((HeavyTailsError, stable.StableError), match=message):
        call()
