"""How often the reported intervals hold the true exponent.

Independent points: profile-likelihood intervals of fixed-range fits, which must cover near their nominal 95%.
Clustered points: three bootstraps over whole clusters and, for contrast, the interval that takes every point
as independent.

The clustered data are synthetic and skewed on purpose. Each cluster draws one effect z ~ N(0, 1), which sets
both how many points it gives, Poisson(20 exp(z)), and their exponent, 1 + exp(-z/2)/2, on [20, 1000]. The
exponent being estimated is the one whose law has the mean ln x of the whole population, known by quadrature.
"""

import math

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm
from sizes import size

from deepcrit.avalanches.powerlaws import (
    cluster_bootstrap,
    exponent_from_sums,
    fit_continuous,
    fit_discrete,
    sample_continuous,
    sample_discrete,
)
from deepcrit.avalanches.powerlaws.kernels import continuous_moments
from deepcrit.avalanches.powerlaws.samplers import log_quantile

COLUMNS = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
CONFIDENCE = 0.95
TARGET = (0.93, 0.97)
SETS, CLUSTER_SETS, REPLICATES = size(2000, 20), size(1000, 2), size(999, 100)
CLUSTERS = (50, 200, 500)
XMIN, XMAX = 20.0, 1000.0
METHODS = ("percentile", "bca", "studentised")
CASES = (
    ("discrete", 1.5, 20, 1000, 500),
    ("discrete", 1.5, 1, 100, 10_000),
    ("discrete", 2.5, 5, None, 500),
    ("continuous", 4 / 3, 1.0, 1000.0, 500),
    ("continuous", 1.0, 1.0, 100.0, 10_000),
    ("continuous", 2.5, 1.0, None, 100),
)


def fixed_range_coverage(
    kind: str, exponent: float, xmin: float, xmax: float | None, n: int, sets: int, seed: int
) -> float:
    """Fraction of `sets` independent synthetic sets of n points whose interval holds the true exponent."""
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(sets):
        if kind == "discrete":
            last = None if xmax is None else int(xmax)
            fit = fit_discrete(sample_discrete(rng, n, exponent, int(xmin), last), int(xmin), last)
        else:
            fit = fit_continuous(sample_continuous(rng, n, exponent, xmin, xmax), xmin, xmax)
        held += fit.ci_low <= exponent <= fit.ci_high
    return held / sets


def clustered_truth() -> float:
    """The exponent whose law on [XMIN, XMAX] has the population's mean ln x.

    By Gauss-Hermite quadrature over z.
    """
    z, w = np.polynomial.hermite_e.hermegauss(120)
    w = w * np.exp(z)
    length = math.log(XMAX / XMIN)
    means = np.array([continuous_moments(0.5 * math.exp(-0.5 * effect), length)[1] for effect in z])
    return float(exponent_from_sums(1.0, (w @ means) / w.sum() + math.log(XMIN), XMIN, XMAX, discrete=False))


def clustered_set(rng: np.random.Generator, clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """Points per cluster and their sums of ln x, both of shape (clusters,)."""
    z = rng.normal(size=clusters)
    n = rng.poisson(20 * np.exp(z))
    length = math.log(XMAX / XMIN)
    sums = [
        float(log_quantile(rng.random(points), 0.5 * math.exp(-0.5 * effect), length).sum()) + points * math.log(XMIN)
        for points, effect in zip(n, z, strict=True)
    ]
    return n, np.array(sums)


def resampled_interval(
    n: np.ndarray, sums: np.ndarray, replicates: int, rng: np.random.Generator, accelerated: bool
) -> tuple[float, float]:
    """The alternatives to the library's interval.

    Percentiles of resampled exponents, or those that are bias-corrected and accelerated, from the jackknife over
    clusters (Efron 1987).
    """
    n, sums = n[n > 0], sums[n > 0]
    weights = rng.multinomial(n.size, np.full(n.size, 1 / n.size), size=replicates)
    means = weights @ sums / (weights @ n)
    tail = (1 - CONFIDENCE) / 2
    levels = np.array([tail, 1 - tail])
    if accelerated:
        mean = sums.sum() / n.sum()
        bias = norm.ppf(
            np.clip(np.mean(means < mean) + 0.5 * np.mean(means == mean), 1 / replicates, 1 - 1 / replicates)
        )
        left_out = (sums.sum() - sums) / (n.sum() - n)
        deviation = left_out.mean() - left_out
        acceleration = (deviation**3).sum() / (6 * (deviation**2).sum() ** 1.5)
        z = bias + norm.ppf(levels)
        levels = norm.cdf(bias + z / (1 - acceleration * z))
    low, high = exponent_from_sums(1.0, np.quantile(means, levels[::-1]), XMIN, XMAX, discrete=False)
    return float(low), float(high)


def cluster_coverage(clusters: int, sets: int, replicates: int, seed: int) -> dict[str, float]:
    """Coverage of each bootstrap and of the naive interval.

    And the mean effective sample size over the mean n.
    """
    rng = np.random.default_rng(seed)
    truth = clustered_truth()
    held = dict.fromkeys((*METHODS, "naive"), 0)
    shares = []
    for _ in range(sets):
        n, sums = clustered_set(rng, clusters)
        stream = int(rng.integers(2**63))
        for method in METHODS[:2]:
            low, high = resampled_interval(n, sums, replicates, np.random.default_rng(stream), method == "bca")
            held[method] += low <= truth <= high
        interval = cluster_bootstrap(n, sums, XMIN, XMAX, False, replicates, np.random.default_rng(stream), CONFIDENCE)
        held["studentised"] += interval.ci_low <= truth <= interval.ci_high
        reach = math.sqrt(chi2.ppf(CONFIDENCE, 1)) * interval.naive_standard_error
        held["naive"] += abs(interval.exponent - truth) <= reach
        shares.append(interval.effective_sample_size / interval.n)
    return {name: count / sets for name, count in held.items()} | {"effective_share": float(np.mean(shares))}


def run(sets: int = SETS, cluster_sets: int = CLUSTER_SETS, replicates: int = REPLICATES) -> pd.DataFrame:
    """One row per coverage measured; `met` is empty where no target is set.

    The alternative is the interval without clusters.
    """
    rows: list[tuple[object, ...]] = []
    target = f"[{TARGET[0]:.0%}, {TARGET[1]:.0%}]"
    for seed, (kind, exponent, xmin, xmax, n) in enumerate(CASES):
        covered = fixed_range_coverage(kind, exponent, xmin, xmax, n, sets, seed)
        last = "inf" if xmax is None else f"{xmax:g}"
        what = f"{kind}, exponent {exponent:.3g}, [{xmin:g}, {last}], n = {n}, {sets} sets"
        met = TARGET[0] <= covered <= TARGET[1]
        rows.append(("interval_coverage", what, covered, math.nan, "fraction", math.nan, target, met))
    for seed, clusters in enumerate(CLUSTERS):
        covered = cluster_coverage(clusters, cluster_sets, replicates, 100 + seed)
        for method in METHODS:
            what = f"{clusters} clusters, {method} bootstrap, {cluster_sets} sets"
            ratio = covered[method] / covered["naive"]
            rows.append(
                (
                    "cluster_coverage",
                    what,
                    covered[method],
                    covered["naive"],
                    "fraction",
                    ratio,
                    "reported",
                    None,
                )
            )
        rows.append(
            (
                "cluster_coverage",
                f"{clusters} clusters, effective sample size / n",
                covered["effective_share"],
                1.0,
                "fraction",
                covered["effective_share"],
                "reported",
                None,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
