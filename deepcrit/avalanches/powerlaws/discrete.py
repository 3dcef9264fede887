"""Power-law fits of whole-number data (avalanche durations) from counts, exactly normalised on the lattice."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.avalanches.powerlaws.kernels import ks_discrete
from deepcrit.avalanches.powerlaws.likelihood import PowerLawFit, fit_from_sums
from deepcrit.avalanches.powerlaws.ranges import MINIMUM_POINTS, checked_range, counts_in_range
from deepcrit.core.whole import whole_numbers


def compress(values: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct whole numbers, ascending, and how often each occurs: all the discrete likelihood depends on.

    values has any shape.

    Raises:
        ValueError: if an entry is not finite, not a whole number, or 2^53 or more in size.
    """
    flat = whole_numbers("values", values).ravel()
    if flat.size and flat.min() >= 0 and flat.max() <= 4 * flat.size + 65536:
        tally = np.bincount(flat)
        unique = np.flatnonzero(tally)
        return unique.astype(np.int64), tally[unique].astype(np.int64)
    unique, counts = np.unique(flat, return_counts=True)
    return unique, counts.astype(np.int64)


def fit_discrete(
    values: NDArray[np.int64],
    counts: NDArray[np.int64],
    xmin: int,
    xmax: int | None,
    confidence: float = 0.95,
    minimum: int = MINIMUM_POINTS,
) -> PowerLawFit:
    """Maximum-likelihood fit of p(k) = k^-exponent / sum_{j=xmin}^{xmax} j^-exponent to counted data.

    values (ascending) and counts have shape (distinct values,); see `compress`. With xmax = None the normalisation is
    the Hurwitz zeta function (Clauset, Shalizi and Newman 2009, eqs. 2.4 and 3.5); with a finite xmax any real exponent
    is admitted.

    Raises:
        ValueError: naming the argument: xmin not a positive whole number or not below xmax, malformed values or counts,
            fewer than `minimum` points in range, or a single value in range.
    """
    low, high = checked_range(xmin, xmax, discrete=True)
    value, count = counts_in_range(values, counts, low, high, minimum)
    sum_log = math.fsum(count * np.log(value))

    def ks(exponent: float) -> float:
        return float(ks_discrete(value, count, exponent, low, high))

    return fit_from_sums(int(count.sum()), sum_log, ks, low, high, True, confidence)
