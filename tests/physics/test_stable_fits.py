"""Stable fits against known laws, other optimisers, closed forms and scipy's quantile estimate."""

import math

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
from numpy.typing import NDArray

from deepcrit.stats import stable
from deepcrit.stats.stable.grouping import quadrature_nodes
from deepcrit.stats.stable.likelihood import Likelihood

Floats = NDArray[np.float64]


def draw(alpha: float, n: int, seed: int, scale: float = 0.02) -> Floats:
    return stable.sample(np.random.default_rng(seed), n, alpha, scale)


@pytest.mark.parametrize("alpha", [0.5, 0.8, 1.0, 1.5, 1.9, 1.999])
def test_derivatives_of_the_likelihood(alpha: float) -> None:
    """Gradient and Hessian, core and tail, agree with differences of value and gradient."""
    x = draw(alpha, 300, 1, 1.0)
    likelihood = Likelihood(np.stack([x, 1.004 * x], axis=1), np.linspace(1, 3, x.size), 0.7)
    point = np.array([math.sqrt(2 - alpha) - 1e-3, 0.1, 0.05])
    _, gradient, hessian = likelihood(point)
    step = 1e-5
    for i in range(3):
        ahead, behind = (likelihood(point + sign * step * np.eye(3)[i]) for sign in (1, -1))
        assert (ahead[0] - behind[0]) / (2 * step) == pytest.approx(gradient[i], rel=1e-6, abs=1e-4)
        np.testing.assert_allclose((ahead[1] - behind[1]) / (2 * step), hessian[i], rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("alpha", [0.7, 1.0, 1.4, 1.9])
def test_the_maximum_is_one(alpha: float) -> None:
    """A simplex on the sum of log densities finds the same alpha, scale and log likelihood, location fitted or held."""
    x = draw(alpha, 500, 2) + 0.01
    for location in (0.01, None):

        def loss(p: Floats, held: float | None = location) -> float:
            centre = p[2] * 0.02 if held is None else held
            if not (0.5 <= p[0] < 2):
                return math.inf
            return -float(stable.log_density(x, p[0], math.exp(p[1]), centre).sum())

        start = [alpha, math.log(0.02), 0.5]
        options = {"xatol": 1e-7, "fatol": 1e-8, "maxiter": 4000, "maxfev": 4000}
        found = scipy.optimize.minimize(loss, start, method="Nelder-Mead", options=options)
        fit = stable.fit(x, location)
        assert fit.converged
        assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-5)
        assert fit.alpha == pytest.approx(found.x[0], abs=1e-4)
        assert math.log(fit.scale) == pytest.approx(found.x[1], abs=1e-4)
        assert fit.parameters == (3 if location is None else 2)
        assert fit.location == (pytest.approx(0.02 * found.x[2], abs=1e-5) if location is None else location)


@pytest.mark.parametrize(("alpha", "n"), [(0.8, 300), (1.5, 2000), (1.97, 288)])
def test_ends_of_the_intervals_lie_on_the_profile(alpha: float, n: int) -> None:
    """Twice the drop there, maximised over the other parameter by a bracketing search, is the chi-square quantile."""
    x = draw(alpha, n, 5)
    fit = stable.fit(x, confidence=0.9)
    drop = scipy.stats.chi2.ppf(0.9, 1)

    def profile(alpha: float | None = None, scale: float | None = None) -> float:
        def loss(free: float) -> float:
            a, c = (alpha, math.exp(free)) if scale is None else (free, scale)
            return -float(stable.log_density(x, a, c).sum())

        bounds = (math.log(fit.scale) - 1, math.log(fit.scale) + 1) if scale is None else (0.5, 2)
        return -float(
            scipy.optimize.minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-9}).fun
        )

    ends = [profile(scale=fit.scale_low), profile(scale=fit.scale_high), profile(alpha=fit.alpha_low)]
    if fit.alpha_high < 2:
        ends.append(profile(alpha=fit.alpha_high))
    else:
        assert 2 * (fit.log_likelihood - profile(alpha=2)) < drop
    np.testing.assert_allclose(2 * (fit.log_likelihood - np.array(ends)), drop, atol=2e-4)
    assert fit.alpha_low < fit.alpha < fit.alpha_high
    assert fit.scale_low < fit.scale < fit.scale_high


@pytest.mark.parametrize(
    ("alpha", "n", "sets"), [(0.8, 288, 150), (1.5, 288, 150), (1.9, 1000, 150), (1.5, 100_000, 40)]
)
def test_intervals_cover(alpha: float, n: int, sets: int) -> None:
    """95% intervals of alpha and scale cover at a rate the binomial law allows; the long study is a benchmark."""
    covered = np.zeros(2)
    for seed in range(sets):
        fit = stable.fit(stable.group(draw(alpha, n, 1000 + seed)))
        assert fit.converged
        covered += [fit.alpha_low <= alpha <= fit.alpha_high, fit.scale_low <= 0.02 <= fit.scale_high]
    low, high = scipy.stats.binom.ppf([1e-3, 1 - 1e-3], sets, 0.95)
    assert ((low <= covered) & (covered <= high)).all()


@pytest.mark.parametrize("alpha", [0.55, 1.0, 1.7, 1.99])
def test_grouped_values_give_the_same_fit(alpha: float) -> None:
    """Estimates from counts lie within 3% of a standard error of those from values, and so do the intervals."""
    x = draw(alpha, 20_000, 9)
    for location in (0.0, None):
        fit, grouped = stable.fit(x, location), stable.fit(stable.group(x), location)
        half = (fit.alpha_high - fit.alpha_low) / 4
        width = math.log(fit.scale_high / fit.scale_low) / 4
        for name in ("alpha", "alpha_low", "alpha_high"):
            assert getattr(grouped, name) == pytest.approx(getattr(fit, name), abs=0.03 * half)
        for name in ("scale", "scale_low", "scale_high"):
            assert math.log(getattr(grouped, name) / getattr(fit, name)) == pytest.approx(0, abs=0.03 * width)
        assert grouped.location == pytest.approx(fit.location, abs=0.03 * width * fit.scale)
        assert (grouped.n, grouped.parameters, grouped.normal) == (fit.n, fit.parameters, fit.normal)


def test_units_and_origin_are_of_no_consequence() -> None:
    """Values in another unit, from another origin, give the same alpha and interval, at 1e-300 and 1e300 too."""
    x = draw(1.6, 1000, 3, 1.0)
    fit = stable.fit(x, None)
    for unit, origin in ((1e300, 0.0), (1e-290, 0.0), (3.0, 1000.0)):
        moved = stable.fit(unit * x + origin, None)
        assert moved.alpha == pytest.approx(fit.alpha, abs=1e-4)
        assert moved.alpha_low == pytest.approx(fit.alpha_low, abs=1e-4)
        assert moved.scale == pytest.approx(unit * fit.scale, rel=1e-4)
        assert moved.location == pytest.approx(origin + unit * fit.location, abs=1e-4 * unit)


def test_the_normal_boundary_is_told() -> None:
    """Values lighter than normal ones end at alpha = 2, with the root mean square as scale; normal ones mostly do."""
    x = np.random.default_rng(1).uniform(-1, 1, 1000)
    fit = stable.fit(x)
    assert fit.normal
    assert (fit.alpha, fit.alpha_high) == (2, 2)
    assert fit.alpha_low > 1.95
    assert fit.scale == pytest.approx(math.sqrt(float((x * x).mean()) / 2), rel=1e-6)
    assert fit.log_likelihood == pytest.approx(scipy.stats.norm(0, math.sqrt(2) * fit.scale).logpdf(x).sum(), abs=1e-6)
    fits = [stable.fit(draw(2.0, 1000, seed)) for seed in range(60)]
    assert all(fit.normal == (fit.alpha == 2) for fit in fits)
    assert sum(fit.normal for fit in fits) > 40
    assert all(fit.alpha_high == 2 or not fit.normal for fit in fits)


def test_a_single_far_value_moves_off_the_boundary() -> None:
    """One value at 12 scales among 1e5 normal ones cannot be normal: alpha below 2 by about the weight of that tail."""
    x = draw(2.0, 100_000, 6, 1.0)
    fit = stable.fit(np.append(x, 12.0))
    assert not fit.normal
    assert 1e-7 < 2 - fit.alpha < 1e-2
    assert fit.alpha_high < 2


def test_the_smallest_index_is_told() -> None:
    """Values heavier than alpha = 0.5 end there, and it is said."""
    fit = stable.fit(draw(0.5, 2000, 1) ** 3)
    assert fit.at_smallest
    assert (fit.alpha, fit.alpha_low) == (0.5, 0.5)
    assert fit.converged


def test_a_likelihood_without_maximum_is_told() -> None:
    """With 40% zeros the likelihood grows without limit as the scale shrinks: not converged, no interval."""
    x = draw(1.5, 1000, 1)
    x[:400] = 0
    fit = stable.fit(x)
    assert not fit.converged
    assert math.isnan(fit.alpha_low)


def test_groups_hold_every_value() -> None:
    """Counts in bins with exact edges, 128 to the octave, from single and double precision alike."""
    x = np.concatenate([draw(1.0, 5000, 4), [0.0, -0.0, 0.0, 2.0**-30, -1e300]])
    grouped = stable.group(x)
    edges = np.append(grouped.lower, grouped.upper[-1])
    np.testing.assert_array_equal(grouped.above + grouped.below, np.histogram(np.abs(x), edges)[0])
    np.testing.assert_array_equal(
        grouped.below[grouped.lower > 0], np.histogram(-x[x < 0], edges)[0][grouped.lower > 0]
    )
    inner = grouped.lower > 0
    assert (grouped.upper[inner] / grouped.lower[inner] <= 1 + 1 / 128).all()
    assert grouped.n == x.size
    assert grouped.lower[0] == 0
    assert grouped.folded[0] == 3
    single = draw(1.0, 5000, 4).astype(np.float32)
    for one, other in zip(
        vars(stable.group(single)).values(), vars(stable.group(single.astype(float))).values(), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_nodes_carry_the_probability_of_their_bins() -> None:
    """The mean density over two nodes times the width is the difference of the distribution."""
    grouped = stable.group(draw(1.3, 3000, 4, 1.0))
    nodes, counts = quadrature_nodes(grouped, signed=False)
    inside = stable.survival(grouped.lower, 1.3) - stable.survival(grouped.upper, 1.3)
    mean = stable.density(nodes, 1.3).mean(axis=1)
    np.testing.assert_allclose(mean * (grouped.upper - grouped.lower), inside, rtol=1e-7, atol=1e-15)
    assert counts.sum() == 3000
    signed, sides = quadrature_nodes(grouped, signed=True)
    assert sides.sum() == 3000
    assert sides[signed[:, 0] < 0].sum() == grouped.below.sum()


@pytest.mark.parametrize("beta", [0.0, 0.6, -1.0])
@pytest.mark.parametrize("alpha", [0.5, 0.9, 1.0, 1.6, 2.0])
def test_quantile_estimate_is_mccullochs(alpha: float, beta: float) -> None:
    """All four numbers are those of scipy's starting point, for symmetric and skewed samples of any size."""
    for n in (20, 300, 5000):
        x = scipy.stats.levy_stable.rvs(alpha, beta, 0.3, 2, size=n, random_state=np.random.default_rng(n))
        found = stable.quantile_estimate(x)
        assert (found.alpha, found.beta, found.location, found.scale) == pytest.approx(
            tuple(float(number) for number in scipy.stats.levy_stable._fitstart(x)), rel=1e-9
        )
        assert found.n == n


def test_quantile_estimate_from_groups() -> None:
    """Quantiles interpolated within bins give alpha and scale to a fraction of their error."""
    x = draw(1.6, 100_000, 7)
    exact, grouped = stable.quantile_estimate(x), stable.quantile_estimate(stable.group(x))
    assert grouped.alpha == pytest.approx(exact.alpha, abs=2e-3)
    assert grouped.scale == pytest.approx(exact.scale, rel=1e-3)
    assert grouped.location == pytest.approx(exact.location, abs=0.01 * exact.scale)


def test_quantile_estimate_calls_normal_values_heavy_tailed() -> None:
    """Of normal samples of 288, 38% fall below alpha = 1.95 by quantiles, and far fewer by likelihood."""
    rng = np.random.default_rng(12)
    samples = rng.normal(size=(400, 288))
    by_quantiles = np.mean([stable.quantile_estimate(x).alpha < 1.95 for x in samples])
    by_likelihood = np.mean([stable.fit(stable.group(x)).alpha < 1.95 for x in samples[:150]])
    assert by_quantiles == pytest.approx(0.38, abs=0.08)
    assert by_likelihood < 0.1


def test_values_that_cannot_be_fitted_are_refused() -> None:
    """Too few, NaN, infinite, constant, half at the location: each by name, raw, grouped and by quantiles."""
    x = draw(1.5, 100, 1)
    for function in (stable.fit, stable.group, stable.quantile_estimate):
        with pytest.raises(stable.StableError, match="found 19, expected at least 20"):
            function(x[:19])
        with pytest.raises(stable.StableError, match="found 1 that are NaN or infinite"):
            function(np.append(x, np.nan))
        with pytest.raises(stable.StableError, match="found 2 that are NaN or infinite"):
            function(np.append(x, [np.inf, -np.inf]))
        with pytest.raises(stable.StableError, match=r"found 50 all equal to 0\.5"):
            function(np.full(50, 0.5))
    with pytest.raises(stable.StableError, match=r"found 60 of 100 at 0.0.*less than half"):
        stable.fit(np.where(np.arange(100) < 60, 0.0, x))
    with pytest.raises(stable.StableError, match=r"quartiles both at 0\.0"):
        stable.quantile_estimate(np.where(np.arange(100) < 80, 0.0, x))


def test_arguments_that_make_no_sense_are_refused() -> None:
    """A confidence outside (0, 1), and a location that is not the center of the groups."""
    x = draw(1.5, 100, 1)
    with pytest.raises(stable.StableError, match="confidence: found 95"):
        stable.fit(x, confidence=95)
    with pytest.raises(stable.StableError, match=r"location: found 1.0, expected the center of the groups, 0.0"):
        stable.fit(stable.group(x), 1.0)
    with pytest.raises(stable.StableError, match="location: found nan"):
        stable.fit(x, math.nan)
