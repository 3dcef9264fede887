"""Stable laws against closed forms, Nolan's values, convergent series and adaptive quadrature at 30 digits."""

import math
from collections.abc import Callable
from pathlib import Path

import mpmath
import numpy as np
import pytest
import scipy.stats
from numpy.typing import NDArray

from deepcrit.stats import stable

Floats = NDArray[np.float64]

POINTS = (0.3, 1.0, 2.5, 5.0, 7.3, 9.1, 10.4, 15.749999, 15.75, 20.0)
NEAR_AND_FAR = [
    (0.5, POINTS),
    (0.6, POINTS),
    (0.85, POINTS),
    (0.999, POINTS[2:]),  # elsewhere a series takes too many terms
    (1.001, POINTS[:1]),
    (1.3, POINTS[:4]),
    (1.7, POINTS),
    (1.95, POINTS),
    (1.999, POINTS),
    (2 - 1e-6, POINTS),
    (2 - 1e-10, POINTS),
]


def exact_series(x: float, alpha: float) -> tuple[float, float]:
    """Density and P(X > x) from whichever series converges, summed at enough digits to survive its cancellation."""
    with mpmath.workdps(150):
        a, y = mpmath.mpf(alpha), mpmath.mpf(x)
        density = tail = mpmath.mpf(0)
        if a > 1:  # powers of x, Feller vol. 2, XVII.6
            tail = mpmath.mpf(1) / 2
            for k in range(4000):
                term = (
                    (-1) ** k * mpmath.gamma((2 * k + 1) / a) / mpmath.factorial(2 * k) * y ** (2 * k) / (mpmath.pi * a)
                )
                density += term
                tail -= term * y / (2 * k + 1)
                if abs(term) < mpmath.mpf(10) ** -45:
                    break
        else:  # powers of 1/x
            for k in range(1, 4000):
                size = mpmath.gamma(a * k + 1) / mpmath.factorial(k) * y ** (-a * k) / mpmath.pi
                term = (-1) ** (k + 1) * size * mpmath.sinpi(k * a / 2)
                density += term / y
                tail += term / (a * k)
                if size < mpmath.mpf(10) ** -45:
                    break
        return float(density), float(tail)


def exact_integral(x: float, alpha: float) -> float:
    """Density by adaptive quadrature of Zolotarev's integral at 30 digits, for alpha other than 1."""
    with mpmath.workdps(30):
        a, y = mpmath.mpf(alpha), mpmath.mpf(x)
        power = a / (a - 1)

        def integrand(s: mpmath.mpf) -> mpmath.mpf:
            t = mpmath.pi / 2 / (1 + mpmath.exp(-s))  # from 0 to pi/2, both ends resolved
            rest = mpmath.pi / 2 / (1 + mpmath.exp(s))  # pi/2 - t
            cosine = mpmath.sin(rest)
            v = y**power * (cosine / mpmath.sin(a * t)) ** power * mpmath.cos((a - 1) * t) / cosine
            return v * mpmath.exp(-v) * t * rest * 2 / mpmath.pi

        area = mpmath.quad(integrand, [-60, -20, -10, -5, *range(-4, 5), 5, 10, 20, 60])
        return float(a / (mpmath.pi * abs(a - 1) * y) * area)


@pytest.mark.parametrize(("alpha", "points"), NEAR_AND_FAR)
def test_density_and_distribution_follow_the_series(alpha: float, points: tuple[float, ...]) -> None:
    """Relative error below 1e-8 in core, crossover and tail and where table and tail meet, from 0.5 to just below 2."""
    truth = np.array([exact_series(x, alpha) for x in points])
    keep = truth[:, 0] > 1e-12 * math.gamma(1 + 1 / alpha) / math.pi
    assert keep.sum() >= 1
    np.testing.assert_allclose(stable.density(points, alpha)[keep], truth[keep, 0], rtol=1e-8)
    np.testing.assert_allclose(stable.survival(points, alpha)[keep], truth[keep, 1], rtol=1e-8)
    np.testing.assert_allclose(stable.log_density(points, alpha)[keep], np.log(truth[keep, 0]), atol=1e-8)


@pytest.mark.parametrize(
    ("x", "alpha"), [(0.02, 0.5), (0.7, 0.9), (3.0, 1.05), (1.0, 1.5), (9.5, 1.99), (8.0, 2 - 1e-7), (300.0, 1.2)]
)
def test_density_agrees_with_adaptive_quadrature(x: float, alpha: float) -> None:
    """An integral of another form (Zolotarev's) at 30 digits gives the same density to 1e-8."""
    assert float(stable.density(x, alpha)) == pytest.approx(exact_integral(x, alpha), rel=1e-8)


@pytest.mark.parametrize(
    ("file", "function", "tolerance"),
    [
        ("stable-Z1-pdf-sample-data.npy", stable.density, 1e-10),
        ("stable-Z1-cdf-sample-data.npy", stable.distribution, 1e-11),
    ],
)
def test_nolans_values(file: str, function: Callable[[Floats, float], Floats], tolerance: float) -> None:
    """All of scipy's tables of Nolan's stablec with beta = 0 and alpha of 0.5 or more are met."""
    x, value, alpha, beta, _ = np.load(Path(scipy.stats.__file__).parent / "tests/data/levy_stable" / file).T
    chosen = (beta == 0) & (alpha >= 0.5)
    assert chosen.sum() == 176
    ours = [float(function(point, index)) for point, index in zip(x[chosen], alpha[chosen], strict=True)]
    np.testing.assert_allclose(ours, value[chosen], rtol=tolerance)


def test_normal_and_cauchy_laws() -> None:
    """At alpha = 2 the law is normal with variance 2 scale^2, at 1 it is Cauchy's, scale and location included."""
    x = np.concatenate([-np.geomspace(1e-8, 1e6, 400)[::-1], [0.0], np.geomspace(1e-8, 1e6, 400)])
    normal, cauchy = scipy.stats.norm(0.5, 3 * math.sqrt(2)), scipy.stats.cauchy(0.5, 3)
    for alpha, law in ((2.0, normal), (1.0, cauchy)):
        np.testing.assert_allclose(stable.density(x, alpha, 3, 0.5), law.pdf(x), rtol=1e-10)
        np.testing.assert_allclose(stable.log_density(x, alpha, 3, 0.5), law.logpdf(x), rtol=1e-10)
        np.testing.assert_allclose(stable.survival(x, alpha, 3, 0.5), law.sf(x), rtol=1e-10)
        np.testing.assert_allclose(stable.distribution(x, alpha, 3, 0.5), law.cdf(x), rtol=1e-10)
        q = np.linspace(0.001, 0.999, 101)
        np.testing.assert_allclose(stable.quantile(q, alpha, 3, 0.5), law.ppf(q), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("alpha", [0.5, 0.8, 1.0, 1.4, 1.8, 1.99, 2 - 1e-9])
def test_table_and_tail_meet(alpha: float) -> None:
    """No step where the series takes over, nor between neighbouring cells: relative jumps below 1e-8."""
    edges = np.concatenate(
        [(0.25 * 2.0 ** np.arange(6)[:, None] * (1 + np.arange(32) / 32)).ravel()[1:] - 0.25, [15.75]]
    )
    below, above = np.nextafter(edges, 0), np.nextafter(edges, 100)
    for function in (stable.density, stable.survival):
        left, right = function(below, alpha), function(above, alpha)
        large = function(edges, alpha) > 1e-12
        assert np.abs(left / right - 1)[large].max() < 1e-8
    assert float(stable.density(below[-1], alpha) / stable.density(above[-1], alpha)) == pytest.approx(1, rel=1e-8)


@pytest.mark.parametrize("alpha", [0.5, 1.0, 1.5, 1.999, 2.0])
def test_distribution_is_the_integral_of_the_density(alpha: float) -> None:
    """Differences of the distribution over narrow intervals are the density in their middle."""
    x = np.linspace(0.05, 12, 500)
    step = 1e-4
    inside = stable.distribution(x + step, alpha) - stable.distribution(x - step, alpha)
    large = stable.density(x, alpha) > 1e-4
    np.testing.assert_allclose((inside / (2 * step))[large], stable.density(x, alpha)[large], rtol=1e-5)


@pytest.mark.parametrize("alpha", [0.5, 0.9, 1.0, 1.6, 1.99, 2 - 1e-8, 2.0])
def test_quantiles_invert_the_distribution(alpha: float) -> None:
    """Both tails, down to probabilities of 1e-25, which only upper quantiles resolve."""
    q = np.concatenate([np.geomspace(1e-25, 0.4, 60), [0.5], 1 - np.geomspace(1e-12, 0.4, 40)])
    np.testing.assert_allclose(stable.survival(stable.upper_quantile(q, alpha, 2, -1), alpha, 2, -1), q, rtol=1e-12)
    np.testing.assert_allclose(stable.distribution(stable.quantile(q, alpha, 2, 0), alpha, 2, 0), q, rtol=1e-12)
    assert float(stable.upper_quantile(0.5, alpha)) == 0
    assert math.isinf(float(stable.upper_quantile(0, alpha)))


def test_logarithm_stays_finite_where_the_density_vanishes() -> None:
    """The power tail is followed beyond the smallest double, the normal one beyond its own."""
    x = 1e250
    tail = math.gamma(2.5) * math.sin(math.pi * 0.75) / math.pi
    assert float(stable.log_density(x, 1.5)) == pytest.approx(math.log(tail) - 2.5 * math.log(x), rel=1e-13)
    assert float(stable.log_density(1e3, 2)) == pytest.approx(-2.5e5 - math.log(2 * math.sqrt(math.pi)))


def test_shapes_are_kept() -> None:
    """Any shape goes in and comes out; NaN stays where it is."""
    x = np.array([[0.0, 1.0, np.nan], [20.0, -3.0, np.inf]])
    for function in (stable.density, stable.log_density, stable.survival, stable.distribution):
        for alpha in (1.5, 2.0):
            found = function(x, alpha)
            assert found.shape == x.shape
            assert np.isnan(found).tolist() == np.isnan(x).tolist()
    assert float(stable.density(np.inf, 1.5)) == 0
    assert stable.density(0.0, 1.5).shape == ()


@pytest.mark.parametrize("draw", [stable.sample, stable.sample_exactly])
@pytest.mark.parametrize("alpha", [0.5, 1.0, 1.5, 1.9, 2.0])
def test_variates_follow_the_law(alpha: float, draw: Callable[..., Floats]) -> None:
    """Kolmogorov-Smirnov, numbers far out in either tail, characteristic function, the same bytes again, for both."""
    n = 200_000
    x = draw(np.random.default_rng(11), n, alpha, 0.3, 2.0)
    assert scipy.stats.kstest(x, lambda v: stable.distribution(v, alpha, 0.3, 2.0)).pvalue > 1e-3
    for q in (1e-2, 1e-3, 1e-4):
        reach = float(stable.upper_quantile(q, alpha, 0.3))
        for count in ((x - 2 > reach).sum(), (x - 2 < -reach).sum()):
            assert abs(count - n * q) < 4 * math.sqrt(n * q)
    for u in (0.5, 1.0, 3.0, 8.0):
        empirical = np.exp(1j * u * (x - 2)).mean()
        assert abs(empirical - math.exp(-((0.3 * u) ** alpha))) < 4 / math.sqrt(n)
    np.testing.assert_array_equal(draw(np.random.default_rng(11), n, alpha, 0.3, 2.0), x)


@pytest.mark.parametrize("alpha", [0.5, 1.5, 1.999])
def test_both_samplers_share_their_extremes(alpha: float) -> None:
    """The largest of 1,000 variates, 1,000 times, have the same law by both samplers: tails are not cut or coarse."""
    rng = np.random.default_rng(3)
    largest = [np.abs(draw(rng, (1000, 1000), alpha)).max(axis=1) for draw in (stable.sample, stable.sample_exactly)]
    assert scipy.stats.ks_2samp(*largest).pvalue > 1e-3


@pytest.mark.parametrize(("b", "c"), [(0.25, 1.0), (0.5, 0.6), (0.8, 2.0), (0.99, 1.0), (1.0, 0.7)])
def test_positive_variates_have_their_laplace_transform(b: float, c: float) -> None:
    """E exp(-s S) = exp(-c s^b) within four standard errors; at b = 1, S is c."""
    s = stable.sample_positive(np.random.default_rng(8), (400, 500), b, c)
    assert s.shape == (400, 500)
    for u in (0.1, 1.0, 4.0):
        transformed = np.exp(-u * s)
        assert abs(transformed.mean() - math.exp(-c * u**b)) <= 4 * transformed.std() / math.sqrt(s.size) + 1e-15


def test_positive_density_is_levys_at_one_half() -> None:
    """The density of ln S in closed form, over 100 decades of S, to 1e-9; c moves it by ln c / b."""
    y = np.linspace(-4, 230, 500)
    c = 1.7
    exact = c / (2 * math.sqrt(math.pi)) * np.exp(-y / 2 - c * c / 4 * np.exp(-y))
    np.testing.assert_allclose(stable.log_positive_density(y, 0.5, c), exact, rtol=1e-9)


@pytest.mark.parametrize("b", [0.25, 0.4, 0.6, 0.75, 0.9, 0.975])
def test_positive_density_has_its_moments(b: float) -> None:
    """E S^-p = Gamma(1 + p/b)/Gamma(1 + p), which weigh the core, and P(S > s) ~ s^-b/Gamma(1 - b) far out."""
    y = np.linspace(-18, 40 / b, 12_001)
    density = stable.log_positive_density(y, b)
    step = y[1] - y[0]
    for p in (0.0, 0.5, 1.0, 2.0):
        exact = math.gamma(1 + p / b) / math.gamma(1 + p)
        assert (density * np.exp(-p * y)).sum() * step == pytest.approx(exact, rel=1e-8)
    far = 60 / b
    assert float(stable.log_positive_density(far, b)) == pytest.approx(b * math.exp(-60) / math.gamma(1 - b), rel=1e-8)


@pytest.mark.parametrize("alpha", [0.0, -1.0, 2.1, math.nan])
def test_an_index_that_no_law_has_is_refused(alpha: float) -> None:
    """Outside (0, 2] the error says so."""
    with pytest.raises(stable.StableError, match=r"alpha: found .*, expected a number in \(0, 2\]"):
        stable.density(1.0, alpha)


def test_an_index_below_the_table_is_refused() -> None:
    """Below 0.5 the law exists, and the error says that it is not supported."""
    with pytest.raises(stable.StableError, match=r"found 0.3, expected at least 0.5"):
        stable.sample(np.random.default_rng(1), 3, 0.3)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.inf, math.nan])
def test_an_impossible_scale_is_refused(scale: float) -> None:
    """Zero, negative, infinite and NaN."""
    with pytest.raises(stable.StableError, match="scale: found"):
        stable.distribution(1.0, 1.5, scale)


def test_other_impossible_arguments_are_refused() -> None:
    """Location, probability, exponent and coefficient, each by name."""
    with pytest.raises(stable.StableError, match="location: found nan"):
        stable.density(1.0, 1.5, 1.0, math.nan)
    for probability in (-0.1, 1.1, math.nan):
        with pytest.raises(stable.StableError, match="probability"):
            stable.quantile(probability, 1.5)
    for b in (0.2, 1.1, math.nan):
        with pytest.raises(stable.StableError, match="b: found"):
            stable.sample_positive(np.random.default_rng(1), 3, b)
    with pytest.raises(stable.StableError, match="c: found 0"):
        stable.log_positive_density(0.0, 0.5, 0.0)
    with pytest.raises(stable.StableError, match="no density"):
        stable.log_positive_density(0.0, 1.0)
