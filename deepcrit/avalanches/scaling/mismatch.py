"""How far the exponents of one sample are from the crackling-noise relation (tau_d - 1) / (tau_s - 1) = gamma."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepcrit.avalanches.powerlaws import MINIMUM_POINTS, exponent_from_sums
from deepcrit.avalanches.scaling.resampling import multinomial_weights
from deepcrit.avalanches.scaling.size_duration import resampled_slopes
from deepcrit.avalanches.scaling.size_statistics import SizeDurationSums
from deepcrit.core.arrays import Floats
from deepcrit.core.whole import whole_numbers
from deepcrit.stats.intervals import basic_interval

__all__ = ["FitRanges", "Mismatch", "exponent_mismatch"]


@dataclass(frozen=True)
class FitRanges:
    """Declared ranges: durations in layers, inclusive, and sizes.

    Examples:
        >>> from deepcrit import FitRanges
        >>> FitRanges(shortest=10, longest=100, smallest=0.3, largest=10.0).longest
        100
    """

    shortest: int
    longest: int
    smallest: float
    largest: float


@dataclass(frozen=True)
class Mismatch:
    """(tau_d - 1) / (tau_s - 1) - gamma of one sample; NaN for what too few avalanches leave without a value.

    The interval is a basic bootstrap over blocks. A resample with tau_s <= 1 has no finite ratio; both ends are
    infinite once more than a tail of the resamples have none.
    """

    durations_in_range: int
    sizes_in_range: int
    tau_d: float
    tau_s: float
    gamma: float
    mismatch: float
    ci_low: float
    ci_high: float
    ci_method: str = "basic bootstrap"


def exponent_mismatch(
    duration: ArrayLike,
    size: ArrayLike,
    block: ArrayLike,
    ranges: FitRanges,
    generator: np.random.Generator,
    *,
    n_blocks: int,
    replicates: int,
    minimum: int = MINIMUM_POINTS,
    minimum_count: int = 2,
    confidence: float = 0.95,
) -> Mismatch:
    """Exponents by maximum likelihood and by the weighted regression, all from one sample, resampled together.

    Args:
        duration: of avalanches that started and ended, (avalanches,).
        size: of each.
        block: of each, from 0 to n_blocks - 1.
        ranges: declared ranges of the fits.
        generator: source of the resamples.
        n_blocks: independent blocks, those without avalanches included.
        replicates: resamples.
        minimum: fewest avalanches in either range for which anything is estimated.
        minimum_count: fewest avalanches of a duration that enters the regression.
        confidence: level of the interval.

    Raises:
        ValueError: as `SizeDurationSums.from_avalanches`.

    Examples:
        Avalanches of a network of critical weights, in ten blocks:

        >>> import numpy as np
        >>> from deepcrit import FitRanges, NetworkSpec, drift_free_weight_variance, exponent_mismatch, simulate_radial
        >>> rng = np.random.default_rng(1)
        >>> critical = drift_free_weight_variance("tanh", 500)
        >>> block = simulate_radial(NetworkSpec(500, 500, critical), 100_000, rng, profile_range=(10, 100))
        >>> ended = ~block.censored
        >>> duration, size = block.duration[ended], block.size[ended]
        >>> ranges = FitRanges(shortest=10, longest=100, smallest=0.3, largest=10.0)
        >>> of_block = np.arange(size.size) % 10
        >>> found = exponent_mismatch(duration, size, of_block, ranges, rng, n_blocks=10, replicates=200)
        >>> print(f"tau_d = {found.tau_d:.1f}, tau_s = {found.tau_s:.1f}, gamma = {found.gamma:.1f}")
        tau_d = 1.5, tau_s = 1.3, gamma = 1.6
    """
    d, s, b = whole_numbers("duration", duration), np.asarray(size, np.float64), whole_numbers("block", block)
    in_d = (d >= ranges.shortest) & (d <= ranges.longest)
    in_s = (s >= ranges.smallest) & (s <= ranges.largest)
    n_d, n_s = int(in_d.sum()), int(in_s.sum())
    nan = float("nan")
    if min(n_d, n_s) < minimum:
        return Mismatch(n_d, n_s, nan, nan, nan, nan, nan, nan)
    sums = SizeDurationSums.from_avalanches(d, s, b, n_blocks=n_blocks, dmin=ranges.shortest, dmax=ranges.longest)
    logs = [_log_sums(d, b, in_d, n_blocks), _log_sums(s, b, in_s, n_blocks)]

    def estimate(drawn: Floats) -> Floats:
        """tau_d, tau_s, gamma of each resample, shape (3, resamples)."""
        taus = [
            exponent_from_sums(drawn @ count, drawn @ total, low, high, discrete)
            for (count, total), (low, high, discrete) in zip(
                logs,
                [(ranges.shortest, ranges.longest, True), (ranges.smallest, ranges.largest, False)],
                strict=True,
            )
        ]
        fitted = {"dmin": ranges.shortest, "dmax": ranges.longest, "minimum_count": minimum_count}
        return np.stack([*taus, resampled_slopes(sums, drawn, **fitted)])

    tau_d, tau_s, gamma = (float(value) for value in estimate(np.ones((1, n_blocks)))[:, 0])
    if not tau_s > 1 or np.isnan(tau_d + gamma):
        return Mismatch(n_d, n_s, tau_d, tau_s, gamma, nan, nan, nan)
    own = (tau_d - 1) / (tau_s - 1) - gamma
    resampled = np.concatenate([estimate(drawn) for drawn in multinomial_weights(n_blocks, replicates, generator)], 1)
    resampled = resampled[:, ~np.isnan(resampled).any(axis=0)]
    bounded = resampled[1] > 1
    low, high, told = -np.inf, np.inf, ""
    if bounded.size and 1 - bounded.mean() <= 0.5 * (1 - confidence):
        ratio = (resampled[0][bounded] - 1) / (resampled[1][bounded] - 1)
        low, high, told = basic_interval(own, ratio - resampled[2][bounded], confidence)
    return Mismatch(n_d, n_s, tau_d, tau_s, gamma, own, low, high, f"basic bootstrap{told}")


def _log_sums(
    x: NDArray[np.int64] | Floats, block: NDArray[np.int64], inside: NDArray[np.bool_], n_blocks: int
) -> tuple[Floats, Floats]:
    """Points in range and their sum of ln x, by block."""
    sums = (np.bincount(block[inside], weights, n_blocks) for weights in (None, np.log(x[inside])))
    counts, logs = (found.astype(np.float64) for found in sums)
    return counts, logs
