"""Intervals for data that come in clusters: avalanches of inputs that share one network are dependent."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.avalanches.powerlaws.kernels import log_moments, solve_exponents
from deepcrit.avalanches.powerlaws.likelihood import exponent_from_sums
from deepcrit.avalanches.powerlaws.ranges import checked_range
from deepcrit.avalanches.powerlaws.sums import apply, dot
from deepcrit.core.arrays import Floats
from deepcrit.core.whole import exact_total, whole_numbers
from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.jackknife import BOOTSTRAPPED_CLUSTERS, jackknife

FEW_CLUSTERS = 200
"""Below this many clusters, intervals of skewed data cover less than they claim, and say so."""

NO_ERROR = 1e-12  # relative to the mean of ln(x/xmin): rounding


@dataclass(frozen=True)
class ClusterInterval:
    """Exponent of clustered data with an interval from resampling whole clusters.

    Attributes:
        standard_error: cluster-robust (sandwich).
        naive_standard_error: from the Fisher information, as if every point were independent.
        effective_sample_size: see `effective_sample_size`.
        clusters: clusters with at least one point in range; n their points.
        warning: why the interval may be too narrow, or None.
    """

    exponent: float
    standard_error: float
    naive_standard_error: float
    ci_low: float
    ci_high: float
    confidence: float
    method: str
    effective_sample_size: float
    clusters: int
    n: int
    warning: str | None


@dataclass(frozen=True)
class _Clusters:
    n: Floats
    sums: Floats  # of ln(x/xmin)
    xmin: float
    xmax: float
    discrete: bool
    exponent: float
    variance: float  # of ln x under the fitted law: the Fisher information of one point

    @property
    def total(self) -> float:
        return float(self.n.sum())

    def robust_variance(self) -> float:
        """Sandwich variance of the exponent, with the factor G/(G - 1) for G clusters."""
        g = self.n.size
        score = self.sums - self.n * (self.sums.sum() / self.total)
        return dot(score, score) * g / (g - 1) / (self.total * self.variance) ** 2


def _clusters(
    n_per_cluster: ArrayLike, sum_log_per_cluster: ArrayLike, xmin: float, xmax: float | None, discrete: bool
) -> _Clusters:
    low, high = checked_range(xmin, xmax, discrete)
    whole = whole_numbers("n_per_cluster", n_per_cluster)
    exact_total("n_per_cluster", whole)
    n = whole.astype(np.float64)
    sums = np.asarray(sum_log_per_cluster, np.float64)
    if n.ndim != 1 or n.shape != sums.shape:
        raise ValueError(
            f"sum_log_per_cluster must be one-dimensional and match n_per_cluster, "
            f"got shapes {sums.shape} and {n.shape}"
        )
    if not np.isfinite(sums).all():
        raise ValueError("sum_log_per_cluster must be finite")
    occupied = n > 0
    n, sums = n[occupied], sums[occupied] - n[occupied] * math.log(low)
    if n.size < 2:
        raise ValueError(f"n_per_cluster has {n.size} clusters with points in range; at least 2 are needed")
    mean = float(sums.sum() / n.sum())
    exponent = float(solve_exponents(np.array([mean]), low, high, discrete)[0])
    if math.isnan(exponent):
        raise ValueError("sum_log_per_cluster leaves no finite exponent: every point is at one end of the range")
    return _Clusters(n, sums, low, high, discrete, exponent, float(log_moments(exponent, low, high, discrete)[2]))


def effective_sample_size(
    n_per_cluster: ArrayLike, sum_log_per_cluster: ArrayLike, xmin: float, xmax: float | None, discrete: bool
) -> float:
    """Number of independent points that would give the exponent the variance it has with these clusters.

    n times the naive (Fisher) over the cluster-robust variance of the score, sum ln x - n E[ln x]: about n for
    independent points, about the number of clusters when all points of a cluster agree. An estimate, so it may exceed n
    slightly. n_per_cluster and sum_log_per_cluster (of ln x in range) have shape (clusters,).

    Raises:
        ValueError: naming the argument if they do not match, are not finite, or fewer than two clusters have points.
    """
    data = _clusters(n_per_cluster, sum_log_per_cluster, xmin, xmax, discrete)
    return _effective(data)


def _effective(data: _Clusters) -> float:
    robust = data.robust_variance()
    return 1 / (data.variance * robust) if robust > 0 else math.inf


def cluster_bootstrap(
    n_per_cluster: ArrayLike,
    sum_log_per_cluster: ArrayLike,
    xmin: float,
    xmax: float | None,
    discrete: bool,
    replicates: int,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> ClusterInterval:
    """Interval for the exponent by resampling whole clusters with replacement.

    n_per_cluster (points in range) and sum_log_per_cluster (their sum of ln x) have shape (clusters,): one entry per
    network. The bootstrap is studentised (bootstrap-t) on the mean of ln x with its sandwich error, and carried over to
    the exponent, which falls monotonically with it. Of fewer clusters than `BOOTSTRAPPED_CLUSTERS` the mean of ln x has
    Student's interval by the jackknife instead, of one degree of freedom less than there are clusters. An end is
    infinite where that of the mean lies beyond the range, and both are where all clusters agree exactly, which shows no
    error.

    Raises:
        ValueError: as `effective_sample_size` does, or for replicates < 100 or a confidence outside (0, 1).

    Examples:
        Two hundred networks, whose avalanches differ in exponent from one to the next:

        >>> import numpy as np
        >>> from deepcrit import cluster_bootstrap, sample_continuous
        >>> rng = np.random.default_rng(1)
        >>> sizes = [sample_continuous(rng, 100, rng.normal(1.5, 0.1), 1.0, 1000.0) for _ in range(200)]
        >>> points, logs = [one.size for one in sizes], [np.log(one).sum() for one in sizes]
        >>> found = cluster_bootstrap(points, logs, 1.0, 1000.0, False, 1000, rng)
        >>> found.standard_error > found.naive_standard_error, found.ci_low < 1.5 < found.ci_high
        (True, True)
    """
    if replicates < 100:
        raise ValueError(f"replicates must be at least 100, got {replicates}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    data = _clusters(n_per_cluster, sum_log_per_cluster, xmin, xmax, discrete)
    g = data.n.size
    if g < BOOTSTRAPPED_CLUSTERS:
        method = "jackknife, Student,"
        low_mean, high_mean = _jackknifed(data, confidence)
    else:
        method = "studentised bootstrap"
        weights = rng.multinomial(g, np.full(g, 1 / g), size=replicates).astype(np.float64)
        low_mean, high_mean = _studentised(data, weights, confidence)
    # the exponent falls as the mean of ln x rises, so quantiles carry over, reversed
    ends = _exponents_at(np.array([high_mean, low_mean]), data)
    warning = None
    if g < FEW_CLUSTERS:
        warning = f"{g} clusters: below {FEW_CLUSTERS} the interval covers less than its nominal {confidence:.0%}"
    return ClusterInterval(
        exponent=data.exponent,
        standard_error=math.sqrt(data.robust_variance()),
        naive_standard_error=1 / math.sqrt(data.total * data.variance),
        ci_low=float(ends[0]),
        ci_high=float(ends[1]),
        confidence=confidence,
        method=method,
        effective_sample_size=_effective(data),
        clusters=g,
        n=int(data.total),
        warning=warning,
    )


def _exponents_at(mean: Floats, data: _Clusters) -> Floats:
    """Exponents at the given means of ln(x/xmin).

    A mean at or beyond an end of the range gives an infinite end.
    """
    length = math.log(data.xmax / data.xmin)
    lowest = 1.0 if math.isinf(length) else -math.inf
    exponent = exponent_from_sums(1.0, mean + math.log(data.xmin), data.xmin, data.xmax, data.discrete)
    exponent = np.where(mean <= 0, math.inf, exponent)
    return np.where(mean >= length, lowest, exponent)


def _jackknifed(data: _Clusters, confidence: float) -> tuple[float, float]:
    """Student's limits for the mean of ln(x/xmin), without bounds where leaving out a cluster changes nothing."""
    found = jackknife(lambda left: float(data.sums[left].sum() / data.n[left].sum()), data.n.size, confidence)
    if found.standard_error <= NO_ERROR * abs(found.value):
        return -math.inf, math.inf
    return found.ci_low, found.ci_high


def _studentised(data: _Clusters, weights: Floats, confidence: float) -> tuple[float, float]:
    """Bootstrap-t limits for the mean of ln(x/xmin), without bounds where all clusters agree.

    Errors are sums of squares of what clusters deviate by, not differences of such sums, which would leave rounding
    where nothing deviates.
    """
    mean = float(data.sums.sum() / data.total)
    score = data.sums - data.n * mean
    points = apply(weights, data.n)
    shifts = apply(weights, score) / points

    def error(drawn: Floats, shift: Floats, number: Floats) -> Floats:
        deviation = score - shift[:, np.newaxis] * data.n
        return np.sqrt(np.asarray(np.einsum("ij,ij,ij->i", drawn, deviation, deviation), np.float64)) / number

    own = float(error(np.ones((1, data.n.size)), np.zeros(1), np.array([data.total]))[0])
    if own <= NO_ERROR * abs(mean):
        return -math.inf, math.inf
    pieces = [slice(start, start + 100) for start in range(0, len(weights), 100)]
    errors = np.concatenate([error(weights[piece], shifts[piece], points[piece]) for piece in pieces])
    # in resamples of one cluster alone nothing deviates
    usable = errors > 1e-9 * own
    low, high = percentile_interval(shifts[usable] / errors[usable], confidence)
    return mean - max(high, 0.0) * own, mean - min(low, 0.0) * own
