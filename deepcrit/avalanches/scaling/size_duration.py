"""Exponent gamma of the mean size given the duration, <S>_D ~ D**gamma, by weighted least squares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.regression.linear_model import WLS

from deepcrit.avalanches.scaling.resampling import multinomial_weights
from deepcrit.avalanches.scaling.size_statistics import SizeDurationSums, check_durations, check_range
from deepcrit.core.arrays import Floats
from deepcrit.core.whole import whole_numbers
from deepcrit.stats.intervals import basic_interval, check_confidence, student_interval
from deepcrit.stats.jackknife import BOOTSTRAPPED_CLUSTERS, jackknife

__all__ = [
    "VARIANCE_FLOOR",
    "SizeDurationFit",
    "bootstrap_size_duration",
    "fit_size_duration",
    "resampled_slopes",
]

VARIANCE_FLOOR = 1e-10
"""A variance of ln S at or under this is zero up to rounding; its duration has no weight and is dropped."""


@dataclass(frozen=True)
class SizeDurationFit:
    """A fitted line ln<S>_D = intercept + gamma ln D, S dimensionless and D in layers.

    Attributes:
        gamma, intercept: weighted least squares estimates.
        standard_error: of gamma, by weighted least squares with the residual scale estimated.
        bootstrap_error: of gamma, standard deviation over block resamples; NaN without a bootstrap.
        ci_low, ci_high: interval for gamma at `confidence`.
        confidence: its level.
        interval: its kind: "wls" (Student t), "jackknife, Student" of few blocks, or "basic block bootstrap", and
            whether that was widened.
        r_squared: weighted coefficient of determination.
        reduced_chi_squared: weighted residual sum of squares per degree of freedom.
        largest_weight_share: the largest share of the total weight held by one duration.
        n_durations: durations fitted.
        n_dropped_few: durations in range left out for holding fewer than `minimum_count` avalanches.
        n_dropped_zero_variance: durations in range left out because ln S does not vary.
        n_avalanches: avalanches fitted.
        dmin, dmax, minimum_count: the declared range and the smallest N_D.
        n_blocks, n_replicates: of the bootstrap (0 without); replicates without an estimate are not counted.
    """

    gamma: float
    intercept: float
    standard_error: float
    bootstrap_error: float
    ci_low: float
    ci_high: float
    confidence: float
    interval: str
    r_squared: float
    reduced_chi_squared: float
    largest_weight_share: float
    n_durations: int
    n_dropped_few: int
    n_dropped_zero_variance: int
    n_avalanches: int
    dmin: int
    dmax: int
    minimum_count: int
    n_blocks: int
    n_replicates: int


def fit_size_duration(
    duration: ArrayLike,
    count: ArrayLike,
    mean_size: ArrayLike,
    var_log_size: ArrayLike,
    *,
    dmin: int,
    dmax: int,
    minimum_count: int = 2,
    confidence: float = 0.95,
) -> SizeDurationFit:
    """Fit ln<S>_D = intercept + gamma ln D with weights N_D / Var[ln S]_D on dmin <= D <= dmax.

    Ghavasieh (2025), Methods, "Distributions, exponents, and fitting", which keeps every duration with N_D >=
    2. The weight is then a ratio to a sample variance of one degree of freedom, and a pair of nearly equal
    sizes in the far tail can outweigh durations with thousands of avalanches: `largest_weight_share` shows
    it, a larger `minimum_count` or a smaller dmax prevents it. Durations at which ln S does not vary would
    have infinite weight; they are dropped and counted.

    The standard error is that of weighted least squares with the residual scale estimated from the residuals,
    and the interval is Student's with n_durations - 2 degrees of freedom. Both take avalanches as independent
    and the power law as exact; `bootstrap_size_duration` assumes neither.

    Args:
        duration: column of `duration_statistics`, shape (durations,).
        count: likewise.
        mean_size: likewise.
        var_log_size: likewise.
        dmin: shortest duration, in layers.
        dmax: longest duration, in layers.
        minimum_count: smallest N_D fitted, at least 2.
        confidence: level of the interval.

    Raises:
        ValueError: arrays of different lengths, invalid durations, an empty range, mean sizes that are not
            positive, a variance that is missing where it is needed, or fewer than three durations left.
    """
    check_confidence(confidence)
    check_range(dmin, dmax)
    _check_minimum(minimum_count)
    d = whole_numbers("duration", duration)
    check_durations(d)
    n, s, v = (np.asarray(column, dtype=np.float64) for column in (count, mean_size, var_log_size))
    for name, column in (("count", n), ("mean_size", s), ("var_log_size", v)):
        if column.shape != d.shape:
            raise ValueError(f"{name} has shape {column.shape}, duration has shape {d.shape}")
    inside = (d >= dmin) & (d <= dmax) & (n > 0)
    d, n, s, v = d[inside], n[inside], s[inside], v[inside]
    enough = n >= minimum_count
    if np.any(enough & ~(v >= 0)):
        raise ValueError(f"var_log_size is missing or negative at duration {d[enough & ~(v >= 0)][0]}")
    if np.any(~(s > 0)):
        raise ValueError(f"mean_size is not positive at duration {d[~(s > 0)][0]}")
    weight = _weights(n, v, minimum_count)
    used = weight > 0
    if used.sum() < 3:
        raise ValueError(f"{used.sum()} usable durations in [{dmin}, {dmax}]; a fitted slope with an error needs 3")

    x, y, weight = np.log(d[used]), np.log(s[used]), weight[used]
    line = WLS(y, np.column_stack([np.ones_like(x), x]), weight).fit()
    intercept, gamma = line.params
    found = student_interval(float(gamma), float(line.bse[1]), line.df_resid, confidence)
    return SizeDurationFit(
        gamma=found.value,
        intercept=float(intercept),
        standard_error=found.standard_error,
        bootstrap_error=float("nan"),
        ci_low=float(found.ci_low),
        ci_high=float(found.ci_high),
        confidence=confidence,
        interval="wls",
        r_squared=float(line.rsquared) if np.ptp(y) > 0 else float("nan"),
        reduced_chi_squared=float(line.mse_resid),
        largest_weight_share=float(weight.max() / weight.sum()),
        n_durations=int(used.sum()),
        n_dropped_few=int(np.sum(~enough)),
        n_dropped_zero_variance=int(np.sum(enough & ~used)),
        n_avalanches=int(n[used].sum()),
        dmin=dmin,
        dmax=dmax,
        minimum_count=minimum_count,
        n_blocks=0,
        n_replicates=0,
    )


def bootstrap_size_duration(
    sums: SizeDurationSums,
    generator: np.random.Generator,
    *,
    dmin: int,
    dmax: int,
    replicates: int = 1000,
    minimum_count: int = 2,
    confidence: float = 0.95,
) -> SizeDurationFit:
    """`fit_size_duration` on all blocks, with a basic bootstrap interval from resampled blocks.

    Avalanches of one network are correlated, so networks are what is drawn with replacement; every replicate
    repeats the whole estimate, weights included. Under about 200 blocks bootstrap intervals of such skewed
    data are too narrow; `n_blocks` is in the result to be judged by. Replicates with fewer than three usable
    durations give no estimate and do not count in `n_replicates`. Two to four blocks have too few different resamples:
    their interval is Student's, by the jackknife.

    Raises:
        ValueError: as `fit_size_duration`; fewer than two blocks or replicates.
    """
    inside = (sums.duration >= dmin) & (sums.duration <= dmax)
    d = sums.duration[inside]
    columns = (sums.count, sums.sum_size, sums.sum_log_size, sums.sum_log_size_squared)
    count, *moments = (array[:, inside].sum(axis=0) for array in columns)
    mean_size, variance = _moments(count, *moments)
    fit = fit_size_duration(
        d,
        count,
        mean_size,
        variance,
        dmin=dmin,
        dmax=dmax,
        minimum_count=minimum_count,
        confidence=confidence,
    )
    n_blocks = sums.count.shape[0]
    if 2 <= n_blocks < BOOTSTRAPPED_CLUSTERS:
        declared = {"dmin": dmin, "dmax": dmax, "minimum_count": minimum_count}
        found = jackknife(
            lambda used: float(resampled_slopes(sums, used[np.newaxis].astype(np.float64), **declared)[0]),
            n_blocks,
            confidence,
        )
        return replace(
            fit, ci_low=found.ci_low, ci_high=found.ci_high, interval="jackknife, Student", n_blocks=n_blocks
        )
    slopes = [
        resampled_slopes(sums, drawn, dmin=dmin, dmax=dmax, minimum_count=minimum_count)
        for drawn in multinomial_weights(n_blocks, replicates, generator)
    ]
    gammas = np.concatenate(slopes)
    gammas = gammas[~np.isnan(gammas)]
    low, high, told = basic_interval(fit.gamma, gammas, confidence)
    return replace(
        fit,
        bootstrap_error=float(gammas.std(ddof=1)) if gammas.size > 1 else float("nan"),
        ci_low=low,
        ci_high=high,
        interval=f"basic block bootstrap{told}",
        n_blocks=n_blocks,
        n_replicates=gammas.size,
    )


def resampled_slopes(
    sums: SizeDurationSums, drawn: Floats, *, dmin: int, dmax: int, minimum_count: int = 2
) -> NDArray[np.float64]:
    """gamma of resamples of blocks, as `fit_size_duration` estimates it, shape (resamples,).

    `drawn`, of shape (resamples, blocks), says how often each block is in each resample. NaN where fewer than
    three durations are usable.
    """
    inside = (sums.duration >= dmin) & (sums.duration <= dmax)
    columns = (sums.count, sums.sum_size, sums.sum_log_size, sums.sum_log_size_squared)
    count, *moments = (drawn @ array[:, inside] for array in columns)
    mean_size, variance = _moments(count, *moments)
    weight = _weights(count, variance, minimum_count)
    estimable = np.sum(weight > 0, axis=1) >= 3
    y = np.log(np.where(weight > 0, mean_size, 1.0))
    slopes = np.full(len(drawn), np.nan)
    slopes[estimable] = _weighted_slopes(np.log(sums.duration[inside]), y[estimable], weight[estimable])
    return slopes


def _moments(count: Floats, size: Floats, log_size: Floats, log_square: Floats) -> tuple[Floats, Floats]:
    """Mean size and sample variance of ln S from sums; mean 1 and variance 0 where they are undefined."""
    mean_size = np.divide(size, count, out=np.ones_like(size), where=count > 0)
    squares = log_square - np.divide(log_size**2, count, out=np.zeros_like(size), where=count > 0)
    variance = np.divide(squares, count - 1, out=np.zeros_like(size), where=count > 1)
    return mean_size, np.maximum(variance, 0.0)


def _weights(count: Floats, variance: Floats, minimum_count: int) -> Floats:
    """N_D / Var[ln S]_D, and zero where there are too few avalanches or no variance."""
    usable = (count >= minimum_count) & (variance > VARIANCE_FLOOR)
    return np.divide(count, variance, out=np.zeros_like(count), where=usable)


def _weighted_slopes(x: Floats, y: Floats, weight: Floats) -> Floats:
    """Slopes of y, shape (lines, durations), on x: many lines at once, which statsmodels fits one at a time."""
    total = weight.sum(axis=-1, keepdims=True)
    mean_x = (weight * x).sum(axis=-1, keepdims=True) / total
    mean_y = (weight * y).sum(axis=-1, keepdims=True) / total
    spread = (weight * (x - mean_x) ** 2).sum(axis=-1)
    return np.asarray((weight * (x - mean_x) * (y - mean_y)).sum(axis=-1) / spread)


def _check_minimum(minimum_count: int) -> None:
    if minimum_count < 2:
        raise ValueError(f"minimum_count must be at least 2 for a sample variance, got {minimum_count}")
