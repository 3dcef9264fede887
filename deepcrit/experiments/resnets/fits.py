"""Exponents and scaling of avalanches in classifiers, with intervals over networks.

Avalanches of one network share its weights, so that networks are what is left out; where there is a single
network, whose weights are then part of the conditions, its blocks of inputs are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from deepcrit.avalanches.powerlaws import (
    MINIMUM_POINTS,
    compare_alternatives,
    exponent_from_sums,
    fit_continuous,
    fit_discrete,
    sample_continuous,
    sample_discrete,
)
from deepcrit.avalanches.powerlaws.peer import peer_fit
from deepcrit.avalanches.scaling import duration_statistics, fit_size_duration, ratio_interval
from deepcrit.avalanches.scaling.size_duration import VARIANCE_FLOOR
from deepcrit.core.arrays import Floats, Mask
from deepcrit.stats.intervals import Estimate
from deepcrit.stats.jackknife import jackknife, jackknife_covariance, leave_one_out

MULTIPLIERS = range(4)  # n of the thresholds mu_l + n sd_l
NORMALISATIONS = {"components": "size", "rms": "size_rms"}
QUANTITIES = (
    "tau_d", "tau_s", "ratio", "line", "gamma", "runaway", "ks_d", "ks_s", "ks_excess_d", "ks_excess_s",
    "likelihood_ratio_d", "likelihood_ratio_s",
)  # fmt: skip
FEWEST_DURATIONS = 3  # distinct durations that a slope is fitted to
FAR = 0.9  # of the durations that occur, the quantile from which an avalanche is large
SPREAD = -1  # in place of a multiplier, where a row spans all of them


@dataclass(frozen=True)
class Settings:
    """How exponents are fitted; see the configuration for the keys."""

    shortest_duration: int
    longest_fraction: float
    confidence: float
    synthetic_samples: int


@dataclass(frozen=True)
class Row:
    """One estimate: schema ``layer_fits`` without the columns that name the sample."""

    quantity: str
    value: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan
    ci_method: str = ""
    xmin: float = np.nan
    xmax: float = np.nan
    n: int = 0
    clusters: int = 0
    peer_points: int = 0
    peer_xmin: float = np.nan
    peer_exponent: float = np.nan
    peer_error: float = np.nan
    own_exponent: float = np.nan
    note: str = ""


@dataclass(frozen=True)
class LaunchedSample:
    """Kept (uncensored) avalanches at one multiplier, with sizes in one normalisation; arrays of shape (n,)."""

    cluster: NDArray[np.int64]
    clusters: int
    duration: NDArray[np.int64]
    size: Floats

    def of(self, used: Mask) -> LaunchedSample:
        """The avalanches of the clusters that a mask of shape (clusters,) marks."""
        chosen = used[self.cluster]
        return replace(self, cluster=self.cluster[chosen], duration=self.duration[chosen], size=self.size[chosen])


@dataclass(frozen=True)
class _Range:
    """One observable on its declared range."""

    letter: str
    data: Floats
    cluster: NDArray[np.int64]
    xmin: float
    xmax: float
    discrete: bool

    def sums(self, clusters: int) -> tuple[Floats, Floats, Floats]:
        """Number, sum of logarithms and sum of the values in range, of each cluster, shape (clusters,)."""
        inside = (self.data >= self.xmin) & (self.data <= self.xmax)
        x, cluster = self.data[inside], self.cluster[inside]
        number, logs, plain = (
            np.bincount(cluster, weights=weights, minlength=clusters).astype(np.float64)
            for weights in (np.ones_like(x), np.log(x), x)
        )
        return number, logs, plain

    def ks_distance(self, values: Floats) -> float:
        """Distance of values to the power law fitted to them; two points are enough."""
        if self.discrete:
            return fit_discrete(values, int(self.xmin), int(self.xmax), minimum=2).ks_distance
        return fit_continuous(values, self.xmin, self.xmax, minimum=2).ks_distance


def select_sample(avalanches: pd.DataFrame, multiplier: int, normalisation: str) -> LaunchedSample:
    """Kept avalanches of one multiplier, in clusters.

    Args:
        avalanches: schema ``layer_avalanches``, of all multipliers, which fix the clusters.
        multiplier: n.
        normalisation: ``components`` or ``rms``.
    """
    by = "network" if len(np.unique(avalanches["network"])) > 1 else "block"
    names = np.unique(avalanches[by])
    kept = avalanches[(avalanches["multiplier"] == multiplier) & ~avalanches["censored"]]
    return LaunchedSample(
        np.searchsorted(names, kept[by]), len(names), kept["duration"].to_numpy(np.int64),
        kept[NORMALISATIONS[normalisation]].to_numpy(),
    )  # fmt: skip


def fit_sample(sample: LaunchedSample, depth: int, settings: Settings, rng: np.random.Generator) -> list[Row]:
    """All estimates of one sample; values are missing, with a note, where too few avalanches are in range.

    Args:
        sample: avalanches of one model at one multiplier.
        depth: layers of the model.
        settings: ranges and repetitions.
        rng: for synthetic samples.
    """
    shortest, longest = duration_range(depth, settings)
    found, shortage = _points(sample, shortest, longest)
    if shortage:
        return [Row(name, xmin=shortest, xmax=longest, n=found, note=shortage) for name in QUANTITIES]
    durations, sizes = _ranges(sample, depth, settings)
    rows = _exponents(durations, sizes, sample.clusters, settings)
    for observable in (durations, sizes):
        rows += _distances(observable, sample.clusters, settings, rng)
        rows.append(_likelihood_ratio(observable, sample.clusters, settings))
    rows += _size_against_duration(sample, shortest, longest, settings)
    return [replace(row, n=found, clusters=sample.clusters) for row in rows]


def duration_range(depth: int, settings: Settings) -> tuple[int, int]:
    """Shortest and longest duration of fits, in layers."""
    return settings.shortest_duration, int(settings.longest_fraction * depth)


def _points(sample: LaunchedSample, shortest: int, longest: int) -> tuple[int, str]:
    """Avalanches in range, and what they lack to be fitted; nothing if they are enough."""
    inside = (sample.duration >= shortest) & (sample.duration <= longest)
    found, distinct = int(inside.sum()), len(np.unique(sample.duration[inside]))
    occupied = len(np.unique(sample.cluster[inside]))
    if found >= MINIMUM_POINTS and distinct >= FEWEST_DURATIONS and occupied >= 2:
        return found, ""
    return found, (
        f"{found} avalanches of {distinct} durations in {occupied} clusters, expected at least {MINIMUM_POINTS} of "
        f"{FEWEST_DURATIONS} in 2"
    )


def spread_over_multipliers(samples: Sequence[LaunchedSample], depth: int, settings: Settings) -> list[Row]:
    """Standard deviation of both exponents over the multipliers, on ranges declared by all avalanches of each.

    The networks of all samples are the same, and are left out together.
    """
    names = ("spread_tau_d", "spread_tau_s")
    for multiplier, sample in enumerate(samples):
        found, shortage = _points(sample, *duration_range(depth, settings))
        if shortage:
            return [Row(name, n=found, note=f"n = {multiplier}: {shortage}") for name in names]
    ranges = [_ranges(sample, depth, settings) for sample in samples]
    rows = []
    for name, observables in zip(names, zip(*ranges, strict=True), strict=True):
        sums = [observable.sums(samples[0].clusters) for observable in observables]

        pairs = list(zip(observables, sums, strict=True))

        def spread(used: Mask, pairs: Sequence[tuple[_Range, tuple[Floats, ...]]] = pairs) -> float:
            return float(np.std([_exponent(*pair, used) for pair in pairs], ddof=1))

        row = _row(name, jackknife(spread, samples[0].clusters, settings.confidence))
        rows.append(replace(row, clusters=samples[0].clusters, n=int(min(found[0].sum() for found in sums))))
    return rows


def _ranges(sample: LaunchedSample, depth: int, settings: Settings) -> tuple[_Range, _Range]:
    """Durations on their declared range, and sizes between the same quantiles.

    Sizes have other units in every model and normalisation. As many of them are left out below and above as there are
    durations out of range, so that both exponents are of the same share of avalanches.
    """
    shortest, longest = duration_range(depth, settings)
    ordered = np.sort(sample.size)
    below, up_to = int(np.sum(sample.duration < shortest)), int(np.sum(sample.duration <= longest))
    durations = _Range("d", sample.duration.astype(np.float64), sample.cluster, shortest, longest, True)
    return durations, _Range("s", sample.size, sample.cluster, ordered[below], ordered[up_to - 1], False)


def _exponent(observable: _Range, sums: Sequence[Floats], used: Mask) -> float:
    number, logs = sums[0][used].sum(), sums[1][used].sum()
    return float(exponent_from_sums(number, logs, observable.xmin, observable.xmax, observable.discrete))


def _exponents(durations: _Range, sizes: _Range, clusters: int, settings: Settings) -> list[Row]:
    """tau_d, tau_s, their ratio (tau_d - 1) / (tau_s - 1), and the height tau_d - 1 - 2 (tau_s - 1) over its line.

    The ratio has Fieller's interval, with the covariance of both exponents and Student's quantile for the normal's.

    Raises:
        PeerError: where the powerlaw package does not agree with tau_d or tau_s.
    """
    pairs = [(observable, observable.sums(clusters)) for observable in (durations, sizes)]

    def exponents(used: Mask) -> tuple[float, float]:
        tau_d, tau_s = (_exponent(*pair, used) for pair in pairs)
        return tau_d, tau_s

    def height(used: Mask) -> float:
        tau_d, tau_s = exponents(used)
        return tau_d - 1 - 2 * (tau_s - 1)

    rows = []
    for index, (observable, _) in enumerate(pairs):
        fit = jackknife(lambda used, index=index: exponents(used)[index], clusters, settings.confidence)  # type: ignore[misc]
        peer = peer_fit(np.sort(observable.data), observable.xmin, observable.xmax, observable.discrete)
        rows.append(
            replace(_row(f"tau_{observable.letter}", fit), xmin=observable.xmin, xmax=observable.xmax, **vars(peer))
        )
    tau_d, tau_s = exponents(np.ones(clusters, bool))
    without = leave_one_out(exponents, clusters)
    rows.append(_row("line", jackknife(height, clusters, settings.confidence)))
    if not np.isfinite(without).all():
        note = "an exponent does not exist without some cluster"
        return [*rows, Row("ratio", (tau_d - 1) / (tau_s - 1), -np.inf, np.inf, note=note)]
    covariance = jackknife_covariance(without)
    tail = 0.5 + settings.confidence / 2
    covariance *= (student.ppf(tail, clusters - 1) / norm.ppf(tail)) ** 2
    ratio = ratio_interval(
        tau_d, float(covariance[0, 0] ** 0.5), tau_s, float(covariance[1, 1] ** 0.5),
        covariance=float(covariance[0, 1]), confidence=settings.confidence,
    )  # fmt: skip
    rows.append(Row("ratio", ratio.ratio, ratio.ci_low, ratio.ci_high, "Fieller, jackknife by cluster, Student"))
    return rows


def _distances(observable: _Range, clusters: int, settings: Settings, rng: np.random.Generator) -> list[Row]:
    """KS distance of the data to their power law, and what of it is more than an exact power law would show.

    A power law itself is at a distance of about 1/sqrt(n) from n draws of it, which is the mean over synthetic samples.
    """
    number, logs, _ = observable.sums(clusters)
    everyone = np.ones(clusters, bool)
    exponent, n = _exponent(observable, (number, logs), everyone), int(number.sum())
    law = sample_discrete if observable.discrete else sample_continuous
    ends = (int(observable.xmin), int(observable.xmax)) if observable.discrete else (observable.xmin, observable.xmax)
    drawn = [law(rng, n, exponent, *ends).astype(np.float64) for _ in range(settings.synthetic_samples)]
    expected = float(np.mean([observable.ks_distance(sample) for sample in drawn]))

    def distance(used: Mask) -> float:
        chosen = observable.data[used[observable.cluster]]
        inside = chosen[(chosen >= observable.xmin) & (chosen <= observable.xmax)]
        return observable.ks_distance(inside) if len(np.unique(inside)) > 1 else np.nan

    found = jackknife(distance, clusters, settings.confidence)
    excess = found._replace(value=found.value - expected, ci_low=found.ci_low - expected,
                            ci_high=found.ci_high - expected)  # fmt: skip
    named = ((f"ks_{observable.letter}", found), (f"ks_excess_{observable.letter}", excess))
    return [replace(_row(name, row), xmin=observable.xmin, xmax=observable.xmax) for name, row in named]


def _likelihood_ratio(observable: _Range, clusters: int, settings: Settings) -> Row:
    """Log likelihood of the power law less that of the exponential, an avalanche, both on the same range.

    The likelihoods are at their maxima, where leaving out a cluster moves them through its own avalanches alone.
    Vuong's test would take avalanches as independent.
    """
    (compared,) = compare_alternatives(
        observable.data, observable.xmin, observable.xmax, alternatives=("exponential",), discrete=observable.discrete
    )
    number, logs, plain = observable.sums(clusters)
    exponent = _exponent(observable, (number, logs), np.ones(clusters, bool))
    pointwise = compared.parameters["rate"] * plain - exponent * logs
    # what is left are both normalisations, the same for every avalanche
    pointwise += number * (compared.loglikelihood_ratio - pointwise.sum()) / number.sum()
    found = jackknife(lambda used: float(pointwise[used].sum() / number[used].sum()), clusters, settings.confidence)
    row = _row(f"likelihood_ratio_{observable.letter}", found)
    note = "" if compared.converged else "the exponential's likelihood did not converge"
    return replace(row, xmin=observable.xmin, xmax=observable.xmax, note=note)


def _size_against_duration(sample: LaunchedSample, shortest: int, longest: int, settings: Settings) -> list[Row]:
    """gamma by the paper's weighted regression, and how far large avalanches lie above its line.

    The latter is the mean residual of ln <S>_D over the tenth of durations that is longest, weighted by avalanches.
    """
    far = float(np.quantile(np.unique(sample.duration), FAR))

    def line(used: Mask) -> tuple[float, float]:
        chosen = sample.of(used)
        table = duration_statistics(chosen.duration, chosen.size)
        usable = (table["count"] >= 2) & (table["var_log_size"] > VARIANCE_FLOOR)
        if (usable & table["duration"].between(shortest, longest)).sum() < FEWEST_DURATIONS:
            return np.nan, np.nan
        fit = fit_size_duration(
            *(table[name] for name in ("duration", "count", "mean_size", "var_log_size")), dmin=shortest, dmax=longest
        )
        large = table[table["duration"] >= far]
        if large.empty:
            return fit.gamma, np.nan
        expected = fit.intercept + fit.gamma * np.log(large["duration"])
        return fit.gamma, float(np.average(np.log(large["mean_size"]) - expected, weights=large["count"]))

    def component(index: int) -> Callable[[Mask], float]:
        return lambda used: line(used)[index]

    gamma, runaway = (jackknife(component(index), sample.clusters, settings.confidence) for index in (0, 1))
    return [
        replace(_row("gamma", gamma), xmin=shortest, xmax=longest),
        replace(_row("runaway", runaway), xmin=far, xmax=sample.duration.max()),
    ]


def _row(name: str, found: Estimate[float]) -> Row:
    return Row(name, found.value, found.ci_low, found.ci_high, "jackknife by cluster, Student")
