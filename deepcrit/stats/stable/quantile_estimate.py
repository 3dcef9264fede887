"""McCulloch's estimate of a stable law from five quantiles: quick, consistent, and not maximum likelihood.

J. H. McCulloch, Simple consistent estimators of stable distribution parameters, Communications in Statistics -
Simulation and Computation 15 (1986) 1109. Published fits that are said to be of maximum likelihood are often this one,
which `scipy.stats.levy_stable` starts from.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable.checks import StableError, checked_values
from deepcrit.stats.stable.grouping import GroupedValues

PROBABILITIES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])

SPREADS = np.array([2.439, 2.5, 2.6, 2.7, 2.8, 3, 3.2, 3.5, 4, 5, 6, 8, 10, 15, 25])
"""(q95 - q05)/(q75 - q25), the rows of tables III and IV."""

SKEWS = np.array([0, 0.1, 0.2, 0.3, 0.5, 0.7, 1])
"""(q95 + q05 - 2 q50)/(q95 - q05), their columns."""

ALPHA = np.array(
    [
        [2.000, 2.000, 2.000, 2.000, 2.000, 2.000, 2.000],
        [1.916, 1.924, 1.924, 1.924, 1.924, 1.924, 1.924],
        [1.808, 1.813, 1.829, 1.829, 1.829, 1.829, 1.829],
        [1.729, 1.730, 1.737, 1.745, 1.745, 1.745, 1.745],
        [1.664, 1.663, 1.663, 1.668, 1.676, 1.676, 1.676],
        [1.563, 1.560, 1.553, 1.548, 1.547, 1.547, 1.547],
        [1.484, 1.480, 1.471, 1.460, 1.448, 1.438, 1.438],
        [1.391, 1.386, 1.378, 1.364, 1.337, 1.318, 1.318],
        [1.279, 1.273, 1.266, 1.250, 1.210, 1.184, 1.150],
        [1.128, 1.121, 1.114, 1.101, 1.067, 1.027, 0.973],
        [1.029, 1.021, 1.014, 1.004, 0.974, 0.935, 0.874],
        [0.896, 0.892, 0.884, 0.883, 0.855, 0.823, 0.769],
        [0.818, 0.812, 0.806, 0.801, 0.780, 0.756, 0.691],
        [0.698, 0.695, 0.692, 0.689, 0.676, 0.656, 0.597],
        [0.593, 0.590, 0.588, 0.586, 0.579, 0.563, 0.513],
    ]
)
"""Table III."""

BETA = np.array(
    [
        [0, 2.160, 1.000, 1.000, 1.000, 1.000, 1.000],
        [0, 1.592, 3.390, 1.000, 1.000, 1.000, 1.000],
        [0, 0.759, 1.800, 1.000, 1.000, 1.000, 1.000],
        [0, 0.482, 1.048, 1.694, 1.000, 1.000, 1.000],
        [0, 0.360, 0.760, 1.232, 2.229, 1.000, 1.000],
        [0, 0.253, 0.518, 0.823, 1.575, 1.000, 1.000],
        [0, 0.203, 0.410, 0.632, 1.244, 1.906, 1.000],
        [0, 0.165, 0.332, 0.499, 0.943, 1.560, 1.000],
        [0, 0.136, 0.271, 0.404, 0.689, 1.230, 2.195],
        [0, 0.109, 0.216, 0.323, 0.539, 0.827, 1.917],
        [0, 0.096, 0.190, 0.284, 0.472, 0.693, 1.759],
        [0, 0.082, 0.163, 0.243, 0.412, 0.601, 1.596],
        [0, 0.074, 0.147, 0.220, 0.377, 0.546, 1.482],
        [0, 0.064, 0.128, 0.191, 0.330, 0.478, 1.362],
        [0, 0.056, 0.112, 0.167, 0.285, 0.428, 1.274],
    ]
)
"""Table IV."""

_ALPHAS = np.linspace(0.5, 2, 16)
"""Rows of tables V and VII."""

BETAS = np.linspace(0, 1, 5)
"""Their columns."""

_QUARTILES = np.array(
    [
        [2.588, 3.073, 4.534, 6.636, 9.144],
        [2.337, 2.634, 3.542, 4.808, 6.247],
        [2.189, 2.392, 3.004, 3.844, 4.775],
        [2.098, 2.244, 2.676, 3.265, 3.912],
        [2.040, 2.149, 2.461, 2.886, 3.356],
        [2.000, 2.085, 2.311, 2.624, 2.973],
        [1.980, 2.040, 2.205, 2.435, 2.696],
        [1.965, 2.007, 2.125, 2.294, 2.491],
        [1.955, 1.984, 2.067, 2.188, 2.333],
        [1.946, 1.967, 2.022, 2.106, 2.211],
        [1.939, 1.952, 1.988, 2.045, 2.116],
        [1.933, 1.940, 1.962, 1.997, 2.043],
        [1.927, 1.930, 1.943, 1.961, 1.987],
        [1.921, 1.922, 1.927, 1.936, 1.947],
        [1.914, 1.915, 1.916, 1.918, 1.921],
        [1.908, 1.908, 1.908, 1.908, 1.908],
    ]
)
"""Table V: (q75 - q25)/scale."""

SHIFTS = np.array(
    [
        [0, -0.061, -0.279, -0.659, -1.198],
        [0, -0.078, -0.272, -0.581, -0.997],
        [0, -0.089, -0.262, -0.520, -0.853],
        [0, -0.096, -0.250, -0.469, -0.742],
        [0, -0.099, -0.237, -0.424, -0.652],
        [0, -0.098, -0.223, -0.380, -0.576],
        [0, -0.095, -0.208, -0.346, -0.508],
        [0, -0.090, -0.192, -0.310, -0.447],
        [0, -0.084, -0.173, -0.276, -0.390],
        [0, -0.075, -0.154, -0.241, -0.335],
        [0, -0.066, -0.134, -0.206, -0.283],
        [0, -0.056, -0.111, -0.170, -0.232],
        [0, -0.043, -0.088, -0.132, -0.179],
        [0, -0.030, -0.061, -0.092, -0.123],
        [0, -0.017, -0.032, -0.049, -0.064],
        [0, 0.000, 0.000, 0.000, 0.000],
    ]
)
"""Table VII: (zeta - q50)/scale."""


@dataclass(frozen=True)
class QuantileEstimate:
    """A stable law estimated from quantiles, not by maximum likelihood, and without intervals.

    Attributes:
        alpha: index of stability; exactly 2 wherever the tails are no wider than the normal law's.
        beta: skewness, of no meaning at alpha = 2.
        scale: in the unit of the values.
        location: in that unit, in the parametrisation of `scipy.stats.levy_stable`.
        n: values.
    """

    alpha: float
    beta: float
    scale: float
    location: float
    n: int


def _look_up(table: Floats, rows: Floats, columns: Floats, row: float, column: float) -> float:
    """Bilinear interpolation, constant outside the table."""
    at_row = [float(np.interp(row, rows, values)) for values in table.T]
    return float(np.interp(column, columns, at_row))


def _grouped_quantiles(grouped: GroupedValues) -> Floats:
    """Quantiles at the probabilities of the module, linear within a bin."""
    edges = np.concatenate([-grouped.upper[::-1], grouped.lower])
    widths = np.concatenate([(grouped.upper - grouped.lower)[::-1], grouped.upper - grouped.lower])
    counts = np.concatenate([grouped.below[::-1], grouped.above])
    reached = np.cumsum(counts)
    rank = PROBABILITIES * grouped.n
    bins = np.searchsorted(reached, rank)
    inside = 1 - (reached[bins] - rank) / counts[bins]
    return np.asarray(grouped.center + edges[bins] + inside * widths[bins], np.float64)


def quantile_estimate(values: ArrayLike | GroupedValues) -> QuantileEstimate:
    """McCulloch's estimate of all four parameters from quantiles at 5, 25, 50, 75 and 95%.

    Args:
        values: any shape, or grouped, whose quantiles are interpolated within their bins.

    Raises:
        StableError: fewer than 20 values, one that is not finite, or quartiles that coincide.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> found = stable.quantile_estimate(stable.sample(np.random.default_rng(1), 50_000, alpha=1.5))
        >>> print(f"alpha = {found.alpha:.1f}, beta = {found.beta:.1f}".replace("-0.0", "0.0"))
        alpha = 1.5, beta = 0.0
    """
    if isinstance(values, GroupedValues):
        n = values.n
        q05, q25, q50, q75, q95 = (float(q) for q in _grouped_quantiles(values))
    else:
        x = checked_values(values)
        n = x.size
        q05, q25, q50, q75, q95 = (float(q) for q in np.quantile(x, PROBABILITIES))
    if q75 == q25:
        raise StableError(f"values: found the quartiles both at {q25}, expected a spread")
    spread = (q95 - q05) / (q75 - q25)
    skew = (q95 + q05 - 2 * q50) / (q95 - q05)
    side = -1.0 if skew < 0 else 1.0
    alpha, beta = 2.0, float(np.sign(skew))
    if spread >= SPREADS[0]:
        alpha = _look_up(ALPHA, SPREADS, SKEWS, spread, abs(skew))
        beta = side * min(_look_up(BETA, SPREADS, SKEWS, spread, abs(skew)), 1.0)
    scale = (q75 - q25) / _look_up(_QUARTILES, _ALPHAS, BETAS, alpha, abs(beta))
    zeta = q50 + scale * (-1.0 if beta < 0 else 1.0) * _look_up(SHIFTS, _ALPHAS, BETAS, alpha, abs(beta))
    location = zeta - beta * scale * math.tan(math.pi * alpha / 2) if alpha != 1 else zeta
    return QuantileEstimate(alpha, beta, scale, location, n)


def symmetric_estimate(grouped: GroupedValues) -> tuple[float, float]:
    """alpha and scale of the law symmetric about the center, from the median and the 90% quantile of the distance."""
    reached = np.cumsum(grouped.folded)
    middle, far = grouped.upper[np.searchsorted(reached, np.array([0.5, 0.9]) * grouped.n)]
    alpha = float(np.interp(far / middle, SPREADS, ALPHA[:, 0]))
    return alpha, float(middle / np.interp(alpha, _ALPHAS, _QUARTILES[:, 0] / 2))
