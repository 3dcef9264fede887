"""Intervals for data that come in clusters: avalanches of inputs that share one network are not
independent."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from deepcrit.avalanches.powerlaws.kernels import log_moments, solve_exponents
from deepcrit.avalanches.powerlaws.likelihood import exponent_from_sums
from deepcrit.avalanches.powerlaws.ranges import checked_range
from deepcrit.avalanches.powerlaws.sums import apply, dot
from deepcrit.core.whole import exact_total, whole_numbers

Floats = NDArray[np.float64]
Method = Literal["percentile", "bca", "studentised"]

FEW_CLUSTERS = 200
"""Below this many clusters, bootstrap intervals of skewed data cover less than they claim, and say so."""


@dataclass(frozen=True)
class ClusterInterval:
    """Exponent of clustered data with an interval from resampling whole clusters.

    standard_error         cluster-robust (sandwich)
    naive_standard_error   from the Fisher information, as if every point were independent
    effective_sample_size  see `effective_sample_size`
    clusters               clusters with at least one point in range; n their points
    warning                why the interval may be too narrow, or None
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

    n times the naive (Fisher) over the cluster-robust variance of the score, sum ln x - n E[ln x]: about n
    for independent points, about the number of clusters when all points of a cluster agree. An estimate, so
    it may exceed n slightly. n_per_cluster and sum_log_per_cluster (of ln x in range) have shape (clusters,).
    Raises ValueError naming the argument if they do not match, are not finite, or fewer than two clusters
    have points.
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
    method: Method = "studentised",
) -> ClusterInterval:
    """Interval for the exponent by resampling whole clusters with replacement.

    n_per_cluster (points in range) and sum_log_per_cluster (their sum of ln x) have shape (clusters,): one
    entry per network. Methods: 'percentile'; 'bca' (bias-corrected and accelerated, Efron 1987, acceleration
    from the jackknife over clusters); 'studentised' (bootstrap-t on the mean of ln x with its sandwich error,
    carried over to the exponent, which falls monotonically with it). Raises ValueError as
    `effective_sample_size` does, or for replicates < 100, an unknown method or a confidence outside (0, 1).
    """
    if replicates < 100:
        raise ValueError(f"replicates must be at least 100, got {replicates}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if method not in ("percentile", "bca", "studentised"):
        raise ValueError(f"method must be 'percentile', 'bca' or 'studentised', got {method!r}")
    data = _clusters(n_per_cluster, sum_log_per_cluster, xmin, xmax, discrete)
    g = data.n.size
    weights = rng.multinomial(g, np.full(g, 1 / g), size=replicates).astype(np.float64)
    tail = (1 - confidence) / 2
    means = apply(weights, data.sums) / apply(weights, data.n)
    if method == "studentised":
        low_mean, high_mean = _studentised(data, weights, means, tail)
    else:
        levels = np.array([tail, 1 - tail]) if method == "percentile" else _bca_levels(data, means, tail)
        low_mean, high_mean = (float(q) for q in np.quantile(means, levels))
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
    """Exponents at the given means of ln(x/xmin); a mean at or beyond an end of the range gives an infinite
    end."""
    length = math.log(data.xmax / data.xmin)
    lowest = 1.0 if math.isinf(length) else -math.inf
    exponent = exponent_from_sums(1.0, mean + math.log(data.xmin), data.xmin, data.xmax, data.discrete)
    exponent = np.where(mean <= 0, math.inf, exponent)
    return np.where(mean >= length, lowest, exponent)


def _studentised(data: _Clusters, weights: Floats, means: Floats, tail: float) -> tuple[float, float]:
    """Bootstrap-t limits for the mean of ln(x/xmin)."""
    mean = float(data.sums.sum() / data.total)

    def error(w: Floats, m: Floats) -> Floats:
        squares = apply(w, data.sums**2) - 2 * m * apply(w, data.sums * data.n) + m * m * apply(w, data.n**2)
        return np.sqrt(np.maximum(squares, 0.0)) / apply(w, data.n)

    own = float(error(np.ones((1, data.n.size)), np.array([mean]))[0])
    errors = error(weights, means)
    usable = errors > 1e-9 * own
    t = (means[usable] - mean) / errors[usable]
    low, high = np.quantile(t, [tail, 1 - tail])
    return mean - float(high) * own, mean - float(low) * own


def _bca_levels(data: _Clusters, means: Floats, tail: float) -> Floats:
    """Quantile levels of the bias-corrected and accelerated interval (Efron 1987)."""
    mean = data.sums.sum() / data.total
    below = float(np.mean(means < mean) + 0.5 * np.mean(means == mean))
    bias = norm.ppf(np.clip(below, 0.5 / means.size, 1 - 0.5 / means.size))
    left_out = (data.sums.sum() - data.sums) / (data.total - data.n)
    deviation = left_out.mean() - left_out
    spread = dot(deviation, deviation)
    acceleration = float((deviation**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    z = norm.ppf(np.array([tail, 1 - tail]))
    return np.asarray(norm.cdf(bias + (bias + z) / (1 - acceleration * (bias + z))), np.float64)
