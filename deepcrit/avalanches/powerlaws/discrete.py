"""Power-law fits of whole numbers (avalanche durations), exactly normalised on the lattice."""

import math

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.avalanches.powerlaws.kernels import ks_discrete
from deepcrit.avalanches.powerlaws.likelihood import PowerLawFit, fit_from_sums
from deepcrit.avalanches.powerlaws.ranges import MINIMUM_POINTS, checked_range, counts_in_range


def fit_discrete(
    values: ArrayLike,
    xmin: int,
    xmax: int | None,
    confidence: float = 0.95,
    minimum: int = MINIMUM_POINTS,
    counts: ArrayLike | None = None,
) -> PowerLawFit:
    """Maximum-likelihood fit of p(k) = k^-exponent / sum_{j=xmin}^{xmax} j^-exponent to whole numbers.

    With xmax = None the normalisation is the Hurwitz zeta function (Clauset, Shalizi and Newman 2009, eqs. 2.4 and
    3.5); with a finite xmax any real exponent is admitted.

    Args:
        values: whole numbers, shape (points,); with counts, distinct and ascending.
        xmin: smallest value of the range.
        xmax: largest, or None for no end.
        confidence: level of the interval.
        minimum: fewest points in range that are fitted.
        counts: how often each value occurs, shape of the values; None for once each.

    Raises:
        ValueError: naming the argument: xmin not a positive whole number or not below xmax, malformed values or counts,
            fewer than `minimum` points in range, or a single value in range.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import fit_discrete, sample_discrete
        >>> durations = sample_discrete(np.random.default_rng(1), 5000, 1.5, 1, 1000)
        >>> fit = fit_discrete(durations, 1, 1000)
        >>> print(f"{fit.exponent:.1f} +- {fit.standard_error:.2f} of {fit.n} values")
        1.5 +- 0.01 of 5000 values
        >>> values, counts = np.unique(durations, return_counts=True)
        >>> fit_discrete(values, 1, 1000, counts=counts) == fit
        True
    """
    low, high = checked_range(xmin, xmax, discrete=True)
    value, count = counts_in_range(values, counts, low, high, minimum)
    sum_log = math.fsum(count * np.log(value))

    def ks(exponent: float) -> float:
        return float(ks_discrete(value, count, exponent, low, high))

    return fit_from_sums(int(count.sum()), sum_log, ks, low, high, True, confidence)
