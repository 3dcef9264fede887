"""Mean size against weight variance at one bias variance: where it grows fastest, how fast, and what it ranks with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import KroghInterpolator

from deepcrit.avalanches.scaling.resampling import multinomial_weights
from deepcrit.core.arrays import Floats
from deepcrit.experiments.susceptibility.derivative import slope_operator

_WHOLE = 1e-6  # of a step, to which a number of steps is whole


@dataclass(frozen=True)
class Peak:
    """The highest derivative of the mean size.

    Attributes:
        weight_variance, height: estimates from the simulated means.
        exact_weight_variance, exact_height: of the exact law.
        position_bias, height_bias: what the regression of exact means has more than the exact law: the smoothing.
        positions, heights: of resampled means, (replicates,).
    """

    weight_variance: float
    height: float
    exact_weight_variance: float
    exact_height: float
    position_bias: float
    height_bias: float
    positions: Floats
    heights: Floats


def find_peak(
    weight_variances: Floats,
    means: Floats,
    resampled: Floats,
    exact_means: Floats,
    exact_derivatives: Floats,
    *,
    bandwidth: float,
    step: float,
) -> Peak:
    """Maximum of the derivative by local regression, over steps finer than those of the grid.

    Args:
        weight_variances: sw2 of the grid, (points,).
        means: simulated mean sizes, (points,).
        resampled: the same of resampled blocks, (replicates, points).
        exact_means: of the exact law, (points,).
        exact_derivatives: of the exact law, (points,).
        bandwidth: of the regression.
        step: between the weight variances at which a maximum is sought; less where means are known on a part of the
            grid alone that is no whole number of steps.
    """
    first, last = float(weight_variances[0]), float(weight_variances[-1])
    fine = np.linspace(first, last, math.ceil((last - first) / step - _WHOLE) + 1)
    operator = slope_operator(fine, weight_variances, bandwidth)
    rows = np.einsum("rp,fp->rf", np.vstack([means, exact_means, resampled]), operator)
    position, height = fine[rows.argmax(axis=1)], rows.max(axis=1)
    exact = interpolated_slope(fine, weight_variances, exact_means, exact_derivatives)
    best = int(exact.argmax())
    return Peak(
        weight_variance=float(position[0]),
        height=float(height[0]),
        exact_weight_variance=float(fine[best]),
        exact_height=float(exact[best]),
        position_bias=float(position[1] - fine[best]),
        height_bias=float(height[1] - exact[best]),
        positions=position[2:],
        heights=height[2:],
    )


def interpolated_slope(at: Floats, x: Floats, values: Floats, slopes: Floats) -> Floats:
    """Derivative at ``at`` of the polynomial of degree 9 that has the values and slopes of the five nearest points.

    Exact values hold more than exact slopes alone do: a spline of the slopes is 2% off at peaks as narrow as two steps.
    """
    found = np.empty(len(at))
    nearest = np.clip(np.abs(at[:, None] - x).argmin(axis=1), 2, len(x) - 3)
    for centre in np.unique(nearest):
        some, here = slice(centre - 2, centre + 3), nearest == centre
        # a repeated point stands for its value, then its slope
        known = np.stack([values[some], slopes[some]], axis=1).ravel()
        found[here] = KroghInterpolator(np.repeat(x[some], 2), known).derivative(at[here])
    return found


def resampled_means(count: Floats, size: Floats, replicates: int, generator: np.random.Generator) -> Floats:
    """Mean sizes of resampled blocks, (replicates,); NaN where no input of a resample counts."""
    drawn = np.concatenate(list(multinomial_weights(len(count), replicates, generator)))
    # einsum, whose bytes do not depend on threads
    total, counted = np.einsum("rb,b->r", drawn, size), np.einsum("rb,b->r", drawn, count)
    return np.divide(total, counted, out=np.full(replicates, np.nan), where=counted > 0)


def widened(low: float, high: float, bias: float) -> tuple[float, float]:
    """An interval that holds both itself and itself less a known bias."""
    return min(low, low - bias), max(high, high - bias)
