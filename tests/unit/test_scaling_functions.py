"""Scaling functions against slow or independent implementations, and their refusals."""

from collections.abc import Callable

import numpy as np
import pytest
from numba import njit
from scipy.optimize import curve_fit
from scipy.stats import f as fisher

from deepcrit.avalanches.scaling import (
    ProfileSums,
    SizeDurationSums,
    adaptive_density,
    bootstrap_collapse,
    bootstrap_size_duration,
    collapsed_profiles,
    duration_statistics,
    excursion_shape,
    extrapolate,
    fit_collapse,
    fit_size_duration,
    mean_profiles,
    nmse,
    nmse_curve,
    packed_index,
    packed_length,
    packed_offset,
    ratio_interval,
)
from deepcrit.avalanches.scaling.resampling import multinomial_weights

WIDTHS = np.array([25.0, 50.0, 75.0, 100.0, 200.0, 500.0, 1000.0])


def avalanches(n: int = 5000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    duration = generator.geometric(0.1, n)
    size = duration**1.5 * np.exp(0.3 * generator.standard_normal(n))
    return duration, size, generator.integers(0, 10, n)


def profile_sums(dmin: int = 5, dmax: int = 12, blocks: int = 6) -> ProfileSums:
    generator = np.random.default_rng(1)
    count = generator.integers(1, 9, (blocks, dmax - dmin + 1)).astype(np.float64)
    total = generator.random((blocks, packed_length(dmin, dmax)))
    for d in range(dmin, dmax + 1):
        first = packed_index(d, 1, dmin)
        total[:, first : first + d] += count[:, [d - dmin]] * d**0.6
    return ProfileSums(dmin, dmax, total, count)


@pytest.mark.parametrize("discrete", [False, True])
@pytest.mark.parametrize("minimum", [1, 7, 50, 10**6])
def test_density_integrates_to_one_and_every_bin_is_filled(discrete: bool, minimum: int) -> None:
    """Merging the unfilled last bin keeps the whole probability and never leaves a bin under the minimum."""
    duration, size, _ = avalanches(999)
    binned = adaptive_density(duration if discrete else size, minimum_per_bin=minimum, discrete=discrete)
    assert np.sum(binned.density * np.diff(binned.edges)) == pytest.approx(1.0, abs=1e-12)
    assert binned.count.sum() == 999
    assert binned.count.min() >= min(minimum, 999)
    assert np.all(np.diff(binned.edges) > 0)


@pytest.mark.parametrize("discrete", [False, True])
def test_density_of_counted_values_is_that_of_the_values(discrete: bool) -> None:
    """(value, count) pairs, shuffled, split and padded with zero counts, give the bins of the raw values."""
    values = np.random.default_rng(2).geometric(0.05, 3000)
    distinct, counts = np.unique(values, return_counts=True)
    pairs = np.concatenate((distinct, distinct, [10**6]))
    halves = np.concatenate((counts // 2, counts - counts // 2, [0]))
    order = np.random.default_rng(3).permutation(pairs.size)
    raw = adaptive_density(values, minimum_per_bin=20, discrete=discrete)
    counted = adaptive_density(pairs[order], halves[order], minimum_per_bin=20, discrete=discrete)
    for name in ("centre", "density", "count", "edges"):
        np.testing.assert_array_equal(getattr(raw, name), getattr(counted, name))


def test_density_by_hand() -> None:
    """Ten values in bins of at least three: edges on the data, last point merged, geometric centres."""
    binned = adaptive_density([1, 2, 2, 2, 4, 5, 6, 8, 9, 16], minimum_per_bin=3)
    assert binned.edges.tolist() == [1, 4, 8, 16]
    assert binned.count.tolist() == [4, 3, 3]
    np.testing.assert_allclose(binned.density, [4 / 30, 3 / 40, 3 / 80])
    np.testing.assert_allclose(binned.centre, np.sqrt([4, 32, 128]))
    lattice = adaptive_density([1, 1, 3, 3, 7], minimum_per_bin=2, discrete=True)
    assert lattice.edges.tolist() == [0.5, 1.5, 7.5]
    np.testing.assert_allclose(lattice.density, [2 / 5, 3 / 30])
    np.testing.assert_allclose(lattice.centre, [1, np.sqrt(14)])


def test_duration_statistics_equal_a_group_by() -> None:
    """The counting implementation agrees with means and sample variances taken duration by duration."""
    duration, size, _ = avalanches()
    table = duration_statistics(duration, size)
    assert table["duration"].tolist() == sorted(set(duration.tolist()))
    for row in table.itertuples():
        mine = size[duration == row.duration]
        assert table.loc[row.Index, "count"] == mine.size
        assert row.mean_size == pytest.approx(mine.mean(), rel=1e-12)
        assert row.mean_log_size == pytest.approx(np.log(mine).mean(), rel=1e-12)
        if mine.size > 1:
            assert row.var_log_size == pytest.approx(np.log(mine).var(ddof=1), rel=1e-9)
        else:
            assert np.isnan(row.var_log_size)


def test_weighted_line_equals_scipy() -> None:
    """Slope, intercept and standard error are those of scipy's curve_fit, and R2 that of numpy's lstsq."""
    duration, size, _ = avalanches()
    table = duration_statistics(duration, size)
    columns = [table[c] for c in ("duration", "count", "mean_size", "var_log_size")]
    fit = fit_size_duration(*columns, dmin=2, dmax=25)
    kept = table[table["duration"].between(2, 25) & (table["count"] >= 2)]
    x, y = np.log(kept["duration"].to_numpy()), np.log(kept["mean_size"].to_numpy())
    weight = (kept["count"] / kept["var_log_size"]).to_numpy()
    best, covariance = curve_fit(lambda t, a, b: a + b * t, x, y, sigma=weight**-0.5)
    assert fit.gamma == pytest.approx(best[1], rel=1e-6)
    assert fit.intercept == pytest.approx(best[0], rel=1e-6)
    assert fit.standard_error == pytest.approx(np.sqrt(covariance[1, 1]), rel=1e-6)
    root = np.sqrt(weight)
    _, residual, _, _ = np.linalg.lstsq(np.column_stack((root, root * x)), root * y)
    centred = root * (y - np.average(y, weights=weight))
    assert fit.r_squared == pytest.approx(1 - residual[0] / np.sum(centred**2), rel=1e-9)
    assert fit.n_durations == len(kept)
    assert fit.n_avalanches == kept["count"].sum()


def test_durations_without_spread_are_dropped_and_counted() -> None:
    """Equal sizes and single avalanches are counted instead of becoming infinite weights."""
    fit = fit_size_duration(
        [1, 2, 3, 4, 5, 6],
        [10, 10, 10, 10, 1, 10],
        [1.0, 3.0, 5.0, 8.0, 99.0, 99.0],
        [0.1, 0.1, 0.1, 0.1, np.nan, 0.0],
        dmin=1,
        dmax=6,
    )
    clean = fit_size_duration([1, 2, 3, 4], [10] * 4, [1.0, 3.0, 5.0, 8.0], [0.1] * 4, dmin=1, dmax=6)
    assert fit.gamma == clean.gamma
    assert (fit.n_durations, fit.n_dropped_few, fit.n_dropped_zero_variance) == (4, 1, 1)


def test_rounding_in_sums_does_not_pass_for_spread() -> None:
    """Equal sizes have a variance of rounding errors when it is taken from sums; that carries no weight either."""
    duration, size, block = avalanches()
    size[duration == 5] = 7.3
    sums = SizeDurationSums.from_avalanches(duration, size, block, n_blocks=10, dmin=2, dmax=20)
    log_sum, square_sum = sums.sum_log_size[:, 3].sum(), sums.sum_log_size_squared[:, 3].sum()
    assert square_sum - log_sum**2 / sums.count[:, 3].sum() > 0
    fit = bootstrap_size_duration(sums, np.random.default_rng(0), dmin=2, dmax=20, replicates=10)
    assert fit.n_dropped_zero_variance == 1
    assert fit.largest_weight_share < 0.5


def test_sums_per_block_give_the_fit_of_the_table() -> None:
    """Block sums pooled, and the bootstrap's point estimate, equal the fit to individual avalanches."""
    duration, size, block = avalanches()
    sums = SizeDurationSums.from_avalanches(duration, size, block, n_blocks=10, dmin=2, dmax=20)
    boot = bootstrap_size_duration(sums, np.random.default_rng(0), dmin=2, dmax=20, replicates=50)
    table = duration_statistics(duration, size)
    columns = [table[c] for c in ("duration", "count", "mean_size", "var_log_size")]
    fit = fit_size_duration(*columns, dmin=2, dmax=20)
    assert boot.gamma == pytest.approx(fit.gamma, rel=1e-10)
    assert boot.standard_error == pytest.approx(fit.standard_error, rel=1e-7)
    assert (fit.interval, boot.interval) == ("wls", "basic block bootstrap")
    assert (boot.n_blocks, boot.n_replicates) == (10, 50)


def test_bootstrap_replicates_equal_fits_to_repeated_avalanches() -> None:
    """The spread over replicates is that of refitting the avalanches of the drawn blocks, copy by copy."""
    duration, size, block = avalanches()
    sums = SizeDurationSums.from_avalanches(duration, size, block, n_blocks=10, dmin=2, dmax=8)
    boot = bootstrap_size_duration(sums, np.random.default_rng(5), dmin=2, dmax=8, replicates=20)
    slopes = []
    for drawn in np.concatenate(list(multinomial_weights(10, 20, np.random.default_rng(5)))):
        copies = np.repeat(np.arange(duration.size), drawn[block].astype(int))
        table = duration_statistics(duration[copies], size[copies])
        columns = [table[c] for c in ("duration", "count", "mean_size", "var_log_size")]
        slopes.append(fit_size_duration(*columns, dmin=2, dmax=8).gamma)
    assert boot.bootstrap_error == pytest.approx(np.std(slopes, ddof=1), rel=1e-8)
    assert (boot.ci_low, boot.ci_high) == pytest.approx(
        (2 * boot.gamma - max(slopes), 2 * boot.gamma - min(slopes)), rel=1e-8
    )


def test_packed_positions_enumerate_the_triangle() -> None:
    """The index runs through 0, 1, 2, ... over durations and layers, and numba compiles it."""
    pairs = [(d, layer) for d in range(3, 9) for layer in range(1, d + 1)]
    assert [packed_index(d, layer, 3) for d, layer in pairs] == list(range(packed_length(3, 8)))
    assert [packed_offset(d, 3) for d in range(3, 9)] == [packed_index(d, 1, 3) for d in range(3, 9)]
    compiled = njit(packed_index)
    assert compiled(8, 5, 3) == packed_index(8, 5, 3)


def test_profiles_are_interpolated_as_numpy_does() -> None:
    """Every mean profile equals numpy.interp of its sums over counts, which continues the first value to zero."""
    sums = profile_sums(dmin=1)
    profiles = mean_profiles(sums, n_grid=17)
    for d, row in zip(profiles.durations, profiles.mean, strict=True):
        start = packed_index(int(d), 1, 1)
        mean = sums.total[:, start : start + d].sum(axis=0) / sums.count[:, d - 1].sum()
        np.testing.assert_allclose(row, np.interp(profiles.u, np.arange(1, d + 1) / d, mean), rtol=1e-12)


def test_nmse_equals_the_printed_formula() -> None:
    """The second-moment form equals the triple loop over exponents, grid points and durations of eq. 12."""
    profiles = mean_profiles(profile_sums(), n_grid=9)
    v, d = profiles.mean, profiles.durations
    for gamma in (0.7, 1.0, 1.58, 2.4):
        above = below = 0.0
        for j in range(9):
            scaled = [v[i, j] / d[i] ** (gamma - 1) for i in range(d.size)]
            mean = sum(scaled) / d.size
            below += mean**2
            for value in scaled:
                above += (value - mean) ** 2
        assert nmse(v, d, gamma)[0] == pytest.approx(above / below, rel=1e-10)


def test_minimum_beats_a_fine_grid() -> None:
    """The refined gamma* is no worse than any point of a grid twenty times finer than the search."""
    sums = profile_sums()
    fit = fit_collapse(sums, gamma_step=0.02)
    profiles = mean_profiles(sums)
    fine = np.arange(1.0, 2.5, 0.001)
    curve = nmse(profiles.mean, profiles.durations, fine)
    assert fit.nmse_min <= curve.min()
    assert fit.gamma_star == pytest.approx(fine[curve.argmin()], abs=1e-3)
    assert fit.nmse_per_duration == fit.nmse_min / fit.n_durations
    assert (fit.n_durations, fit.dmin, fit.dmax, fit.n_grid) == (8, 5, 12, 100)
    assert fit.n_avalanches == sums.count.sum()


def test_curve_and_collapsed_tables() -> None:
    """The parabola follows the NMSE near gamma*; collapsed profiles are the mean ones over D**(gamma-1)."""
    sums = profile_sums()
    fit = fit_collapse(sums)
    profiles = mean_profiles(sums, n_grid=4)
    table = collapsed_profiles(profiles, 1.6)
    assert list(table.columns) == ["duration", "u", "scaled"]
    row = table[(table["duration"] == 7) & (table["u"] == 0.625)]
    assert row["scaled"].item() == pytest.approx(profiles.mean[2, 2] / 7**0.6, rel=1e-12)
    curve = nmse_curve(mean_profiles(sums), fit.gamma_star + np.array([-0.02, 0.0, 0.02]), fit)
    np.testing.assert_allclose(curve["parabola"], curve["nmse"], atol=1e-4)
    assert fit.published_error == pytest.approx(np.sqrt(0.5 / fit.parabola_a))


def test_empty_durations_are_skipped_and_counted() -> None:
    """A duration without avalanches does not enter the collapse; fewer than three left are an error."""
    sums = profile_sums()
    count, total = sums.count.copy(), sums.total.copy()
    count[:, 3] = 0
    total[:, packed_index(8, 1, 5) : packed_index(9, 1, 5)] = 0
    fit = fit_collapse(ProfileSums(5, 12, total, count))
    profiles = mean_profiles(sums)
    others = profiles.durations != 8
    assert (fit.n_durations, fit.n_durations_empty) == (7, 1)
    assert fit.nmse_min == pytest.approx(nmse(profiles.mean[others], profiles.durations[others], fit.gamma_star)[0])
    count[:, 2:] = 0
    with pytest.raises(ValueError, match="at least 3"):
        fit_collapse(ProfileSums(5, 12, total, count))


def test_minimum_at_an_end_of_the_search_is_flagged() -> None:
    """Outside the searched range gamma* is a bound: flagged with the end, no parabola, no bounded interval."""
    sums = profile_sums()
    inside = round(fit_collapse(sums).gamma_star, 2)
    fit = bootstrap_collapse(sums, np.random.default_rng(0), gamma_low=inside + 0.3, gamma_high=inside + 1)
    assert fit.at_grid_edge
    assert "lower end" in fit.edge_reason
    assert np.isnan(fit.published_error)
    assert (fit.ci_low, fit.ci_high) == (-np.inf, np.inf)
    above = fit_collapse(sums, gamma_low=0.0, gamma_high=inside - 0.3)
    assert "upper end" in above.edge_reason


def test_collapse_replicates_equal_collapses_of_drawn_blocks() -> None:
    """The spread over replicates is that of collapsing the drawn blocks one by one."""
    sums = profile_sums()
    fit = bootstrap_collapse(sums, np.random.default_rng(3), replicates=12)
    stars = []
    for drawn in next(multinomial_weights(6, 12, np.random.default_rng(3))):
        chosen = np.repeat(np.arange(6), drawn.astype(int))
        stars.append(fit_collapse(ProfileSums(5, 12, sums.total[chosen], sums.count[chosen])).gamma_star)
    reversed_ends = (2 * fit.gamma_star - max(stars), 2 * fit.gamma_star - min(stars))
    assert (fit.ci_low, fit.ci_high) == pytest.approx(reversed_ends, abs=1e-6)
    assert fit.bootstrap_error == pytest.approx(np.std(stars, ddof=1), rel=1e-4)
    assert fit.n_replicates == 12


def test_excursion_shape_has_the_area_asked_for() -> None:
    """The reference profile integrates to its area and peaks at 4 area / pi in the middle."""
    u = (np.arange(20_000) + 0.5) / 20_000
    assert excursion_shape(u, area=0.7).mean() == pytest.approx(0.7, rel=1e-5)
    assert excursion_shape(0.5) == pytest.approx(4 / np.pi)


def test_extrapolation_is_the_weighted_least_squares_minimum() -> None:
    """With unequal errors the best fit is that of scipy's curve_fit, chi-squared that of its residuals."""
    error = np.array([0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.010])
    y = 1.34 - 0.9 * WIDTHS**-0.5 + error * np.random.default_rng(4).standard_normal(7)
    fit = extrapolate(WIDTHS, y, error)
    model = lambda n, tau, c, w: tau + c * n**-w  # noqa: E731
    best, _ = curve_fit(model, WIDTHS, y, p0=(1.3, -1, 0.6), sigma=error, xtol=1e-12, ftol=1e-14)
    assert (fit.tau, fit.c, fit.w) == pytest.approx(tuple(best), rel=1e-4)
    assert fit.chi2 == pytest.approx(np.sum(((y - fit.predict(WIDTHS)) / error) ** 2), rel=1e-9)
    assert fit.residual_rms == pytest.approx(np.sqrt(np.mean((y - fit.predict(WIDTHS)) ** 2)), rel=1e-9)
    assert fit.dof == 4


def test_interval_ends_lie_on_the_profile_likelihood() -> None:
    """Fixing tau, c or w at an end of its interval and refitting raises chi-squared by the threshold."""
    error = np.full(7, 0.004)
    y = 1.34 - 0.9 * WIDTHS**-0.5 + 0.003 * np.array([1, -1, 1, 0, -1, 1, -1])
    fit = extrapolate(WIDTHS, y, error)
    threshold = fit.chi2 / 4 * fisher.ppf(0.95, 1, 4)
    w = np.linspace(0.02, 3.0, 60_001)
    basis = np.exp(-np.outer(w, np.log(WIDTHS)))

    def lowest(fixed_tau: float | None, fixed_c: float | None) -> float:
        if fixed_tau is not None:
            rest = y - fixed_tau
            c = basis @ rest / np.sum(basis**2, axis=1)
            residual = rest - c[:, np.newaxis] * basis
        else:
            rest = y - fixed_c * basis
            residual = rest - rest.mean(axis=1, keepdims=True)
        return float((np.sum(residual**2, axis=1) / 0.004**2).min())

    for end in (fit.tau_ci_low, fit.tau_ci_high):
        assert lowest(end, None) - fit.chi2 == pytest.approx(threshold, rel=1e-3)
    for end in (fit.c_ci_low, fit.c_ci_high):
        assert lowest(None, end) - fit.chi2 == pytest.approx(threshold, rel=1e-3)
    for end in (fit.w_ci_low, fit.w_ci_high):
        line = np.polynomial.Polynomial.fit(WIDTHS**-end, y, 1)
        assert np.sum((y - line(WIDTHS**-end)) ** 2) / 0.004**2 - fit.chi2 == pytest.approx(threshold, rel=1e-3)


def test_ratio_interval_limits() -> None:
    """Small errors give the delta method, with covariance; a denominator compatible with zero, no bounds."""
    ratio, cov = 0.53 / 0.34, 0.5e-6
    fit = ratio_interval(1.53, 1e-3, 1.34, 1e-3, covariance=cov)
    error = np.sqrt(1e-6 + ratio**2 * 1e-6 - 2 * ratio * cov) / 0.34
    assert fit.ratio == pytest.approx(ratio)
    assert (fit.ci_low, fit.ci_high) == pytest.approx((ratio - 1.96 * error, ratio + 1.96 * error), rel=1e-4)
    wide = ratio_interval(1.53, 0.02, 1.34, 0.2)
    assert (wide.ci_low, wide.ci_high, wide.bounded) == (-np.inf, np.inf, False)


SUMS = profile_sums()
TABLE: dict[str, list[float]] = {
    "duration": [1, 2, 3],
    "count": [5, 5, 5],
    "mean_size": [1, 2, 3],
    "var_log_size": [0.1, 0.1, 0.1],
}
GENERATOR = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adaptive_density([]), "no values"),
        (lambda: adaptive_density([1.0, 0.0]), "finite and positive"),
        (lambda: adaptive_density([1.0, np.nan]), "finite and positive"),
        (lambda: adaptive_density([1.5, 2.0], discrete=True), "whole numbers"),
        (lambda: adaptive_density([2.0, 2.0]), "no width"),
        (lambda: adaptive_density([1.0, 2.0], [1]), "1 entries for 2 values"),
        (lambda: adaptive_density([1.0, 2.0], [1, -1]), "negative"),
        (lambda: adaptive_density([1.0, 2.0], minimum_per_bin=0), "minimum_per_bin"),
        (lambda: duration_statistics([1, 2], [1.0]), "equally long"),
        (lambda: duration_statistics([0, 2], [1.0, 1.0]), "at least 1"),
        (lambda: duration_statistics([1.5, 2], [1.0, 1.0]), "whole numbers"),
        (lambda: duration_statistics([1, 2], [1.0, -1.0]), "1 are not positive"),
        (lambda: fit_size_duration(**TABLE, dmin=3, dmax=2), "dmin < dmax"),
        (lambda: fit_size_duration(**TABLE, dmin=1, dmax=2), "2 usable durations"),
        (lambda: fit_size_duration(**TABLE, dmin=1, dmax=3, minimum_count=1), "minimum_count"),
        (lambda: fit_size_duration(**TABLE, dmin=1, dmax=3, confidence=95), "confidence"),
        (lambda: fit_size_duration(**{**TABLE, "count": [5, 5]}, dmin=1, dmax=3), "count has shape"),
        (lambda: fit_size_duration(**{**TABLE, "duration": [1, 3, 2]}, dmin=1, dmax=3), "ascending"),
        (
            lambda: fit_size_duration(**{**TABLE, "var_log_size": [0.1, np.nan, 0.1]}, dmin=1, dmax=3),
            "missing or negative at duration 2",
        ),
        (
            lambda: SizeDurationSums.from_avalanches([1], [1.0], [4], n_blocks=4, dmin=1, dmax=3),
            r"0\.\.3, found 4",
        ),
        (lambda: ProfileSums(2, 4, np.zeros((1, 8)), np.ones((1, 3))), r"total must have shape \(1, 9\)"),
        (lambda: ProfileSums(2, 4, np.zeros((1, 9)), np.ones((2, 3))), r"count must have shape \(1, 3\)"),
        (lambda: ProfileSums(2, 4, np.full((1, 9), np.nan), np.ones((1, 3))), "not finite"),
        (lambda: mean_profiles(SUMS, n_grid=0), "n_grid"),
        (lambda: fit_collapse(SUMS, gamma_low=2, gamma_high=1), "gamma_low < gamma_high"),
        (lambda: fit_collapse(SUMS, gamma_low=1, gamma_high=2, gamma_step=0.3), "one that leads from 1 to 2"),
        (lambda: nmse(np.zeros((2, 3)), [1, 2], 1.5), "zero everywhere"),
        (lambda: nmse(np.ones((2, 3)), [1, 2, 3], 1.5), "shape"),
        (
            lambda: bootstrap_collapse(profile_sums(blocks=1), GENERATOR),
            "at least 2 blocks",
        ),
        (lambda: bootstrap_collapse(SUMS, GENERATOR, replicates=1), "at least 2 replicates"),
        (lambda: excursion_shape(1.1), r"\[0, 1\]"),
        (lambda: extrapolate([25, 50, 75], [1, 2, 3], [1, 1, 1]), "at least 4 widths"),
        (lambda: extrapolate([25, 50, 75, 75], [1, 2, 3, 4], [1] * 4), "distinct"),
        (lambda: extrapolate([25, 50, 75, 99], [1, 2, 3, 4], [1, 1, 1, 0]), "must be positive"),
        (lambda: extrapolate([25, 50, 75, 99], [1, 2, 3, np.inf], [1] * 4), "finite"),
        (lambda: extrapolate([25, 50, 75, 99], [1, 2, 3], [1] * 4), "equally long"),
        (lambda: ratio_interval(1.5, -0.1, 1.3, 0.1), "negative"),
        (lambda: ratio_interval(1.5, 0.1, 1.0, 0.1), "no denominator"),
        (lambda: ratio_interval(1.5, 0.1, 1.3, 0.1, covariance=0.02), "covariance"),
    ],
)
def test_refusals_name_what_is_wrong(call: Callable[[], object], message: str) -> None:
    """Bad input raises ValueError with a message that says what was expected or found."""
    with pytest.raises(ValueError, match=message):
        call()
