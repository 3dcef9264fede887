"""Exact random samples of power laws on [xmin, xmax], for tests, benchmarks and parametric bootstraps."""

import math

import numpy as np
from numpy.typing import NDArray

from deepcrit.avalanches.powerlaws.kernels import lattice_cdf
from deepcrit.avalanches.powerlaws.ranges import checked_range

TABLE = 1 << 12
"""Lattice points drawn by inversion of a table; the rare draws beyond it are drawn by rejection."""


def log_quantile(probability: NDArray[np.float64], rate: float, length: float) -> NDArray[np.float64]:
    """u in [0, length] at which the law with density proportional to exp(-rate u) has this cumulative probability."""
    t = rate * length
    if abs(t) < 1e-12:
        return probability * length
    if t > 0:
        return np.minimum(-np.log1p(probability * math.expm1(-t)) / rate, length)
    upper = -np.log1p((1 - probability) * math.expm1(t)) / -rate
    return np.maximum(length - upper, 0.0)


def _require_law(exponent: float, xmax: float) -> None:
    if not math.isfinite(exponent):
        raise ValueError(f"exponent must be finite, got {exponent}")
    if math.isinf(xmax) and exponent <= 1:
        raise ValueError(f"exponent must exceed 1 when xmax is infinite, got {exponent}")


def _rounding(exponent: float, k: NDArray[np.float64] | np.float64) -> NDArray[np.float64] | np.float64:
    """Integral of (y/k)^-exponent from k to k + 1: the weight rounding down gives to k over that of the lattice law."""
    step = np.log1p(1 / k)
    if exponent == 1:
        return k * step
    return k * np.expm1((1 - exponent) * step) / (1 - exponent)


def sample_continuous(
    rng: np.random.Generator, number: int, exponent: float, xmin: float, xmax: float | None
) -> NDArray[np.float64]:
    """`number` independent draws, shape (number,), of p(x) ~ x^-exponent on [xmin, xmax], by inversion.

    Raises:
        ValueError: on an impossible range, or an exponent <= 1 without xmax.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import sample_continuous
        >>> sizes = sample_continuous(np.random.default_rng(1), 5000, 4 / 3, 1.0, 1000.0)
        >>> bool(1.0 <= sizes.min() and sizes.max() <= 1000.0)
        True
    """
    low, high = checked_range(xmin, xmax, discrete=False)
    _require_law(exponent, high)
    u = log_quantile(rng.random(number), exponent - 1, math.log(high / low))
    return np.clip(low * np.exp(u), low, high)


def sample_far_discrete(
    rng: np.random.Generator, number: int, exponent: float, first: float, high: float
) -> NDArray[np.float64]:
    """`number` whole draws of p(k) ~ k^-exponent on first..high, by rejection.

    A continuous draw y is rounded down to k and accepted with probability proportional to p(k) over the weight that
    rounding gives k: nearly always, if first is well above |exponent|. Values above 2^62 are set to 2^62.
    """
    least = min(float(_rounding(exponent, np.float64(first))), 1.0)
    length = math.log((high + 1) / first)
    out = np.empty(0)
    while out.size < number:
        u = log_quantile(rng.random(number - out.size), exponent - 1, length)
        k = np.floor(np.minimum(first * np.exp(np.minimum(u, math.log(2.0**62 / first))), high))
        accepted = rng.random(k.size) * _rounding(exponent, k) <= least
        out = np.concatenate((out, k[accepted]))
    return out


def sample_discrete(
    rng: np.random.Generator, number: int, exponent: float, xmin: int, xmax: int | None
) -> NDArray[np.int64]:
    """`number` independent draws, shape (number,), of p(k) ~ k^-exponent on the integers xmin..xmax.

    The first 4,096 values are drawn by inversion, those beyond by `sample_far_discrete`. Values above 2^62, which occur
    only without xmax and with exponents close to 1, are set to 2^62; from 2^53 up fits refuse them.

    Raises:
        ValueError: as `sample_continuous` does.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import sample_discrete
        >>> durations = sample_discrete(np.random.default_rng(1), 5000, 1.5, 1, 1000)
        >>> int(durations.min()), int(durations.max()) <= 1000
        (1, True)
    """
    low, high = checked_range(xmin, xmax, discrete=True)
    _require_law(exponent, high)
    last = min(high, low + TABLE - 1)
    cdf = lattice_cdf(np.arange(low, last + 1), exponent, low, high)
    if last == high:
        cdf[-1] = 1.0
    index = np.searchsorted(cdf, rng.random(number), side="right")
    out = index.astype(np.int64) + int(low)
    beyond = index >= cdf.size
    out[beyond] = sample_far_discrete(rng, int(beyond.sum()), exponent, last + 1, high).astype(np.int64)
    return out
