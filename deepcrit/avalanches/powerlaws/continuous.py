"""Power-law fits of real-valued data (avalanche sizes) on a closed range."""

import math

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.avalanches.powerlaws.kernels import ks_continuous
from deepcrit.avalanches.powerlaws.likelihood import PowerLawFit, fit_from_sums
from deepcrit.avalanches.powerlaws.ranges import MINIMUM_POINTS, checked_range, sorted_in_range


def fit_continuous(
    values: ArrayLike,
    xmin: float,
    xmax: float | None,
    confidence: float = 0.95,
    assume_sorted: bool = False,
    minimum: int = MINIMUM_POINTS,
) -> PowerLawFit:
    """Maximum-likelihood fit of p(x) = x^-exponent / integral of x^-exponent over [xmin, xmax].

    The truncated likelihood is that of Aban, Meerschaert and Panorska (2006) and Deluca and Corral (2013) with both
    ends declared; exponents at or below 1 are admitted for finite xmax, and xmax = None gives the Hill estimate
    (Clauset, Shalizi and Newman 2009, eq. 3.1).

    Args:
        values: real numbers, shape (points,), in any unit.
        xmin: smallest value of the range, in that unit.
        xmax: largest, or None for no end.
        confidence: level of the interval.
        assume_sorted: skips the sort, for values known to be ascending.
        minimum: fewest points in range that are fitted.

    Raises:
        ValueError: naming the argument: xmin not positive or not below xmax, values that are not finite or not
            one-dimensional, fewer than `minimum` points in range, or a single value in range.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import fit_continuous, sample_continuous
        >>> sizes = sample_continuous(np.random.default_rng(1), 5000, 4 / 3, 1.0, 1000.0)
        >>> fit = fit_continuous(sizes, 1.0, 1000.0)
        >>> fit.ci_low < 4 / 3 < fit.ci_high
        True
    """
    low, high = checked_range(xmin, xmax, discrete=False)
    x = sorted_in_range(values, low, high, minimum, assume_sorted)
    log_x = np.log(x)

    def ks(exponent: float) -> float:
        length = math.log(high / low)
        return float(ks_continuous(log_x, 0, log_x.size, math.log(low), exponent - 1, length, 1.0))

    return fit_from_sums(x.size, float(log_x.sum()), ks, low, high, False, confidence)
