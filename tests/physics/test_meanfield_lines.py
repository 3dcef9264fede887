"""Edge of chaos, ridge of the susceptibility and correlations, against independent computations."""

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.optimize import brentq
from scipy.stats import norm

from deepcrit.physics.ensembles import draw_weights
from deepcrit.physics.meanfield import (
    correlation_map,
    correlation_slope,
    decay_rate,
    edge_of_chaos,
    ridge,
    ridge_end,
    stable_correlation,
    steady_state,
)

SB2 = 10.0 ** np.array([-6.0, -5.0, -4.0, -3.0, -2.2])


def average(f):
    """Mean of an even function of a standard normal, by adaptive quadrature."""
    return sum(2 * quad(lambda x: f(x) * norm.pdf(x), *ends, epsrel=1e-12)[0] for ends in ((0, 3), (3, 10)))


def test_edge_of_chaos_by_nested_roots():
    """The edge is where chi_1, from adaptive quadrature at a fixed point bracketed anew, passes one."""
    for sb2 in (1e-5, 10**-2.2):

        def chi_1(sw2, sb2=sb2):
            q = brentq(lambda q: q - sw2 * average(lambda x: np.tanh(np.sqrt(q) * x) ** 2) - sb2, sb2, 4, xtol=1e-13)
            return sw2 * average(lambda x: np.cosh(np.sqrt(q) * x) ** -4.0)

        found = brentq(lambda sw2: chi_1(sw2) - 1, 1.0, 1.6, xtol=1e-10)
        assert edge_of_chaos(sb2, "tanh")[0] == pytest.approx(found, abs=1e-8)


def test_edge_of_chaos_values():
    """Known values on the edge, and its leading order 1 + 2 (3 sb2 / 4)^(1/3) near the critical point."""
    assert edge_of_chaos(SB2, "tanh") == pytest.approx([1.018, 1.040, 1.086, 1.189, 1.360], abs=6e-4)
    assert edge_of_chaos(1e-12, "tanh")[0] - 1 == pytest.approx(2 * 0.75e-12 ** (1 / 3), rel=1e-3)
    assert edge_of_chaos(0.0, "tanh")[0] == 1.0


@pytest.mark.parametrize(("name", "critical"), [("relu", 2.0), ("linear", 1.0)])
def test_straight_activations_have_no_edge(name, critical):
    """Where chi_1 does not depend on the bias the edge meets sb2 = 0 alone, and there is no ridge."""
    found = edge_of_chaos([0.0, 0.1], name)
    assert found[0] == critical
    assert np.isnan(found[1])
    with pytest.raises(ValueError, match="expected one that saturates"):
        ridge(0.1, name)


@pytest.mark.parametrize("sb2", [1e-6, 1e-3, 10**-2.2, 0.3])
def test_ridge_is_the_highest_susceptibility(sb2):
    """No weight variance of a fine grid has a larger susceptibility, and both half heights are half as high."""
    found = ridge(sb2, "tanh")
    grid = steady_state(np.linspace(0, 4, 4001), sb2, "tanh").weight_susceptibility
    beside = steady_state(found.weight_variance * (1 + np.linspace(-1e-3, 1e-3, 401)), sb2, "tanh")
    assert grid.max() <= found.height * (1 + 1e-12)
    assert beside.weight_susceptibility.max() == pytest.approx(found.height, rel=1e-6)
    for side in (found.low, found.high):
        at = steady_state(side, sb2, "tanh").weight_susceptibility
        assert float(at) == pytest.approx(0.5 * found.height, rel=1e-9) or side == 0.0
    assert found.interior


def test_ridge_near_the_critical_point():
    """The scaling form q = sqrt(sb2) (y + sqrt(y^2 + 8)) / 4 puts the ridge at y = sqrt(8/3)."""
    sb2 = 1e-10
    y = np.sqrt(8 / 3)
    found = ridge(sb2, "tanh")
    assert (found.weight_variance - 1) / np.sqrt(sb2) == pytest.approx(y, rel=1e-3)
    q = (y + np.sqrt(y * y + 8)) / 4
    assert found.height * sb2**0.25 == pytest.approx(np.sqrt(q) / (2 * np.sqrt(y * y + 8)), rel=1e-3)


def test_end_of_the_ridge():
    """Just below it the susceptibility has a maximum away from sw2 = 0, just above it falls throughout."""
    end = ridge_end("tanh")
    grid = np.linspace(0, 8, 8001)
    below, above = (steady_state(grid, factor * end, "tanh").weight_susceptibility for factor in (0.98, 1.02))
    assert 0 < np.argmax(below) < len(grid) - 1
    assert (np.diff(above) < 0).all()
    assert ridge(0.98 * end, "tanh").interior
    beyond = ridge(1.02 * end, "tanh")
    assert not beyond.interior
    assert beyond.weight_variance == 0.0
    with pytest.raises(ValueError, match="found no end"):
        ridge_end("tanh", 1e-6, 1.0)


@pytest.mark.parametrize("c", [-0.6, 0.0, 0.5, 0.99, 1.0])
def test_correlations_of_relu_are_the_arc_cosine_kernel(c):
    """For ReLU the averages over two inputs have closed forms, kinks and all."""
    a, q = np.arccos(c), 0.7
    kernel = q * (np.sin(a) + (np.pi - a) * c) / (2 * np.pi)
    assert correlation_map(c, q, 1.3, 0.1, "relu") == pytest.approx((1.3 * kernel + 0.1) / q, rel=1e-12)
    assert correlation_slope(c, q, 1.3, "relu") == pytest.approx(1.3 * (np.pi - a) / (2 * np.pi), abs=1e-12)


def test_correlations_of_tanh_are_adaptive_quadratures():
    """One point of the map and of its slope, against adaptive quadrature in two dimensions and a difference."""
    c, q = 0.4, 0.6

    def product(y, x):
        second = np.sqrt(q) * (c * x + np.sqrt(1 - c * c) * y)
        return np.tanh(np.sqrt(q) * x) * np.tanh(second) * norm.pdf(x) * norm.pdf(y)

    exact = dblquad(product, -8, 8, -8, 8, epsabs=1e-9)[0]
    assert correlation_map(c, q, 1.5, 0.02, "tanh") == pytest.approx((1.5 * exact + 0.02) / q, rel=1e-7)
    difference = np.diff([correlation_map(at, q, 1.5, 0.02, "tanh") for at in (c - 1e-4, c + 1e-4)])[0] / 2e-4
    assert correlation_slope(c, q, 1.5, "tanh") == pytest.approx(difference, rel=1e-7)


def test_phases():
    """Identical inputs are the only fixed point of the map up to the edge, and lose correlation beyond it."""
    sb2 = 1e-3
    edge = edge_of_chaos(sb2, "tanh")[0]
    for ratio in (0.9, 0.99):
        q = float(steady_state(ratio * edge, sb2, "tanh").q)
        gained = [correlation_map(c, q, ratio * edge, sb2, "tanh") - c for c in np.linspace(-0.99, 0.99, 67)]
        assert min(gained) > 0
    settled, inverse_depth = stable_correlation(1.1 * edge, sb2, "tanh")
    assert settled < 0.5
    q = float(steady_state(1.1 * edge, sb2, "tanh").q)
    assert correlation_map(settled, q, 1.1 * edge, sb2, "tanh") == pytest.approx(settled, abs=1e-11)
    assert decay_rate(1.1 * edge, sb2, "tanh", 2000) == pytest.approx(inverse_depth, rel=2e-3)
    assert np.isnan(decay_rate(edge, sb2, "tanh", 2000))
    assert abs(stable_correlation(edge, sb2, "tanh")[1]) < 1e-12
    assert stable_correlation(1.5, 0.0, "tanh")[0] == 0.0
    with pytest.raises(ValueError, match=r"steady variance 0\.0"):
        stable_correlation(0.9, 0.0, "tanh")


def test_two_inputs_of_wide_networks_settle_there():
    """Two independent inputs of explicit chaotic networks of width 500 reach the stable correlation."""
    rng = np.random.default_rng(3)
    sw2, sb2, found = 4.0, 0.2, []
    for _ in range(6):
        y = rng.standard_normal((2, 500))
        for _ in range(30):
            z = y @ draw_weights("gaussian", (500, 500), sw2, rng) + np.sqrt(sb2) * rng.standard_normal(500)
            y = np.tanh(z)
        found.append((z[0] @ z[1]) / np.sqrt((z[0] @ z[0]) * (z[1] @ z[1])))
    settled, _ = stable_correlation(sw2, sb2, "tanh")
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    assert error < 0.05
    assert abs(np.mean(found) - settled) < 4 * error + 0.01


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf, [0.1, -1e-9]])
def test_impossible_bias_variances_are_refused(wrong: object) -> None:
    """As for the steady state, a negative or infinite bias variance has no edge of chaos, and is not NaN either."""
    with pytest.raises(ValueError, match=r"bias_variance: found .*, expected finite, >= 0"):
        edge_of_chaos(wrong, "tanh")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"bias_variance: found .*, expected finite, >= 0"):
        ridge(wrong, "tanh")  # type: ignore[arg-type]


@pytest.mark.parametrize(("c", "q"), [(1.1, 1.0), (-2.0, 1.0), (np.nan, 1.0), (0.5, 0.0), (0.5, -1.0), (0.5, np.inf)])
def test_impossible_correlations_are_refused(c: float, q: float) -> None:
    """Neither NaN nor the value at the end of the range stands for a correlation or variance that cannot be."""
    for call in (lambda: correlation_map(c, q, 1.2, 0.1, "tanh"), lambda: correlation_slope(c, q, 1.2, "tanh")):
        with pytest.raises(ValueError, match=r"found correlation .*, expected them in \[-1, 1\] and \(0, inf\)"):
            call()
