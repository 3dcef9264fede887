"""Rank correlations of one outcome with several predictors on the same points, and whether one beats another."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.ranks import rank_correlation, resampled_correlations

LEAST_IN_LINE = 6  # points that are ranked on their own
_PERCENTILES = "percentile bootstrap over points"


@dataclass(frozen=True)
class PredictedOutcome:
    """What is predicted, and what predicts it.

    Attributes:
        column: of the points, the outcome.
        name: of the outcome, for tables.
        predictors: names, for tables, of the columns that it is held against.
        rivals: columns of the predictors that all others are compared with.
    """

    column: str
    name: str
    predictors: Mapping[str, str]
    rivals: tuple[str, ...]


def predictor_correlations(
    points: pd.DataFrame,
    outcome: PredictedOutcome,
    line: str,
    lines: Container[float],
    over: tuple[str, str],
    rng: np.random.Generator,
    replicates: int,
) -> list[dict[str, Any]]:
    """Rows of schema ``rank_correlations``.

    Over all points; averaged over lines, each ranked on its own, where enough points are known; and differences from
    the rivals over the same bootstrap. What is not known at some point is held against the outcome at the points
    where it is.

    Args:
        points: with the columns of the outcome and of its predictors.
        outcome: what is held against what.
        line: column whose values cut the points into lines.
        lines: its values at which lines are ranked.
        over: what all points are called, and the lines together.
        rng: for the bootstrap.
        replicates: resamplings.
    """
    rows = []
    for feature, name in outcome.predictors.items():
        known = points[points[feature].notna()]
        found, resampled = _over_points(known, outcome, feature, rng, replicates)
        rows.append(_row(outcome, name, over[0], found[feature], resampled[feature], len(known)))
        for rival in outcome.rivals:
            if rival != feature:
                less = f"{name}, less that with {outcome.predictors[rival]}"
                difference, spread = found[feature] - found[rival], resampled[feature] - resampled[rival]
                rows.append(_row(outcome, less, over[0], difference, spread, len(known)))
        each = [rows_of for value, rows_of in known.groupby(line) if value in lines]
        each = [rows_of for rows_of in each if len(rows_of) >= LEAST_IN_LINE and _has_order(rows_of, outcome, feature)]
        if each:
            ranked = [_over_points(rows_of, outcome, feature, rng, replicates) for rows_of in each]
            mean = np.mean([value[feature] for value, _ in ranked])
            spread = np.nanmean([values[feature] for _, values in ranked], axis=0)
            rows.append(_row(outcome, name, over[1], float(mean), spread, sum(map(len, each))))
    return rows


def _has_order(points: pd.DataFrame, outcome: PredictedOutcome, feature: str) -> bool:
    return np.isfinite(rank_correlation(points[outcome.column], points[feature]).value)


def _over_points(
    known: pd.DataFrame, outcome: PredictedOutcome, feature: str, rng: np.random.Generator, replicates: int
) -> tuple[dict[str, float], dict[str, NDArray[np.float64]]]:
    """Correlations with a feature and with its rivals, and their common bootstrap."""
    features = {name: known[name].to_numpy() for name in (feature, *outcome.rivals)}
    found = {name: rank_correlation(known[outcome.column], values).value for name, values in features.items()}
    if len(known) < 2:
        return found, {name: np.full(replicates, np.nan) for name in features}
    return found, resampled_correlations(known[outcome.column], features, rng, replicates)


def _row(
    outcome: PredictedOutcome, against: str, over: str, value: float, resampled: NDArray[np.float64], n: int
) -> dict[str, Any]:
    low, high = percentile_interval(resampled)
    return {
        "of": outcome.name,
        "against": against,
        "over": over,
        "correlation": value,
        "ci_low": low,
        "ci_high": high,
        "ci_method": _PERCENTILES,
        "p_value": np.nan,
        "n": n,
    }
