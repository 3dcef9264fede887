"""Rank correlations with intervals."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import ConstantInputWarning, norm, rankdata, spearmanr, spearmanrho

from deepcrit.stats.intervals import CONFIDENCE

LEAST_PAIRS = 4  # fewer have no standard error


class RankCorrelation(NamedTuple):
    """Spearman's rank correlation.

    Attributes:
        value: between -1 and 1; NaN where one side is constant or there are under four points.
        ci_low, ci_high: 95% interval.
        p_value: two-sided, of no correlation.
        n: points.
    """

    value: float
    ci_low: float
    ci_high: float
    p_value: float
    n: int


def rank_correlation(x: ArrayLike, y: ArrayLike) -> RankCorrelation:
    """Spearman's correlation of independent pairs.

    The interval is by Fisher's z with the variance of Bonett and Wright (2000). A correlation of 1 or -1, whose z has
    no value, counts as one half a step from it, the step being that of two neighbours in rank that change places: of
    five points one order in 60 is perfect by chance.

    Raises:
        ValueError: if the two are not of one length.
    """
    first, second = np.asarray(x, float), np.asarray(y, float)
    if first.shape != second.shape:
        raise ValueError(f"found {first.shape} and {second.shape}, expected as many x as y")
    n = first.size
    if n < LEAST_PAIRS or np.ptp(first) == 0 or np.ptp(second) == 0:
        return RankCorrelation(np.nan, np.nan, np.nan, np.nan, n)
    found = spearmanr(first, second)
    value = float(found.statistic)
    perfect = abs(value) > 1 - 1e-12
    value = float(round(value)) if perfect else value
    inner = value * (1 - 6 / (n**3 - n)) if perfect else value
    reach = norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt((1 + inner**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(inner) + np.array([-reach, reach]))
    return RankCorrelation(value, float(min(low, value)), float(max(high, value)), float(found.pvalue), n)


def rank_correlation_value(x: ArrayLike, y: ArrayLike) -> float:
    """The value of :func:`rank_correlation` alone, without its interval, of which most of the time is."""
    first, second = np.asarray(x, float), np.asarray(y, float)
    if first.size < LEAST_PAIRS or np.ptp(first) == 0 or np.ptp(second) == 0:
        return np.nan
    ranks = np.column_stack([rankdata(first), rankdata(second)])
    value = float(np.corrcoef(ranks, rowvar=False)[1, 0])
    return float(round(value)) if abs(value) > 1 - 1e-12 else value


def trend(of: str, against: str, over: str, y: ArrayLike, x: ArrayLike) -> dict[str, Any]:
    """The rank correlation of y with x as a row of schema ``rank_correlations``."""
    found = rank_correlation(x, y)
    return {
        "of": of,
        "against": against,
        "over": over,
        "correlation": found.value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_method": "Fisher's z, variance of Bonett and Wright",
        "p_value": found.p_value,
        "n": found.n,
    }


def resampled_correlations(
    target: ArrayLike, features: Mapping[str, ArrayLike], rng: np.random.Generator, replicates: int = 2000
) -> dict[str, NDArray[np.float64]]:
    """Spearman's correlation of every feature with one target, over one and the same bootstrap of the points.

    Args:
        target: values, shape (points,).
        features: values by name, each of shape (points,).
        rng: for the bootstrap.
        replicates: resamplings.

    Returns:
        For every feature an array of ``replicates`` correlations, so that differences can be taken between features.
    """
    y = np.asarray(target, float)
    chosen = rng.integers(0, y.size, (replicates, y.size))
    return {name: row_correlations(np.asarray(values, float)[chosen], y[chosen]) for name, values in features.items()}


def row_correlations(rows: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spearman's correlation of each row of shape (rows, points) with values of that shape, or of shape (points,).

    NaN where either does not vary.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConstantInputWarning)
        return np.asarray(spearmanrho(rows, values, axis=-1).statistic, np.float64)
