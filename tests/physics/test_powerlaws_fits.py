"""Power-law fits against known exponents, exact sums, the likelihood itself and the powerlaw package."""

import math
import warnings

import numpy as np
import powerlaw
import pytest
from scipy.special import zeta
from scipy.stats import binom, chi2

from deepcrit.avalanches.powerlaws import (
    PowerLawFit,
    exponent_from_sums,
    fit_continuous,
    fit_discrete,
    sample_continuous,
    sample_discrete,
)
from deepcrit.avalanches.powerlaws.kernels import continuous_moments, lattice_cdf, lattice_moments
from deepcrit.avalanches.powerlaws.likelihood import log_likelihood

CASES = [
    ("continuous", 0.5, 1.0, 100.0),
    ("continuous", 1.0, 2.0, 1000.0),
    ("continuous", 4 / 3, 1e-3, 10.0),
    ("continuous", 2.5, 1.0, None),
    ("discrete", 0.5, 1, 100),
    ("discrete", 1.0, 5, 5000),
    ("discrete", 1.5, 20, 1000),
    ("discrete", 1.5, 1, None),
    ("discrete", 3.0, 1, None),
]


def fitted(kind: str, exponent: float, xmin: float, xmax: float | None, n: int, seed: int) -> tuple[PowerLawFit, float]:
    """Fit of a synthetic sample, and the sample's sum of ln x."""
    rng = np.random.default_rng(seed)
    if kind == "continuous":
        x = sample_continuous(rng, n, exponent, xmin, xmax)
        return fit_continuous(x, xmin, xmax), float(np.log(x).sum())
    last = None if xmax is None else int(xmax)
    k = sample_discrete(rng, n, exponent, int(xmin), last)
    return fit_discrete(k, int(xmin), last), float(np.log(k).sum())


@pytest.mark.parametrize(("kind", "exponent", "xmin", "xmax"), CASES)
def test_known_exponent_is_recovered(kind: str, exponent: float, xmin: float, xmax: float | None) -> None:
    """20,000 points give back the exponent within four standard errors, also at and below 1, and fit as such."""
    fit, _ = fitted(kind, exponent, xmin, xmax, 20_000, seed=1)
    assert abs(fit.exponent - exponent) < 4 * fit.standard_error
    assert fit.standard_error < 0.05
    assert fit.ci_low < fit.exponent < fit.ci_high
    assert fit.ks_distance < 1.95 / math.sqrt(fit.n)
    assert fit.n == 20_000


@pytest.mark.parametrize(("kind", "exponent", "xmin", "xmax"), CASES)
def test_error_and_interval_follow_the_likelihood(kind: str, exponent: float, xmin: float, xmax: float | None) -> None:
    """The estimate is at the maximum, the curvature there gives the error, the interval ends lie at the quantile."""
    fit, total = fitted(kind, exponent, xmin, xmax, 2000, seed=2)

    def likelihood(s: float) -> float:
        return log_likelihood(s, fit.n, total, fit.xmin, fit.xmax, kind == "discrete")

    h = 0.05 * fit.standard_error
    up, here, down = likelihood(fit.exponent + h), likelihood(fit.exponent), likelihood(fit.exponent - h)
    assert abs(up - down) / (2 * h) < 0.02 / fit.standard_error
    assert fit.standard_error == pytest.approx(h / math.sqrt(2 * here - up - down), rel=2e-3)
    assert here == pytest.approx(fit.log_likelihood, abs=1e-9 * abs(here))
    for end in (fit.ci_low, fit.ci_high):
        assert 2 * (here - likelihood(end)) == pytest.approx(chi2.ppf(0.95, 1), rel=1e-6)


@pytest.mark.parametrize(("kind", "exponent", "xmin", "xmax"), [CASES[2], CASES[6]])
def test_standard_error_is_the_spread_of_estimates(kind: str, exponent: float, xmin: float, xmax: float | None) -> None:
    """Over 300 sets the estimates scatter as the Fisher error says, within four errors of their standard deviation."""
    fits = [fitted(kind, exponent, xmin, xmax, 500, seed)[0] for seed in range(300)]
    spread = np.std([f.exponent for f in fits], ddof=1)
    assert spread == pytest.approx(np.mean([f.standard_error for f in fits]), rel=4 / math.sqrt(2 * 300))


@pytest.mark.parametrize(("kind", "exponent", "xmin", "xmax"), [CASES[0], CASES[6], CASES[8]])
@pytest.mark.parametrize("confidence", [0.68, 0.95])
def test_interval_coverage(kind: str, exponent: float, xmin: float, xmax: float | None, confidence: float) -> None:
    """Of 300 intervals, as many hold the true exponent as a binomial count allows (two-sided 1e-4)."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        if kind == "continuous":
            fit = fit_continuous(sample_continuous(rng, 200, exponent, xmin, xmax), xmin, xmax, confidence)
        else:
            last = None if xmax is None else int(xmax)
            fit = fit_discrete(sample_discrete(rng, 200, exponent, int(xmin), last), int(xmin), last, confidence)
        held += fit.ci_low <= exponent <= fit.ci_high
    assert binom.ppf(5e-5, 300, confidence) <= held <= binom.ppf(1 - 5e-5, 300, confidence)


@pytest.mark.parametrize("exponent", [-7.5, -3.0, 0.0, 0.999, 1.0, 1.5, 2.5, 8.0, 30.0])
@pytest.mark.parametrize(("xmin", "xmax"), [(1, 3000), (20, 1000), (7, 90), (1000, 50_000)])
def test_lattice_sums_are_exact(exponent: float, xmin: int, xmax: int) -> None:
    """Normalisation, moments and distribution function of the lattice law equal term-by-term sums to 1e-11."""
    k = np.arange(xmin, xmax + 1.0)
    log_w = -exponent * np.log(k / xmin)
    w = np.exp(log_w - log_w.max())
    z, y = w.sum(), np.log(k / xmin)
    mean = (w @ y) / z
    log_z, ours_mean, ours_variance = lattice_moments(exponent, float(xmin), float(xmax))
    assert log_z == pytest.approx(math.log(z) + log_w.max(), abs=1e-11)
    assert ours_mean == pytest.approx(mean, rel=1e-11)
    assert ours_variance == pytest.approx((w @ (y - mean) ** 2) / z, rel=1e-10)
    np.testing.assert_allclose(lattice_cdf(k, exponent, float(xmin), float(xmax)), np.cumsum(w) / z, atol=1e-12)


@pytest.mark.parametrize("exponent", [1.01, 1.5, 2.5, 8.0])
@pytest.mark.parametrize("xmin", [1, 20, 1000])
def test_unbounded_lattice_sum_is_hurwitz_zeta(exponent: float, xmin: int) -> None:
    """Without xmax the normalisation is the Hurwitz zeta function."""
    log_z = lattice_moments(exponent, float(xmin), math.inf)[0]
    assert log_z - exponent * math.log(xmin) == pytest.approx(math.log(zeta(exponent, xmin)), abs=1e-13)


@pytest.fixture(scope="module")
def quadrature() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss and Legendre on [-1, 1], which take seconds to find."""
    return np.polynomial.legendre.leggauss(2000)


@pytest.mark.parametrize("t", [-800.0, -30.0, -0.51, -0.49, -1e-3, 0.0, 1e-9, 0.49, 0.51, 3.0, 40.0, 900.0])
def test_continuous_moments_are_stable(t: float, quadrature: tuple[np.ndarray, np.ndarray]) -> None:
    """Mean and variance of ln x agree with quadrature for any product of rate and length, through exponent 1."""
    length = 3.0
    node, weight = quadrature
    u = (node + 1) * length / 2
    p = weight * np.exp(-t * u / length - max(0.0, -t))
    mean = (p @ u) / p.sum()
    log_z, ours_mean, ours_variance = continuous_moments(t / length, length)
    assert log_z == pytest.approx(math.log(p.sum() * length / 2) + max(0.0, -t), abs=1e-9)
    assert ours_mean == pytest.approx(mean, rel=1e-10)
    assert ours_variance == pytest.approx((p @ (u - mean) ** 2) / p.sum(), rel=1e-9)


@pytest.mark.parametrize("xmax", [50.0, None])
def test_continuous_distance_is_the_supremum(xmax: float | None) -> None:
    """The pruned distance equals the supremum over both one-sided limits at every point, ties included."""
    rng = np.random.default_rng(4)
    for n in (60, 1000, 5000):
        x = np.sort(np.round(sample_continuous(rng, n, 1.7, 1.0, 50.0), 2).clip(1, 50))
        fit = fit_continuous(x, 1.0, xmax)
        cdf = 1 - x ** (1 - fit.exponent)
        if xmax is not None:
            cdf /= 1 - xmax ** (1 - fit.exponent)
        brute = max(np.abs(cdf - np.arange(n) / n).max(), np.abs(cdf - np.arange(1, n + 1) / n).max())
        assert fit.ks_distance == pytest.approx(brute, abs=1e-13)


def test_discrete_distance_runs_over_the_whole_lattice() -> None:
    """The distance equals the largest gap over every integer in range, observed or not."""
    k = sample_discrete(np.random.default_rng(5), 300, 1.2, 3, 400)
    fit = fit_discrete(k, 3, 400)
    lattice = np.arange(3, 401)
    law = np.cumsum(lattice**-fit.exponent) / (lattice**-fit.exponent).sum()
    data = np.searchsorted(np.sort(k), lattice, side="right") / k.size
    assert fit.ks_distance == pytest.approx(np.abs(law - data).max(), abs=1e-12)
    assert np.abs(law - data)[np.isin(lattice, k)].max() < fit.ks_distance


@pytest.mark.parametrize(("exponent", "xmin"), [(1.5, 1), (2.2, 5)])
def test_agrees_with_powerlaw_without_xmax(exponent: float, xmin: int) -> None:
    """Without xmax, exponent and error are those of the powerlaw package (its discrete optimiser stops at 1e-4)."""
    rng = np.random.default_rng(6)
    x = sample_continuous(rng, 3000, exponent, xmin, None)
    k = sample_discrete(rng, 3000, exponent, xmin, None)
    k = k[k < 2**50]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real = powerlaw.Fit(x, xmin=xmin, verbose=0).power_law
        whole = powerlaw.Fit(k, xmin=xmin, discrete=True, estimate_discrete=False, verbose=0).power_law
    fit = fit_continuous(x, xmin, None)
    assert fit.exponent == pytest.approx(real.alpha, rel=1e-12)
    assert fit.standard_error == pytest.approx(real.standard_err, rel=1e-12)
    assert fit_discrete(k, xmin, None).exponent == pytest.approx(whole.alpha, abs=2e-4)


@pytest.mark.parametrize("exponent", [1.2, 1.34])
def test_agrees_with_powerlaw_with_xmax(exponent: float) -> None:
    """With xmax, exponents are those of the powerlaw package where it does fit the truncated law.

    (On real values it falls back on the estimate without xmax wherever that exceeds 1.5.)
    """
    rng = np.random.default_rng(7)
    x = sample_continuous(rng, 3000, exponent, 1.0, 1000.0)
    k = sample_discrete(rng, 3000, exponent, 5, 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real = powerlaw.Fit(x, xmin=1, xmax=1000, verbose=0).power_law
        whole = powerlaw.Fit(k, xmin=5, xmax=1000, discrete=True, verbose=0).power_law
    assert fit_continuous(x, 1.0, 1000.0).exponent == pytest.approx(real.alpha, abs=2e-4)
    assert fit_discrete(k, 5, 1000).exponent == pytest.approx(whole.alpha, abs=2e-4)


@pytest.mark.parametrize(("exponent", "xmax"), [(1.3, None), (0.5, 10**6), (1.0, 10**6), (-1.0, 10**6)])
def test_discrete_sampler_is_exact_beyond_its_table(exponent: float, xmax: int | None) -> None:
    """Draws from far in the tail follow the law: counts in ten bins pass a chi-square test at 1e-4."""
    rng = np.random.default_rng(8)
    k = sample_discrete(rng, 50_000, exponent, 3, xmax).astype(float)
    edges = np.unique(np.quantile(k, np.linspace(0, 1, 11)[1:-1]).round())
    last = math.inf if xmax is None else float(xmax)
    expected = np.diff(lattice_cdf(edges, exponent, 3.0, last), prepend=0.0, append=1.0) * k.size
    found = np.histogram(k, np.concatenate(([0], edges + 0.5, [math.inf])))[0]
    assert ((found - expected) ** 2 / expected).sum() < chi2.ppf(1 - 1e-4, found.size - 1)
    assert k.max() > 3 + 4096
    assert k.min() >= 3


def test_exponent_depends_on_the_sums_alone() -> None:
    """A fit and the bare pair (n, sum ln x) give the same exponent, for arrays of pairs of any shape."""
    fits, points, sums = [], [], []
    for seed in range(4):
        fit, total = fitted("discrete", 1.5, 20, 1000, 300, seed)
        fits.append(fit.exponent)
        points.append(fit.n)
        sums.append(total)
    got = exponent_from_sums(np.reshape(points, (2, 2)), np.reshape(sums, (2, 2)), 20, 1000, discrete=True)
    np.testing.assert_allclose(got.ravel(), fits, rtol=1e-12)
