"""Intervals: how often they hold the truth, and the one convention for what is missing, too little, or unbounded."""

import numpy as np
import pytest
from scipy.stats import bootstrap, linregress, ttest_1samp

from deepcrit.stats.intervals import (
    basic_interval,
    mean_interval,
    mean_intervals,
    percentile_interval,
    slope_interval,
    student_interval,
)
from deepcrit.stats.jackknife import jackknife


def test_student_is_scipys_and_covers() -> None:
    """Of two thousand samples of five Gaussian numbers 95% have the mean in the interval, that of the t test."""
    values = np.random.default_rng(5).standard_normal((2000, 5))
    found = mean_intervals(values)
    assert np.mean((found.ci_low < 0) & (found.ci_high > 0)) == pytest.approx(0.95, abs=0.015)
    theirs = ttest_1samp(values, 0.0, axis=1).confidence_interval(0.95)
    np.testing.assert_allclose(found.ci_low, theirs.low)
    np.testing.assert_allclose(found.ci_high, theirs.high)
    assert mean_interval(values[3]) == pytest.approx([part[3] for part in found])


def test_percentiles_are_scipys() -> None:
    """Bootstrap means of scipy have the ends that scipy gives them."""
    sample = np.random.default_rng(6).standard_normal(40)
    theirs = bootstrap((sample,), np.mean, confidence_level=0.9, method="percentile", rng=7)
    found = percentile_interval(theirs.bootstrap_distribution, 0.9)
    assert found == pytest.approx((theirs.confidence_interval.low, theirs.confidence_interval.high))


def test_what_is_missing_is_left_out() -> None:
    """NaN changes nothing in an interval of the other values."""
    values = np.random.default_rng(8).standard_normal(30)
    holed = np.insert(values, [0, 7, 30], np.nan)
    assert mean_interval(holed) == pytest.approx(mean_interval(values))
    assert percentile_interval(holed) == percentile_interval(values)
    assert basic_interval(0.1, holed) == basic_interval(0.1, values)


def test_too_few_values_have_no_interval() -> None:
    """Nothing, NaN alone and one value have NaN for both ends in every kind; of one value the mean is known."""
    for values in ([], [np.nan, np.nan], [3.0], [np.nan, 3.0]):
        assert np.isnan(mean_interval(values)[1:]).all()
        assert np.isnan(percentile_interval(values)).all()
        assert np.isnan(basic_interval(0.0, np.array(values, float))[:2]).all()
    assert mean_interval([np.nan, 3.0]).value == 3.0
    assert np.isnan(mean_interval([]).value)
    assert np.isnan(mean_interval([1.0, 2.0], minimum=3)[1:]).all()
    assert np.isfinite(mean_interval([1.0, 2.0])).all()
    assert np.isnan(student_interval(1.0, 0.5, 0)[2:]).all()
    alone = jackknife(lambda used: float(used.sum()), 1)
    assert alone.value == 1.0
    assert np.isnan(alone[1:]).all()


def test_unbounded_estimates_have_unbounded_intervals() -> None:
    """An infinite error, and a statistic that does not exist without some cluster, leave both ends infinite."""
    assert student_interval(1.0, np.inf, 4)[2:] == (-np.inf, np.inf)
    found = jackknife(lambda used: 1.0 if used[2] else np.nan, 4)
    assert found == (1.0, np.inf, -np.inf, np.inf)


@pytest.mark.parametrize(
    ("values", "interval"),
    [
        (np.linspace(1.1, 1.4, 301), (0.6, 1.0)),
        (np.linspace(0.6, 0.9, 301), (1.0, 1.4)),
        (np.linspace(0.9, 1.2, 301), (0.8, 1.1)),
    ],
)
def test_basic_interval_holds_its_value_and_tells(values: np.ndarray, interval: tuple[float, float]) -> None:
    """An interval holds its estimate, and says when it was widened to it.

    Resamples on one side of the estimate, 1, leave it out of percentiles as of their mirror image, [0.6, 0.9] where
    they lie in [1.1, 1.4]; the interval is the mirror image otherwise.
    """
    found = basic_interval(1.0, values, 0.999999)
    assert (found.low, found.high) == pytest.approx(interval)
    assert found.told == (", widened to the value" if 1.0 in interval else "")


def test_basic_interval_keeps_infinities_and_leaves_out_nan() -> None:
    """Quantiles are reversed about the estimate; an end is infinite when more than the tail of the replicates is."""
    values = np.arange(101.0)
    assert basic_interval(40.0, np.append(values, np.nan), 0.9)[:2] == (-15.0, 75.0)
    values[-5:] = np.inf
    assert basic_interval(40.0, values, 0.9)[:2] == (-15.0, 75.0)
    values[-6:] = np.inf
    assert basic_interval(40.0, values, 0.9)[:2] == (-np.inf, 75.0)


def test_jackknife_of_a_mean_is_exact() -> None:
    """For a mean the jackknife error is the standard error, and Student's interval covers 95% with five clusters."""
    rng = np.random.default_rng(4)
    values = rng.standard_normal((400, 5))
    found = [jackknife(lambda used, row=row: float(row[used].mean()), 5) for row in values]
    np.testing.assert_allclose([f.standard_error for f in found], values.std(axis=1, ddof=1) / np.sqrt(5))
    assert 0.92 < np.mean([f.ci_low < 0 < f.ci_high for f in found]) < 0.98


@pytest.mark.parametrize("confidence", [0.0, 1.0, 1.5, np.nan])
def test_levels_outside_are_refused(confidence: float) -> None:
    """By every kind, with what was found."""
    for made in (
        lambda: student_interval(0.0, 1.0, 3, confidence), lambda: percentile_interval([1.0, 2.0], confidence),
        lambda: basic_interval(0.0, np.ones(3), confidence), lambda: jackknife(lambda used: 0.0, 3, confidence),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"confidence: found {confidence}"):
            made()


def test_slopes_are_scipys_and_cover_what_was_put_in() -> None:
    """Value and error of linregress; 95% of intervals hold the slope, also where each of three groups lost its mean."""
    rng, held = np.random.default_rng(5), np.zeros(2)
    group, x = np.repeat(np.arange(3), 4), np.tile(np.arange(4.0), 3)
    for _ in range(800):
        y = 0.7 * x + rng.standard_normal(12)
        found, peer = slope_interval(x, y), linregress(x, y)
        assert found.value == pytest.approx(peer.slope)
        assert found.standard_error == pytest.approx(peer.stderr)
        means = np.array([y[group == one].mean() for one in range(3)])
        inner = slope_interval(x - 1.5, y - means[group], means=3)
        held += [one.ci_low < 0.7 < one.ci_high for one in (found, inner)]
    assert np.abs(held / 800 - 0.95).max() < 0.025


def test_slopes_that_cannot_be_told_are_missing() -> None:
    """Of two points, of one x, or without a degree of freedom."""
    assert np.isnan(slope_interval([1.0, 2.0], [1.0, 3.0])).all()
    assert np.isnan(slope_interval([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])).all()
    assert np.isnan(slope_interval([1.0, 2.0, 3.0], [1.0, 2.0, 4.0], means=2)).all()
