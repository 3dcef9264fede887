"""What the power-law functions accept, return and refuse."""

import math

import numpy as np
import pytest

from deepcrit.avalanches.powerlaws import (
    cluster_bootstrap,
    compare_alternatives,
    compress,
    effective_sample_size,
    exponent_from_sums,
    fit_continuous,
    fit_discrete,
    goodness_continuous,
    goodness_discrete,
    log_spaced_candidates,
    sample_continuous,
    sample_discrete,
    scan_xmin,
)

RNG = np.random.default_rng(0)
REAL = sample_continuous(RNG, 200, 1.5, 1.0, 100.0)
VALUES, COUNTS = compress(sample_discrete(RNG, 200, 1.5, 1, 100))


def test_compress_counts_distinct_values() -> None:
    """Values come back ascending with their multiplicities, whatever the input's type, sign or spread."""
    for data in ([3, 1, 3, 2, 3], [3.0, 1.0, 3.0], [[3, 1], [3, 2]], [0, 7, 0]):
        values, counts = compress(data)
        np.testing.assert_array_equal(np.repeat(values, counts), np.sort(np.ravel(data)))
        assert values.dtype == counts.dtype == np.int64
    values, counts = compress([-5, 10**15, -5])
    np.testing.assert_array_equal(values, [-5, 10**15])
    np.testing.assert_array_equal(counts, [2, 1])
    assert compress([])[0].size == 0


@pytest.mark.parametrize("bad", [[1.5, 2.0], [1.0, math.nan], [1.0, math.inf]])
def test_compress_refuses_what_is_not_whole(bad: list[float]) -> None:
    """Fractions and non-finite numbers are named, not truncated."""
    with pytest.raises(ValueError, match="values must be finite whole numbers"):
        compress(bad)


@pytest.mark.parametrize(
    ("xmin", "xmax", "message"),
    [
        (0, 10, "xmin must be positive"),
        (-1, 10, "xmin must be positive"),
        (math.inf, None, "xmin must be positive and finite"),
        (math.nan, 10, "xmin must be positive"),
        (10, 10, "xmin must be below xmax, got xmin=10 and xmax=10"),
        (20, 10, "xmin must be below xmax"),
        (1, math.nan, "xmax must be a number"),
    ],
)
def test_impossible_ranges_are_named(xmin: float, xmax: float | None, message: str) -> None:
    """Every entry point refuses the same ranges with the same words."""
    for call in (
        lambda: fit_continuous(REAL, xmin, xmax),
        lambda: fit_discrete(VALUES, xmin, xmax, counts=COUNTS),
        lambda: exponent_from_sums(1, 1, xmin, xmax, discrete=False),
        lambda: compare_alternatives(REAL, xmin, xmax),
        lambda: sample_continuous(RNG, 1, 1.5, xmin, xmax),
        lambda: sample_discrete(RNG, 1, 1.5, xmin, xmax),
        lambda: effective_sample_size([1, 1], [1, 1], xmin, xmax, False),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_discrete_ranges_are_whole() -> None:
    """A lattice law has whole ends."""
    with pytest.raises(ValueError, match=r"xmin must be a whole number for discrete data, got 1\.5"):
        fit_discrete(VALUES, 1.5, 10, counts=COUNTS)
    with pytest.raises(ValueError, match=r"xmax must be a whole number for discrete data, got 9\.5"):
        fit_discrete(VALUES, 1, 9.5, counts=COUNTS)


def test_too_few_points_says_how_many() -> None:
    """The message gives the number found, the range and the number needed."""
    with pytest.raises(ValueError, match=r"values has 49 points in \[1, 100\]; .* at least 50"):
        fit_continuous(REAL[:49], 1.0, 100.0)
    with pytest.raises(ValueError, match=r"values has 0 points in \[500, 600\]; .* at least 50"):
        fit_discrete(VALUES, 500, 600, counts=COUNTS)
    with pytest.raises(ValueError, match="values has 0 points"):
        fit_continuous(np.array([]), 1.0, None)
    assert fit_continuous(REAL[:49], 1.0, 100.0, minimum=49).n == 49


def test_single_values_are_refused() -> None:
    """Equal points leave no exponent."""
    with pytest.raises(ValueError, match="values takes a single value"):
        fit_continuous(np.full(60, 2.0), 1.0, 10.0)
    with pytest.raises(ValueError, match="values takes a single value"):
        fit_discrete(np.full(60, 2), 1, 10)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_non_finite_data_are_refused(bad: float) -> None:
    """A single non-finite entry, in range or not, is an error."""
    with pytest.raises(ValueError, match="values must be finite"):
        fit_continuous(np.append(REAL, bad), 1.0, 100.0)
    with pytest.raises(ValueError, match="counts must be finite"):
        fit_discrete(np.arange(1, 5), 1, 10, counts=np.array([50.0, 20, 10, bad]))


def test_malformed_data_are_refused() -> None:
    """Shapes, order and sign of the data are checked, and the argument named."""
    with pytest.raises(ValueError, match="values must be one-dimensional"):
        fit_continuous(REAL.reshape(2, -1), 1.0, 100.0)
    with pytest.raises(ValueError, match="values must be strictly ascending"):
        fit_discrete(np.array([2, 1]), 1, 10, counts=np.array([30, 30]))
    with pytest.raises(ValueError, match="counts must be one-dimensional and match values"):
        fit_discrete(np.array([1, 2]), 1, 10, counts=np.array([60]))
    with pytest.raises(ValueError, match="counts must not be negative"):
        fit_discrete(np.array([1, 2, 3]), 1, 10, counts=np.array([60, -1, 5]))


def test_options_out_of_range_are_refused() -> None:
    """Options are checked before any work."""
    generator = np.random.default_rng(1)
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        fit_continuous(REAL, 1.0, 100.0, confidence=95)
    with pytest.raises(ValueError, match="alternatives must be among"):
        compare_alternatives(REAL, 1.0, 100.0, alternatives=["gamma"])
    with pytest.raises(ValueError, match="significance must lie"):
        compare_alternatives(REAL, 1.0, 100.0, significance=0)
    with pytest.raises(ValueError, match="sizes must all be at least 50"):
        goodness_continuous(REAL, 1.0, 100.0, generator, sizes=(10,))
    with pytest.raises(ValueError, match="subsamples and replicates"):
        goodness_continuous(REAL, 1.0, 100.0, generator, replicates=0)
    with pytest.raises(ValueError, match="exponent must exceed 1"):
        sample_continuous(generator, 5, 1.0, 1.0, None)
    with pytest.raises(ValueError, match="exponent must be finite"):
        sample_discrete(generator, 5, math.nan, 1, 10)


def test_scan_refuses_bad_candidates() -> None:
    """Candidates outside the range, fractional ones for counts, and scans without any fit are errors."""
    with pytest.raises(ValueError, match="candidates must lie below xmax=10"):
        scan_xmin(REAL, [1.0, 10.0], 10.0)
    with pytest.raises(ValueError, match="candidates must be finite whole numbers"):
        scan_xmin(VALUES, [1, 2.5], 50, counts=COUNTS)
    with pytest.raises(ValueError, match=r"values has \d+ points in \[99.9, 100\]"):
        scan_xmin(REAL, [99.9], 100.0)
    with pytest.raises(ValueError, match="limits must be"):
        scan_xmin(REAL, limits="right")
    with pytest.raises(ValueError, match="number must be at least 1"):
        log_spaced_candidates(REAL, 0)
    with pytest.raises(ValueError, match="at least 500 are needed"):
        log_spaced_candidates(REAL, 10, minimum=500)


def test_clusters_refuse_bad_input() -> None:
    """Clusters must match, hold points, and leave an exponent."""
    generator = np.random.default_rng(2)
    with pytest.raises(ValueError, match="match n_per_cluster"):
        effective_sample_size([1, 2], [1.0], 1.0, 10.0, False)
    with pytest.raises(ValueError, match="n_per_cluster must not be negative"):
        effective_sample_size([1, -2], [1.0, 1.0], 1.0, 10.0, False)
    with pytest.raises(ValueError, match="sum_log_per_cluster must be finite"):
        effective_sample_size([1, 2], [1.0, math.nan], 1.0, 10.0, False)
    with pytest.raises(ValueError, match="n_per_cluster has 1 clusters with points"):
        effective_sample_size([5, 0], [3.0, 0.0], 1.0, 10.0, False)
    with pytest.raises(ValueError, match="no finite exponent"):
        effective_sample_size([5, 5], [0.0, 0.0], 1.0, 10.0, False)
    with pytest.raises(ValueError, match="replicates must be at least 100"):
        cluster_bootstrap([5, 5], [3.0, 4.0], 1.0, 10.0, False, 10, generator)


def test_sums_without_an_exponent_give_nan() -> None:
    """No points, or all points at an end of the range, have no finite exponent."""
    got = exponent_from_sums([0, 10, 10, 10], [9.0, 10 * math.log(2), 10 * math.log(50), 20.0], 2, 50, True)
    np.testing.assert_array_equal(np.isnan(got), [True, True, True, False])


def test_log_spaced_candidates_leave_enough_points() -> None:
    """Candidates ascend within the sample and the last one leaves the minimum; whole samples give whole candidates."""
    real = log_spaced_candidates(REAL, 40)
    assert real.size == 40
    assert (np.diff(real) > 0).all()
    assert (real[-1] * (1 - 1e-12) <= REAL).sum() >= 50
    whole = log_spaced_candidates(np.repeat(VALUES, COUNTS), 40)
    np.testing.assert_array_equal(whole, np.unique(whole.round()))


def test_sorted_samples_need_no_sort() -> None:
    """A sample declared sorted gives the same fit, also when the range cuts both its ends."""
    assert fit_continuous(np.sort(REAL), 1.5, 50.0, assume_sorted=True) == fit_continuous(REAL, 1.5, 50.0)


def test_values_need_no_counts() -> None:
    """Every function takes whole numbers as they come, in any order, for what it takes as distinct ones with counts."""
    values = RNG.permutation(np.repeat(VALUES, COUNTS))
    assert fit_discrete(values, 1, 100) == fit_discrete(VALUES, 1, 100, counts=COUNTS)
    assert compare_alternatives(values, 1, 100, discrete=True) == compare_alternatives(VALUES, 1, 100, counts=COUNTS)
    first, second = scan_xmin(values, [1, 2, 3], 100, discrete=True), scan_xmin(VALUES, [1, 2, 3], 100, COUNTS)
    np.testing.assert_array_equal(first.ks_distances, second.ks_distances)
    one, other = (
        goodness_discrete(data, 1, 100, np.random.default_rng(1), (100,), 2, 10, counts=counts)
        for data, counts in ((values, None), (VALUES, COUNTS))
    )
    assert one == other


def test_counts_are_no_end_of_a_range() -> None:
    """Counts in the place of xmin are refused, with what to do."""
    with pytest.raises(ValueError, match=r"xmin must be a number, got an array .* counts are given as counts="):
        fit_discrete(VALUES, COUNTS, 100)  # type: ignore[arg-type]


def test_points_outside_the_range_do_not_matter() -> None:
    """Points below xmin or above xmax change no number of the fit."""
    more = np.concatenate([REAL, [0.0, -3.0, 0.5, 1e9]])
    assert fit_continuous(more, 1.0, 100.0) == fit_continuous(REAL, 1.0, 100.0)
    values, counts = np.append(VALUES, 10**6), np.append(COUNTS, 7)
    assert fit_discrete(values, 1, 100, counts=counts) == fit_discrete(VALUES, 1, 100, counts=COUNTS)
