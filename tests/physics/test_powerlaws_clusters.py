"""Intervals for clustered points: effective sample sizes at both extremes, coverage where points are correlated."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from deepcrit.avalanches.powerlaws import (
    cluster_bootstrap,
    effective_sample_size,
    exponent_from_sums,
    sample_continuous,
)
from deepcrit.stats.jackknife import BOOTSTRAPPED_CLUSTERS

XMIN, XMAX = 1.0, 1000.0


def independent(rng: np.random.Generator, clusters: int, points: int) -> tuple[np.ndarray, np.ndarray]:
    logs = np.log(sample_continuous(rng, clusters * points, 1.5, XMIN, XMAX)).reshape(clusters, points)
    return np.full(clusters, points), logs.sum(axis=1)


def identical(rng: np.random.Generator, clusters: int, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Every point of a cluster has the same value."""
    logs = np.log(sample_continuous(rng, clusters, 1.5, XMIN, XMAX))
    return np.full(clusters, points), points * logs


def test_effective_sample_size_of_independent_points_is_n() -> None:
    """2,000 clusters of 20 independent points count as about 40,000 (four standard errors of a variance)."""
    n, sums = independent(np.random.default_rng(1), 2000, 20)
    assert effective_sample_size(n, sums, XMIN, XMAX, False) == pytest.approx(40_000, rel=4 * math.sqrt(2 / 2000))


def test_effective_sample_size_of_identical_points_is_the_number_of_clusters() -> None:
    """2,000 clusters of 20 equal points count as about 2,000."""
    n, sums = identical(np.random.default_rng(2), 2000, 20)
    assert effective_sample_size(n, sums, XMIN, XMAX, False) == pytest.approx(2000, rel=4 * math.sqrt(2 / 2000))


def test_interval_has_the_width_of_the_robust_error() -> None:
    """With many clusters the bootstrap gives about plus or minus 1.96 robust errors, far wider than the naive one."""
    n, sums = identical(np.random.default_rng(3), 500, 20)
    result = cluster_bootstrap(n, sums, XMIN, XMAX, False, 2000, np.random.default_rng(4))
    assert result.exponent == pytest.approx(
        float(exponent_from_sums(n.sum(), sums.sum(), XMIN, XMAX, False)), rel=1e-12
    )
    assert result.ci_high - result.ci_low == pytest.approx(2 * 1.96 * result.standard_error, rel=0.12)
    assert result.standard_error == pytest.approx(math.sqrt(20) * result.naive_standard_error, rel=0.2)
    assert result.warning is None


def test_few_clusters_warn_and_empty_ones_do_not_count() -> None:
    """Below 200 clusters with points the result says so; clusters without points change nothing."""
    n, sums = independent(np.random.default_rng(5), 199, 5)
    padded_n, padded_sums = np.append(n, np.zeros(50)), np.append(sums, np.zeros(50))
    first = cluster_bootstrap(n, sums, XMIN, XMAX, False, 200, np.random.default_rng(6))
    second = cluster_bootstrap(padded_n, padded_sums, XMIN, XMAX, False, 200, np.random.default_rng(6))
    assert first == second
    assert first.clusters == 199
    assert first.warning is not None
    assert "199 clusters" in first.warning


def test_clusters_restore_coverage() -> None:
    """On 200 sets of 60 clusters of correlated points the bootstrap holds the truth as often as it should.

    The naive interval does not come near.
    """
    held = naive = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        n, sums = identical(rng, 60, 10)
        result = cluster_bootstrap(n, sums, XMIN, XMAX, False, 500, rng)
        held += result.ci_low <= 1.5 <= result.ci_high
        naive += abs(result.exponent - 1.5) <= 1.96 * result.naive_standard_error
    assert binom.ppf(1e-4, 200, 0.94) <= held
    assert naive < binom.ppf(1e-4, 200, 0.9)


@pytest.mark.parametrize("clusters", [2, 3, 4])
def test_few_clusters_have_an_interval_that_covers(clusters: int) -> None:
    """On 400 sets of 2 to 4 clusters of independent points the interval holds the truth about as often as it says.

    It holds its value, too; resampling so few gave 31% of two.
    """
    held = 0
    for seed in range(400):
        rng = np.random.default_rng(1000 * clusters + seed)
        n, sums = independent(rng, clusters, 30)
        result = cluster_bootstrap(n, sums, XMIN, XMAX, False, 100, rng)
        assert result.ci_low < result.exponent < result.ci_high
        assert result.method == "jackknife, Student,"
        held += result.ci_low <= 1.5 <= result.ci_high
    assert binom.ppf(1e-4, 400, 0.94) <= held <= binom.ppf(1 - 1e-4, 400, 0.96)


@pytest.mark.parametrize("clusters", [2, 3, 4, BOOTSTRAPPED_CLUSTERS, 6, 40])
def test_intervals_do_not_depend_on_the_unit(clusters: int) -> None:
    """Values and range in another unit leave estimate, error and both ends as they are, to rounding.

    No resample of one cluster alone passes for one with an error.
    """
    for seed in range(20):
        n, sums = independent(np.random.default_rng(seed), clusters, 25)
        first = cluster_bootstrap(n, sums, XMIN, XMAX, False, 200, np.random.default_rng(1))
        for unit in (3.7, 1e-9, 1e30):
            moved = cluster_bootstrap(
                n, sums + n * math.log(unit), XMIN * unit, XMAX * unit, False, 200, np.random.default_rng(1)
            )
            for name in ("exponent", "standard_error", "ci_low", "ci_high", "effective_sample_size"):
                assert getattr(moved, name) == pytest.approx(getattr(first, name), rel=1e-9), name


@pytest.mark.parametrize("clusters", [2, 4, 6])
def test_clusters_that_agree_exactly_show_no_error(clusters: int) -> None:
    """Then nothing says how far others would be, and the interval is unbounded."""
    n = np.arange(20, 20 + clusters)
    result = cluster_bootstrap(n, n * 1.3, XMIN, None, False, 200, np.random.default_rng(0))
    assert (result.ci_low, result.ci_high) == (1.0, math.inf)
