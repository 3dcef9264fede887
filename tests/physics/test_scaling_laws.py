"""Scaling estimators against laws whose exponents are known."""

import numpy as np
import pytest

from deepcrit.avalanches.scaling import (
    ProfileSums,
    SizeDurationSums,
    adaptive_density,
    bootstrap_collapse,
    bootstrap_size_duration,
    duration_statistics,
    excursion_shape,
    extrapolate,
    fit_collapse,
    fit_size_duration,
    mean_profiles,
    packed_index,
    packed_length,
    ratio_interval,
)

WIDTHS = np.array([25.0, 50.0, 75.0, 100.0, 200.0, 500.0, 1000.0])
WIGGLE = 0.005 * np.array([1, -1, 1, -1, 1, -1, 1])


def power_law(exponent: float, n: int, generator: np.random.Generator) -> np.ndarray:
    return (1.0 - generator.random(n)) ** (-1.0 / (exponent - 1.0))


def test_adaptive_density_recovers_a_power_law_over_decades() -> None:
    """On draws from x**-1.5 the density agrees with the law within its counting error over four decades."""
    x = power_law(1.5, 200_000, np.random.default_rng(1))
    binned = adaptive_density(x, minimum_per_bin=500)
    expected = (binned.edges[:-1] ** -0.5 - binned.edges[1:] ** -0.5) / np.diff(binned.edges)
    pull = (binned.density / expected - 1.0) * np.sqrt(binned.count)
    assert binned.centre[-2] / binned.centre[0] > 1e4
    assert abs(pull.mean()) < 0.2
    assert 0.85 < pull.std() < 1.15


def test_adaptive_density_recovers_a_discrete_law() -> None:
    """On a geometric law every bin holds its exact probability divided by the lattice points it spans."""
    d = np.random.default_rng(2).geometric(0.05, 100_000)
    binned = adaptive_density(d, minimum_per_bin=200, discrete=True)
    survival = 0.95 ** (binned.edges - 0.5)
    expected = -np.diff(survival) / np.diff(binned.edges)
    pull = (binned.density / expected - 1.0) * np.sqrt(binned.count)
    assert np.abs(pull).max() < 4.0
    assert binned.centre[:5].tolist() == [1, 2, 3, 4, 5]


def synthetic_avalanches(gamma: float, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    duration = np.floor(power_law(1.5, n, generator)).astype(np.int64)
    duration = duration[duration <= 200]
    scatter = 0.4
    return duration, duration**gamma * np.exp(scatter * generator.standard_normal(duration.size))


def test_size_duration_interval_covers_the_planted_exponent() -> None:
    """Over 200 data sets the 95% least squares interval holds the planted gamma about 95 times in 100."""
    generator = np.random.default_rng(3)
    held = 0
    estimates = []
    for _ in range(200):
        table = duration_statistics(*synthetic_avalanches(1.58, 8000, generator))
        fit = fit_size_duration(
            table["duration"],
            table["count"],
            table["mean_size"],
            table["var_log_size"],
            dmin=1,
            dmax=60,
            minimum_count=20,
        )
        held += fit.ci_low < 1.58 < fit.ci_high
        estimates.append(fit.gamma)
    assert 0.88 <= held / 200 <= 0.99
    assert abs(np.mean(estimates) - 1.58) < 0.005


def test_pairs_in_the_tail_can_seize_the_published_fit() -> None:
    """With the published N_D >= 2, two nearly equal sizes at one long duration decide gamma, and it shows."""
    generator = np.random.default_rng(4)
    duration, size = synthetic_avalanches(1.58, 20_000, generator)
    duration = np.append(duration, [1000, 1000])
    size = np.append(size, 0.2 * 1000**1.58 * np.array([1.0, 1.0005]))
    table = duration_statistics(duration, size)
    columns = [table[c] for c in ("duration", "count", "mean_size", "var_log_size")]
    published = fit_size_duration(*columns, dmin=1, dmax=1000)
    robust = fit_size_duration(*columns, dmin=1, dmax=1000, minimum_count=20)
    assert published.largest_weight_share > 0.9
    assert abs(published.gamma - 1.58) > 0.1
    assert robust.largest_weight_share < 0.5
    assert abs(robust.gamma - 1.58) < 0.02


def test_block_bootstrap_sees_correlations_that_least_squares_cannot() -> None:
    """When avalanches of a block share a slope, the block interval covers and the other is too short."""
    generator = np.random.default_rng(5)
    blocks, held, ratios = 60, 0, []
    for _ in range(30):
        duration = np.floor(power_law(1.5, 12_000, generator)).astype(np.int64)
        block = generator.integers(0, blocks, duration.size)
        slope = 1.58 + 0.1 * generator.standard_normal(blocks)
        # The last factor makes <S>_D an exact power of D, averaged over slopes.
        scatter = np.exp(0.1 * generator.standard_normal(duration.size) - 0.005 * np.log(duration) ** 2)
        size = duration ** slope[block] * scatter
        sums = SizeDurationSums.from_avalanches(duration, size, block, n_blocks=blocks, dmin=2, dmax=40)
        fit = bootstrap_size_duration(sums, generator, dmin=2, dmax=40, replicates=200, minimum_count=10)
        held += fit.ci_low < 1.58 < fit.ci_high
        ratios.append(fit.bootstrap_error / fit.standard_error)
    assert held >= 25
    assert np.median(ratios) > 2.0


def exact_sums(gamma: float, dmin: int, dmax: int, blocks: int = 2) -> ProfileSums:
    """Every avalanche of duration d has the profile d**(gamma - 1) u (1 - u / 2) at u = l / d: no scatter."""
    total = np.zeros((blocks, packed_length(dmin, dmax)))
    for d in range(dmin, dmax + 1):
        first = packed_index(d, 1, dmin)
        u = np.arange(1, d + 1) / d
        total[:, first : first + d] = 3.0 * d ** (gamma - 1.0) * u * (1.0 - 0.5 * u)
    return ProfileSums(dmin, dmax, total, np.full((blocks, dmax - dmin + 1), 3.0))


@pytest.mark.parametrize("gamma", [1.3, 1.58, 2.0])
def test_collapse_recovers_the_exponent_of_exact_profiles(gamma: float) -> None:
    """Parabolas scaled by D**(gamma - 1) collapse at gamma, but for the coarse sampling of short ones."""
    fit = fit_collapse(exact_sums(gamma, 100, 140), n_grid=20)
    assert fit.gamma_star == pytest.approx(gamma, abs=2e-4)
    assert fit.nmse_per_duration < 1e-8
    assert not fit.at_grid_edge


def test_published_error_is_the_curvature_and_falls_with_the_number_of_durations() -> None:
    """For an exact collapse a = n_D Var(ln D): sqrt(1/(2a)) depends on the durations, not on any noise."""
    for longest in (90, 120):
        fit = fit_collapse(exact_sums(1.58, 60, longest), n_grid=10)
        log_d = np.log(np.arange(60, longest + 1))
        assert fit.published_error == pytest.approx(np.sqrt(0.5 / (log_d.size * log_d.var())), rel=2e-3)


def excursion_sums(
    gamma: float, dmin: int, dmax: int, blocks: int, per_block: int, generator: np.random.Generator
) -> ProfileSums:
    """Brownian excursions (three-dimensional Bessel bridges) times D**(gamma - 1), sampled at u = l / D."""
    total = np.zeros((blocks, packed_length(dmin, dmax)))
    for d in range(dmin, dmax + 1):
        steps = generator.standard_normal((blocks, per_block, 3, d)) / np.sqrt(d)
        walk = np.cumsum(steps, axis=-1)
        bridge = walk - walk[..., -1:] * (np.arange(1, d + 1) / d)
        excursion = np.sqrt(np.sum(bridge**2, axis=2))
        first = packed_index(d, 1, dmin)
        total[:, first : first + d] = d ** (gamma - 1.0) * excursion.sum(axis=1)
    return ProfileSums(dmin, dmax, total, np.full((blocks, dmax - dmin + 1), float(per_block)))


def test_collapse_of_brownian_excursions() -> None:
    """Noisy excursions give the planted gamma, inside a tight interval, and the mean shape sqrt(u(1-u))."""
    generator = np.random.default_rng(6)
    sums = excursion_sums(1.5, 20, 60, blocks=40, per_block=5, generator=generator)
    fit = bootstrap_collapse(sums, generator, n_grid=40)
    assert fit.ci_low < 1.5 < fit.ci_high
    assert fit.ci_high - fit.ci_low < 0.1
    assert abs(fit.gamma_star - 1.5) < 0.02
    profiles = mean_profiles(sums, n_grid=40)
    shape = (profiles.mean / np.sqrt(profiles.durations)[:, np.newaxis]).mean(axis=0)
    reference = excursion_shape(profiles.u, area=shape.mean())
    inner = (profiles.u > 0.1) & (profiles.u < 0.9)
    assert np.abs(shape / reference - 1.0)[inner].max() < 0.03


def test_collapse_interval_covers_the_planted_exponent() -> None:
    """Over 40 sets of noisy profiles the 90% interval holds the planted gamma in three of four or more."""
    generator = np.random.default_rng(7)
    u = [np.arange(1, d + 1) / d for d in range(30, 51)]
    held = 0
    for _ in range(40):
        total = np.concatenate(
            [
                d**0.5 * (x * (1 - x) + 0.1 * generator.standard_normal((50, 1)) * np.sqrt(x * (1 - x)))
                for d, x in zip(range(30, 51), u, strict=True)
            ],
            axis=1,
        )
        sums = ProfileSums(30, 50, total, np.ones((50, 21)))
        fit = bootstrap_collapse(sums, generator, confidence=0.9, n_grid=20, replicates=100)
        held += fit.ci_low < 1.5 < fit.ci_high
    assert 30 <= held < 40


def test_extrapolation_recovers_planted_parameters() -> None:
    """Noise-free exponents return tau, c and w, at an interior w and with every interval bounded."""
    fit = extrapolate(WIDTHS, 1.53 - 2.0 * WIDTHS**-0.7, np.full(7, 1e-3))
    assert fit.tau == pytest.approx(1.53, abs=1e-6)
    assert fit.c == pytest.approx(-2.0, abs=1e-4)
    assert fit.w == pytest.approx(0.7, abs=1e-5)
    assert fit.identified
    assert fit.reason == ""
    assert (fit.tau_ci_low, fit.tau_ci_high) == pytest.approx((1.53, 1.53), abs=1e-6)
    np.testing.assert_allclose(fit.predict([25, 400]), 1.53 - 2.0 * np.array([25.0, 400.0]) ** -0.7, atol=1e-6)


def test_extrapolation_interval_covers() -> None:
    """Over 150 noisy sets the 95% interval of tau holds the truth about 95 times in 100, whatever error is claimed."""
    generator = np.random.default_rng(8)
    error = np.full(7, 0.006)
    held = 0
    for _ in range(150):
        y = 1.53 - 2.0 * WIDTHS**-0.7 + error * generator.standard_normal(7)
        fit = extrapolate(WIDTHS, y, 0.01 * error)
        held += fit.tau_ci_low <= 1.53 <= fit.tau_ci_high
    assert 0.90 <= held / 150 <= 0.99


def test_flat_exponents_identify_nothing() -> None:
    """Without any dependence on width every w fits: all is unbounded, and the reason names both limits."""
    fit = extrapolate(WIDTHS, 1.5 + WIGGLE, np.full(7, 0.01))
    assert not fit.identified
    assert (fit.tau_ci_low, fit.tau_ci_high) == (-np.inf, np.inf)
    assert (fit.c_ci_low, fit.c_ci_high) == (-np.inf, np.inf)
    assert (fit.w_ci_low, fit.w_ci_high) == (0.0, np.inf)
    assert "w -> 0" in fit.reason
    assert "w -> infinity" in fit.reason


def test_noise_that_hides_the_curvature_unbounds_one_side() -> None:
    """When a line in ln N fits as well, rising exponents bound tau only from below and c only from above."""
    y = 1.53 - 2.0 * WIDTHS**-0.7
    sharp = extrapolate(WIDTHS, y + 0.1 * WIGGLE, np.full(7, 0.005))
    noisy = extrapolate(WIDTHS, y + 4 * WIGGLE, np.full(7, 0.005))
    assert sharp.identified
    assert not noisy.identified
    assert noisy.w_ci_low == 0.0
    assert noisy.tau_ci_high == np.inf
    assert noisy.tau_ci_low == pytest.approx(1.45, abs=0.1)
    assert noisy.c_ci_low == -np.inf
    assert noisy.c_ci_high < 0


def test_a_step_at_the_narrowest_width_leaves_w_unbounded_above() -> None:
    """If only the narrowest network is off, any large w will do: tau is bounded, w and c are not."""
    y = np.where(WIDTHS == 25, 1.3, 1.5) - 0.3 * WIGGLE
    fit = extrapolate(WIDTHS, y, np.full(7, 0.003))
    assert fit.w == np.inf
    assert fit.w_ci_high == np.inf
    assert fit.w_ci_low > 1.0
    assert fit.c_ci_low == -np.inf
    assert 1.49 < fit.tau_ci_low < 1.5 < fit.tau_ci_high < 1.51
    assert not fit.identified


def test_a_logarithm_has_no_limit() -> None:
    """A straight line in ln N has tau at minus infinity; the fitted curve itself stays finite."""
    y = 1.5 - 0.1 * np.log(WIDTHS) + 1e-9 * WIGGLE
    fit = extrapolate(WIDTHS, y, np.full(7, 0.001))
    assert fit.tau == -np.inf
    assert fit.tau_ci_low == -np.inf
    assert fit.c == np.inf
    assert np.isfinite(fit.tau_ci_high)
    np.testing.assert_allclose(fit.predict(WIDTHS), y, atol=1e-9)


def test_only_residuals_set_the_interval() -> None:
    """Errors a hundred times smaller, as from more avalanches, do not narrow it: the form is what limits the fit."""
    y = 1.53 - 2.0 * WIDTHS**-0.7 + WIGGLE
    tiny, small = (extrapolate(WIDTHS, y, np.full(7, error)) for error in (1e-5, 1e-3))
    assert tiny.tau_ci_high - tiny.tau_ci_low == pytest.approx(small.tau_ci_high - small.tau_ci_low, rel=1e-4)
    assert tiny.chi2_per_dof == pytest.approx(1e4 * small.chi2_per_dof)


def test_fieller_interval_covers_the_ratio() -> None:
    """Over 4,000 noisy pairs the 95% interval holds the ratio 95 times in 100, at 15% denominator error."""
    generator = np.random.default_rng(9)
    noise = generator.standard_normal((4000, 2))
    held = 0
    for a, b in noise:
        interval = ratio_interval(1.53 + 0.03 * a, 0.03, 1.34 + 0.05 * b, 0.05)
        held += interval.ci_low < 0.53 / 0.34 < interval.ci_high
    assert 0.94 < held / 4000 < 0.96


@pytest.mark.parametrize("blocks", [2, 3, 4])
def test_few_blocks_have_intervals_that_cover(blocks: int) -> None:
    """Of 2 to 4 blocks both gammas have Student's interval, and hold their value.

    Over 100 sets gamma's holds the truth in 85 or more; a bootstrap of so few ends at the value itself.
    """
    generator = np.random.default_rng(10 + blocks)
    held = 0
    for _ in range(100):
        duration = np.floor(power_law(1.5, 1500 * blocks, generator)).astype(np.int64)
        block = np.arange(duration.size) % blocks
        slope = 1.58 + 0.05 * generator.standard_normal(blocks)
        size = duration ** slope[block] * np.exp(0.1 * generator.standard_normal(duration.size))
        sums = SizeDurationSums.from_avalanches(duration, size, block, n_blocks=blocks, dmin=2, dmax=40)
        fit = bootstrap_size_duration(sums, generator, dmin=2, dmax=40, minimum_count=10)
        assert fit.ci_low < fit.gamma < fit.ci_high
        assert fit.interval == "jackknife, Student"
        held += fit.ci_low < 1.58 < fit.ci_high
    assert held >= 85
    collapse = bootstrap_collapse(excursion_sums(1.5, 20, 40, blocks, 20, generator), generator, n_grid=20)
    assert collapse.ci_low < collapse.gamma_star < collapse.ci_high
    assert collapse.interval == "jackknife, Student"
