"""Whole numbers from 2^53 up are refused by name wherever they are fitted, summed, tested, binned or written."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from deepcrit.avalanches.agreement import durations_against_law
from deepcrit.avalanches.powerlaws import (
    cluster_bootstrap,
    compare_alternatives,
    compress,
    effective_sample_size,
    fit_discrete,
    goodness_discrete,
    scan_xmin,
)
from deepcrit.avalanches.scaling import (
    FitRanges,
    SizeDurationSums,
    adaptive_density,
    duration_statistics,
    exponent_mismatch,
    fit_size_duration,
)
from deepcrit.core.schema import Column, Schema
from deepcrit.core.tables import TableError, check_table
from deepcrit.core.whole import EXACT, exact_total, whole_numbers

RNG = np.random.default_rng(0)
SIZES = np.ones(60)
HUGE: list[Any] = [
    1e19,
    -1e19,
    float(EXACT),
    EXACT,
    -EXACT,
    2**63,
    2**64 - 1,
    2**70,
    np.uint64(2**63),
    np.float32(1e19),
]


@pytest.mark.parametrize("huge", HUGE, ids=repr)
def test_what_a_double_may_have_rounded_is_refused(huge: object) -> None:
    """Floats, signed and unsigned integers, and integers of Python's own size, of either sign."""
    with pytest.raises(ValueError, match=r"values must be finite whole numbers below 2\^53"):
        compress([1, 2, huge])
    with pytest.raises(ValueError, match="x must be finite whole numbers"):
        whole_numbers("x", [huge])


def test_the_largest_exact_number_is_kept() -> None:
    """One below the limit, either sign, in any type that holds it, comes back as it was."""
    for data in ([EXACT - 1, 1 - EXACT], [float(EXACT - 1), float(1 - EXACT)], np.array([EXACT - 1], np.uint64)):
        assert whole_numbers("x", data).tolist() == [int(value) for value in data]
    values, counts = compress([1, 2, EXACT - 1])
    assert values.tolist() == [1, 2, EXACT - 1]
    assert counts.tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="x must be finite whole numbers, found values of type complex128"):
        whole_numbers("x", [1j])


VALUES, COUNTS = np.array([1, 2, 3]), np.array([40, 20, 10])
MANY = np.array([EXACT // 2, EXACT // 2, 10])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_discrete(np.array([1, 2, EXACT]), 1, None, counts=COUNTS), "values must be"),
        (lambda: fit_discrete(VALUES, 1, None, counts=MANY), r"counts must add up to less than 2\^53"),
        (lambda: fit_discrete(VALUES, 1, None, counts=np.array([40, 20, 2.5])), "counts must be finite whole numbers"),
        (lambda: fit_discrete(VALUES, 1, EXACT, counts=COUNTS), r"xmax must be below 2\^53"),
        (lambda: fit_discrete(VALUES, EXACT, None, counts=COUNTS), r"xmin must be below 2\^53"),
        (lambda: scan_xmin([1, 2, EXACT], counts=COUNTS), "values must be"),
        (lambda: scan_xmin(VALUES, [1.0, 1e19], counts=COUNTS), "candidates must be"),
        (lambda: goodness_discrete(VALUES, 1, None, RNG, counts=MANY), "counts must add up"),
        (lambda: compare_alternatives([1, 2, 1e19], 1, None, counts=COUNTS), "values must be"),
        (lambda: effective_sample_size(MANY, MANY / 2, 1.0, None, False), "n_per_cluster must add up"),
        (lambda: cluster_bootstrap([1e19, 1], [1, 1], 1.0, None, False, 100, RNG), "n_per_cluster must be"),
        (lambda: adaptive_density([1, 2, 1e19], discrete=True), "discrete values must be"),
        (lambda: adaptive_density([1.0, 2.0, 3.0], MANY), "counts must add up"),
        (lambda: adaptive_density([1.0, 2.0], [1.5, 2.0]), "counts must be finite whole numbers"),
        (lambda: duration_statistics([1, 2, 1e19], [1, 1, 1]), "durations must be"),
        (lambda: fit_size_duration([1, 2, 1e19], [9] * 3, [1] * 3, [1] * 3, dmin=1, dmax=9), "duration must be"),
        (
            lambda: SizeDurationSums.from_avalanches([1, 2], [1, 1], [0, 1e19], n_blocks=2, dmin=1, dmax=2),
            "block must be",
        ),
        (
            lambda: exponent_mismatch(
                [1e19] * 60, SIZES, [0] * 60, FitRanges(1, 9, 0.5, 2.0), RNG, n_blocks=2, replicates=100
            ),
            "duration must be",
        ),
        (lambda: durations_against_law(np.array([1e19]), 10, np.array([1, 0.5])), "duration must be"),  # type: ignore[arg-type]
        (lambda: durations_against_law(np.array([7]), 10, np.array([1, 0.5])), "expected 0 to the depth 1"),
    ],
)
def test_every_fit_sum_test_and_histogram_refuses_them(call: Callable[[], object], message: str) -> None:
    """The argument that holds the number is named; nothing is cast, dropped or rounded."""
    with pytest.raises(ValueError, match=message):
        call()


def test_sums_that_would_overflow_are_seen() -> None:
    """Counts whose 64-bit sum wraps around to a negative number are refused like all others."""
    with pytest.raises(ValueError, match="counts must add up"):
        exact_total("counts", np.full(2000, EXACT - 1))
    assert exact_total("counts", np.array([EXACT - 2, 1])) == EXACT - 1


@pytest.mark.parametrize(
    ("kind", "found"),
    [("int32", 2**31), ("int32", 1.5), ("int64", 1e19), ("int64", np.uint64(2**63)), ("int64", 2**70)],
)
def test_tables_hold_the_numbers_they_are_given(kind: Any, found: object) -> None:
    """What a column's type would wrap or cut off is an error that names the column."""
    with pytest.raises(TableError, match=r"column 'count' of counts: .*(expected|too large)"):
        check_table(pd.DataFrame({"count": [found]}), Schema("counts", (Column("count", kind, "a count"),)))
