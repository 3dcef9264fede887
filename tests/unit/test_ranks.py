"""Rank correlations: against scipy, and the coverage of their intervals."""

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.ranks import rank_correlation, rank_correlation_value, resampled_correlations

RHO = 0.6
TRUE_SPEARMAN = 6 / np.pi * np.arcsin(RHO / 2)  # of a bivariate normal law (Pearson 1907)


def pairs(rng, n):
    x = rng.standard_normal(n)
    return x, RHO * x + np.sqrt(1 - RHO**2) * rng.standard_normal(n)


def test_value_is_scipys():
    """Ties included."""
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 5, 30), rng.integers(0, 5, 30)
    found = rank_correlation(x, y)
    assert found.value == pytest.approx(spearmanr(x, y).statistic)
    assert found.ci_low < found.value < found.ci_high


def test_interval_covers():
    """Of 1000 samples of 20 pairs, 93 to 97.5% of the intervals hold the true correlation."""
    rng = np.random.default_rng(2)
    found = [rank_correlation(*pairs(rng, 20)) for _ in range(1000)]
    covered = np.mean([row.ci_low <= TRUE_SPEARMAN <= row.ci_high for row in found])
    assert 0.93 <= covered <= 0.975


def test_bootstrap_of_a_difference_covers():
    """The interval of a difference between two correlations with one target, on samples of 100."""
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(200):
        x, y = pairs(rng, 100)
        other = rng.standard_normal(100)
        found = resampled_correlations(y, {"x": x, "other": other}, rng, 300)
        low, high = percentile_interval(found["x"] - found["other"])
        covered.append(low <= TRUE_SPEARMAN <= high)
    assert 0.9 <= np.mean(covered) <= 0.99


def test_resamples_are_spearman_of_resamples():
    """One replicate is scipy's correlation of the same points."""
    rng = np.random.default_rng(4)
    x, y = pairs(rng, 40)
    found = resampled_correlations(y, {"x": x}, np.random.default_rng(5), 3)["x"]
    chosen = np.random.default_rng(5).integers(0, 40, (3, 40))
    expected = [spearmanr(x[rows], y[rows]).statistic for rows in chosen]
    np.testing.assert_allclose(found, expected)


def test_what_has_no_rank_correlation_has_none():
    """Constant values and too few points have none."""
    assert np.isnan(rank_correlation([1, 1, 1, 1], [1, 2, 3, 4]).value)
    assert np.isnan(rank_correlation([1, 2, 3], [1, 2, 3]).value)
    with pytest.raises(ValueError, match="as many"):
        rank_correlation([1, 2], [1])


@pytest.mark.parametrize(("n", "decides"), [(4, False), (5, True), (7, True), (20, True)])
def test_a_perfect_order_of_few_points_is_no_certainty(n, decides):
    """Its interval is no point, and excludes zero where the exact test does: 2 in n! orders are as good."""
    for sign in (1, -1):
        found = rank_correlation(np.arange(n), sign * np.arange(n))
        low, high = sorted([sign * found.ci_low, sign * found.ci_high])
        assert found.value == sign
        assert high == 1
        assert (low > 0) == decides == (2 / math.factorial(n) < 0.05)
    assert low < 0.999


def test_the_value_alone_is_that_of_the_correlation() -> None:
    """To the last bit, with ties, perfect order, a constant side and too few points."""
    rng = np.random.default_rng(2)
    for n in range(2, 30):
        for x, y in ((rng.random(n), rng.random(n)), (rng.integers(0, 4, n), rng.random(n)),
                     (np.arange(n), 3.0 - np.arange(n)), (np.ones(n), rng.random(n))):  # fmt: skip
            np.testing.assert_equal(rank_correlation_value(x, y), rank_correlation(x, y).value)
