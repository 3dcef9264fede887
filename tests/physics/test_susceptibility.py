"""Mean sizes, their derivative, its peak and the mismatch of exponents, against functions and laws that are known."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from deepcrit.avalanches.powerlaws import sample_discrete
from deepcrit.avalanches.scaling import FitRanges, Mismatch, exponent_mismatch
from deepcrit.experiments.susceptibility.derivative import (
    coverage_of_noise,
    difference_operator,
    margin,
    noise_of,
    slope_operator,
)
from deepcrit.experiments.susceptibility.mean_sizes import (
    COUNTINGS,
    counted,
    exact_means,
    mean_of_blocks,
    simulate_plane_blocks,
    sums_of_blocks,
)
from deepcrit.experiments.susceptibility.peak import (
    find_peak,
    interpolated_slope,
    resampled_means,
    widened,
)
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.stats.ranks import row_correlations

GRID = np.round(np.arange(0.8, 1.6001, 0.02), 12)


def logistic(x: np.ndarray, centre: float = 1.1, spread: float = 0.04) -> tuple[np.ndarray, np.ndarray]:
    step = 1 / (1 + np.exp(-(x - centre) / spread))
    return step, step * (1 - step) / spread


@pytest.mark.parametrize("bandwidth", [0.01, 0.05, 0.13])
def test_derivatives_of_cubics_are_exact(bandwidth: float) -> None:
    """The regression has no bias on a cubic, between grid points and at both ends as well, whatever the bandwidth."""
    at = np.array([0.8, 0.815, 1.0, 1.333, 1.6])
    slopes = slope_operator(at, GRID, bandwidth) @ (2 - GRID + 3 * GRID**2 - 5 * GRID**3)
    assert slopes == pytest.approx(-1 + 6 * at - 15 * at**2, abs=1e-9)


def test_bias_is_of_fourth_order() -> None:
    """Halving window and step divides the bias on a smooth function by about 16, that of differences by 4."""
    bias = []
    for step in (0.02, 0.01):
        x = np.arange(0.9, 1.3, step)
        value, slope = logistic(x)
        inner = (x > 1.0) & (x < 1.2)
        operators = slope_operator(x, x, 3.5 * step), difference_operator(x)
        bias.append([np.abs(operator @ value - slope)[inner].max() for operator in operators])
    assert bias[0][0] / bias[1][0] == pytest.approx(16, rel=0.2)
    assert bias[0][1] / bias[1][1] == pytest.approx(4, rel=0.2)


def test_noise_is_that_of_repeated_samples() -> None:
    """The stated error is the spread of estimates over 4000 samples, and less than that of differences."""
    rng = np.random.default_rng(1)
    errors = np.linspace(0.5, 2.0, GRID.size)
    operator = slope_operator(GRID, GRID, 0.11)
    estimates = (errors * rng.standard_normal((4000, GRID.size))) @ operator.T
    assert estimates.std(axis=0) == pytest.approx(noise_of(operator, errors), rel=0.06)
    inner = slice(5, -5)
    assert np.all(noise_of(operator, errors)[inner] < 0.6 * noise_of(difference_operator(GRID), errors)[inner])


def test_intervals_cover_the_derivative_in_spite_of_bias() -> None:
    """At every point 95% of intervals widened by the bias hold the truth; those of the noise alone as few as stated."""
    rng = np.random.default_rng(2)
    value, slope = logistic(GRID)
    operator = slope_operator(GRID, GRID, 0.09)
    errors = np.full(GRID.size, 0.003)
    bias, noise = operator @ value - slope, noise_of(operator, errors)
    off = np.abs((value + errors * rng.standard_normal((4000, GRID.size))) @ operator.T - slope)
    assert (off <= margin(noise, bias, 0.95)).mean(axis=0) == pytest.approx(np.full(GRID.size, 0.95), abs=0.015)
    alone = (off <= 1.959964 * noise).mean(axis=0)
    assert alone == pytest.approx(coverage_of_noise(noise, bias, 0.95), abs=0.03)
    assert alone.min() < 0.5


def test_margins_far_from_the_noise() -> None:
    """Without bias the margin is the normal one, without noise the bias, and the two branches meet."""
    assert margin(1.0, 0.0, 0.95) == pytest.approx(1.959964)
    assert margin(0.0, -3.0, 0.95) == pytest.approx(3.0)
    assert margin(1.0, 5.999, 0.95) == pytest.approx(margin(1.0, 6.001, 0.95), abs=0.003)


@pytest.mark.parametrize(("weight_variance", "bias_variance"), [(1.05, 0.0), (0.95, 1e-5), (1.3, 1e-4)])
def test_exact_means_are_those_of_the_annealed_chain(weight_variance: float, bias_variance: float) -> None:
    """Mean sizes by every way of counting, censored avalanches included, agree with the exact chain."""
    spec = NetworkSpec(60, 50, weight_variance, bias_variance)
    exact, censored = exact_means(spec)
    sums = sums_of_blocks(simulate_plane_blocks("annealed", spec, 40, 250, 3, "test"))
    assert sums["censored"].sum() / 10_000 == pytest.approx(censored, abs=0.02)
    for counting in COUNTINGS:
        found = mean_of_blocks(*counted(sums, counting), 0.95, 50)
        if found.avalanches >= 50:
            assert abs(found.mean - exact[counting].mean) < 4 * found.standard_error
            assert found.avalanches / 10_000 == pytest.approx(exact[counting].share, abs=0.02)


@pytest.mark.parametrize("counting", COUNTINGS)
def test_intervals_of_means_cover_the_exact_mean(counting: str) -> None:
    """Ratios over blocks hold the exact mean about 95 times in a hundred near criticality, where sizes are skewed."""
    spec = NetworkSpec(60, 50, 1.02)
    truth = exact_means(spec)[0][counting].mean
    sums = [sums_of_blocks(simulate_plane_blocks("radial", spec, 40, 100, seed, "test")) for seed in range(150)]
    means = [mean_of_blocks(*counted(one, counting), 0.95, 50) for one in sums]
    assert np.mean([mean.low <= truth <= mean.high for mean in means]) > 0.89


def test_too_few_avalanches_have_no_mean() -> None:
    """Under the declared minimum the count is told and the mean is missing."""
    found = mean_of_blocks(np.array([20.0, 29.0]), np.array([1.0, 2.0]), 0.95, 50)
    assert found.avalanches == 49
    assert np.isnan([found.mean, found.standard_error, found.low, found.high]).all()


def test_a_planted_peak_is_found() -> None:
    """Position and height of a known derivative, their resampled spread, and the shift that smoothing gives them."""
    rng = np.random.default_rng(4)
    value, slope = logistic(GRID, centre=1.1)
    noisy = value + 0.002 * rng.standard_normal((500, GRID.size))
    peak = find_peak(GRID, noisy[0], noisy[1:], value, slope, bandwidth=0.05, step=0.002)
    assert peak.exact_weight_variance == pytest.approx(1.1, abs=0.0011)
    assert peak.exact_height == pytest.approx(0.25 / 0.04, rel=1e-4)
    assert -0.1 < peak.height_bias < 0
    low, high = widened(*np.quantile(peak.positions, [0.025, 0.975]), peak.position_bias)
    assert low <= 1.1 <= high
    assert high - low < 0.05


def test_a_part_of_the_grid_is_enough_for_a_peak() -> None:
    """Where means are known up to a weight variance that no whole number of steps leads to, steps are shorter."""
    part = GRID[: len(GRID) // 2 + 4]
    value, slope = logistic(part, centre=1.1)
    peak = find_peak(part, value, value[None], value, slope, bandwidth=0.05, step=0.0023)
    assert peak.exact_weight_variance == pytest.approx(1.1, abs=0.0012)


def test_exact_slopes_are_interpolated_by_their_values_too() -> None:
    """A polynomial of degree 9 is reproduced exactly between the points and at the ends."""
    x, at = np.linspace(-1, 1, 9), np.linspace(-1, 1, 33)
    polynomial = np.polynomial.Polynomial(np.arange(1.0, 11.0))
    found = interpolated_slope(at, x, polynomial(x), polynomial.deriv()(x))
    assert found == pytest.approx(polynomial.deriv()(at), rel=1e-9)


def test_correlations_of_rows_are_spearmans() -> None:
    """Row by row what SciPy finds, with ties, as those of a field that vanishes below the transition."""
    rng = np.random.default_rng(5)
    field = np.maximum(0.0, np.linspace(-0.3, 1, 20))
    rows = rng.standard_normal((6, 20)) + 3 * field
    assert row_correlations(rows, field) == pytest.approx([spearmanr(row, field).statistic for row in rows])


def test_resampled_means_spread_as_means_do() -> None:
    """The bootstrap of a ratio over blocks has the standard error of that ratio."""
    rng = np.random.default_rng(6)
    count = rng.poisson(50, 200).astype(float)
    size = rng.gamma(count)
    spread = resampled_means(count, size, 2000, rng).std()
    assert spread == pytest.approx(mean_of_blocks(count, size, 0.95, 50).standard_error, rel=0.1)


def planted(number: int, blocks: int, rng: np.random.Generator) -> pd.DataFrame:
    """Avalanches with tau_d = 1.8, and sizes that grow as D^1.5 with scatter."""
    duration = sample_discrete(rng, number, 1.8, 3, 400)
    size = duration**1.5 * np.exp(0.3 * rng.standard_normal(number))
    return pd.DataFrame({"duration": duration, "size": size, "block": rng.integers(0, blocks, number)})


RANGES = FitRanges(5, 200, 5**1.5, 200**1.5)


def mismatch_of(sample: pd.DataFrame, blocks: int, rng: np.random.Generator, replicates: int = 200) -> Mismatch:
    return exponent_mismatch(
        sample["duration"], sample["size"], sample["block"], RANGES, rng,
        n_blocks=blocks, replicates=replicates, minimum_count=5,
    )  # fmt: skip


def test_mismatch_of_planted_exponents_is_near_zero_and_covered() -> None:
    """Exponents that obey the relation have next to no mismatch, and intervals hold its value for a huge sample."""
    rng = np.random.default_rng(7)
    limit = mismatch_of(planted(2_000_000, 40, rng), 40, rng, 2)
    assert limit.tau_d == pytest.approx(1.8, abs=0.02)
    assert limit.gamma == pytest.approx(1.5, abs=0.01)
    assert abs(limit.mismatch) < 0.05
    found = [mismatch_of(planted(3000, 40, rng), 40, rng) for _ in range(60)]
    assert np.mean([one.ci_low <= limit.mismatch <= one.ci_high for one in found]) >= 0.85


def test_mismatch_says_what_is_missing() -> None:
    """Too few avalanches leave counts and no value; sizes flatter than 1/S leave exponents and no mismatch."""
    rng = np.random.default_rng(8)
    few = mismatch_of(planted(60, 10, rng), 10, rng)
    assert 0 < few.durations_in_range < 50
    assert np.isnan([few.tau_d, few.tau_s, few.gamma, few.mismatch, few.ci_low]).all()
    one = mismatch_of(planted(2000, 10, rng).assign(size=rng.uniform(12, 2800, 2000)), 10, rng)
    assert one.tau_s < 1
    assert np.isnan([one.mismatch, one.ci_low]).all()
