"""Goodness of fit of a power law, against the number of points that are asked to judge it.

With millions of points every law that is not exactly a power law is rejected, so a single p-value says more
about the sample size than about the law. Here the test of Clauset, Shalizi and Newman (2009, section 4.1) is
repeated on subsamples of declared sizes, and the result is the size at which the power law begins to fail.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.avalanches.powerlaws.kernels import ks_continuous, ks_discrete, lattice_cdf, solve_exponent
from deepcrit.avalanches.powerlaws.ranges import (
    MINIMUM_POINTS,
    checked_range,
    counts_in_range,
    sorted_in_range,
)
from deepcrit.avalanches.powerlaws.samplers import TABLE, log_quantile, sample_far_discrete
from deepcrit.avalanches.powerlaws.sums import dot
from deepcrit.core.arrays import Floats

SIZES = (1_000, 10_000, 100_000)


@dataclass(frozen=True)
class GoodnessAtSize:
    """Test at one subsample size.

    p_value and ks_distance are medians over subsamples, and NaN if the data hold fewer points.
    """

    size: int
    p_value: float
    ks_distance: float
    p_values: tuple[float, ...]


@dataclass(frozen=True)
class GoodnessOfFit:
    """Tests at each declared size, ascending, and the smallest size rejected at `level` (None if none is)."""

    sizes: tuple[GoodnessAtSize, ...]
    rejection_size: int | None
    level: float
    replicates: int
    n: int


def goodness_discrete(
    values: ArrayLike,
    xmin: int,
    xmax: int | None,
    rng: np.random.Generator,
    sizes: Sequence[int] = SIZES,
    subsamples: int = 5,
    replicates: int = 100,
    level: float = 0.1,
    counts: ArrayLike | None = None,
) -> GoodnessOfFit:
    """Parametric-bootstrap goodness of fit of a lattice power law to whole numbers, at each subsample size.

    values and counts as in `fit_discrete`. For each size: draw `subsamples` subsamples of that size without
    replacement; fit each and take its Kolmogorov-Smirnov distance; draw `replicates` synthetic sets of the
    same size from the fitted law and refit each. p is (1 + the number of synthetic distances at least as
    large) / (1 + replicates), and the median over subsamples is reported. rng fixes the result. Raises
    ValueError as `fit_discrete` does, and if a size, subsamples or replicates is too small.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import goodness_discrete, sample_discrete
        >>> rng = np.random.default_rng(1)
        >>> cut = sample_discrete(rng, 20_000, 1.5, 1, 1000)
        >>> cut = cut[rng.random(cut.size) < np.exp(-cut / 100)]  # no power law
        >>> tested = goodness_discrete(cut, 1, 1000, rng, sizes=(100, 10_000), subsamples=3, replicates=20)
        >>> tested.rejection_size
        10000
    """
    low, high = checked_range(xmin, xmax, discrete=True)
    value, count = counts_in_range(values, counts, low, high, MINIMUM_POINTS)
    whole = count.astype(np.int64)
    logs = np.log(value / low)
    last = min(high, low + TABLE - 1)
    lattice = np.arange(low, last + 1)
    log_lattice = np.log(lattice / low)

    def fit(k: Floats, c: Floats, log_k: Floats) -> tuple[float, float]:
        exponent = solve_exponent(dot(c, log_k) / float(c.sum()), low, high, True)
        if math.isnan(exponent):
            return exponent, 0.0
        return exponent, float(ks_discrete(k, c, exponent, low, high))

    def observe(size: int) -> tuple[float, float]:
        drawn = rng.multivariate_hypergeometric(whole, size, method="marginals").astype(np.float64)
        seen = drawn > 0
        return fit(value[seen], drawn[seen], logs[seen])

    def law(exponent: float) -> Callable[[int], float]:
        probabilities = np.diff(lattice_cdf(lattice, exponent, low, high), prepend=0.0, append=1.0).clip(0)
        if last == high:
            probabilities[-1] = 0.0
        probabilities /= probabilities.sum()

        def draw(size: int) -> float:
            drawn = rng.multinomial(size, probabilities).astype(np.float64)
            seen = drawn[:-1] > 0
            k, c, log_k = lattice[seen], drawn[:-1][seen], log_lattice[seen]
            if drawn[-1]:
                far, times = np.unique(
                    sample_far_discrete(rng, int(drawn[-1]), exponent, last + 1, high), return_counts=True
                )
                k, c = np.concatenate((k, far)), np.concatenate((c, times))
                log_k = np.log(k / low)
            return fit(k, c, log_k)[1]

        return draw

    return _run(int(whole.sum()), observe, law, sizes, subsamples, replicates, level)


def goodness_continuous(
    values: ArrayLike,
    xmin: float,
    xmax: float | None,
    rng: np.random.Generator,
    sizes: Sequence[int] = SIZES,
    subsamples: int = 5,
    replicates: int = 100,
    level: float = 0.1,
    assume_sorted: bool = False,
) -> GoodnessOfFit:
    """Parametric-bootstrap goodness of fit of a truncated power law to real values; see `goodness_discrete`.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import goodness_continuous, sample_continuous
        >>> rng = np.random.default_rng(1)
        >>> sizes = sample_continuous(rng, 5000, 4 / 3, 1.0, 1000.0)
        >>> tested = goodness_continuous(sizes, 1.0, 1000.0, rng, sizes=(1000,), subsamples=3, replicates=50)
        >>> tested.rejection_size is None
        True
    """
    low, high = checked_range(xmin, xmax, discrete=False)
    x = sorted_in_range(values, low, high, MINIMUM_POINTS, assume_sorted)
    length = math.log(high / low)

    def fit(u: Floats) -> tuple[float, float]:
        exponent = solve_exponent(float(u.mean()), 1.0, high / low, False)
        if math.isnan(exponent):
            return exponent, 0.0
        return exponent, float(ks_continuous(u, 0, u.size, 0.0, exponent - 1, length, 1.0))

    def observe(size: int) -> tuple[float, float]:
        index = np.sort(rng.choice(x.size, size, replace=False, shuffle=False))
        return fit(np.log(x[index] / low))

    def law(exponent: float) -> Callable[[int], float]:
        def draw(size: int) -> float:
            # ordered uniforms as normalised sums of exponentials: no sort
            steps = np.cumsum(rng.standard_exponential(size + 1))
            return fit(log_quantile(steps[:-1] / steps[-1], exponent - 1, length))[1]

        return draw

    return _run(x.size, observe, law, sizes, subsamples, replicates, level)


def _run(
    n: int,
    observe: Callable[[int], tuple[float, float]],
    law: Callable[[float], Callable[[int], float]],
    sizes: Sequence[int],
    subsamples: int,
    replicates: int,
    level: float,
) -> GoodnessOfFit:
    if not sizes or min(sizes) < MINIMUM_POINTS:
        raise ValueError(f"sizes must all be at least {MINIMUM_POINTS}, got {tuple(sizes)}")
    if subsamples < 1 or replicates < 1:
        raise ValueError(f"subsamples and replicates must be at least 1, got {subsamples} and {replicates}")
    rows = []
    for size in sorted(sizes):
        if size > n:
            rows.append(GoodnessAtSize(size, math.nan, math.nan, ()))
            continue
        distances, p_values = [], []
        for _ in range(subsamples):
            exponent, distance = observe(size)
            if math.isnan(exponent):
                raise ValueError(f"a subsample of {size} points takes a single value; its exponent is not defined")
            synthetic = law(exponent)
            larger = sum(synthetic(size) >= distance for _ in range(replicates))
            distances.append(distance)
            p_values.append((1 + larger) / (1 + replicates))
        rows.append(GoodnessAtSize(size, float(np.median(p_values)), float(np.median(distances)), tuple(p_values)))
    rejected = [row.size for row in rows if row.p_value < level]
    return GoodnessOfFit(tuple(rows), rejected[0] if rejected else None, level, replicates, n)
