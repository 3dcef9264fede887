"""Predictors of training from stable weights, and the extended critical regime against the rest."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu, ttest_ind

from deepcrit.experiments.levy_learning.schemas import TRAINING_PREDICTORS, WHOLE_GRID, WITHIN_ALPHAS
from deepcrit.physics.heavytails import PhaseColumn, phase_column
from deepcrit.stats.intervals import CONFIDENCE
from deepcrit.stats.predictors import PredictedOutcome, predictor_correlations

_LINE = "fixed_point"
_AVERAGES = {"log": "window", "shifted": "all"}  # radii that enter J_f, infinite of f1 over all of them at alpha = 1


def training_points(grid: pd.DataFrame, dimensions: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """One row a network of the grid, schema ``levy_points``.

    Args:
        grid: schema ``levy_outcomes``, of the grid.
        dimensions: mean ``dimension`` D_2 before training by ``point``.
        later: ``alpha`` and ``gain`` of the later edge, between which it is interpolated.

    Raises:
        HeavyTailsError: gains that do not straddle the ordered line.
    """
    columns = {alpha: _column(alpha, of["gain"]) for alpha, of in grid.groupby("alpha")}
    known = later.sort_values("alpha")
    parts = []
    for alpha, of in grid.merge(dimensions[["point", "dimension"]], on="point").groupby("alpha"):
        column = columns[alpha]
        place = np.searchsorted(column.averages.gains, of["gain"])
        line = column.lines[_LINE]
        edge = np.interp(of["alpha"], known["alpha"], known["gain"], left=np.nan, right=np.nan)
        parts.append(
            of.assign(
                training_time=of["first_published"],
                speed=1 / of["first_published"],
                line_gain=line,
                later_gain=edge,
                line_closeness=-np.abs(of["gain"] - line),
                multifractality=-of["dimension"],
                later_closeness=-np.abs(of["gain"] - edge),
                **{f"{family}_excess": _excess(column, family)[place] for family in _AVERAGES},
            )
        )
    return pd.concat(parts)


def _column(alpha: Any, gains: pd.Series[float]) -> PhaseColumn:
    return phase_column(float(alpha), np.sort(gains.to_numpy()), (1,), (1,))


def _excess(column: PhaseColumn, family: str) -> Any:
    return column.excess(family, _AVERAGES[family], _LINE)[0]


def training_correlations(points: pd.DataFrame, rng: np.random.Generator, replicates: int) -> pd.DataFrame:
    """Rank correlations of accuracy and speed with each predictor, schema ``rank_correlations``.

    Networks that never reach the goal are the slowest, all alike.

    Args:
        points: schema ``levy_points``.
        rng: for the bootstrap.
        replicates: resamplings of points.
    """
    rows = []
    for column, name in (("test_accuracy", "test accuracy"), ("speed", "training speed")):
        outcome = PredictedOutcome(column, name, TRAINING_PREDICTORS, ("line_closeness",))
        rows += predictor_correlations(
            points, outcome, "alpha", points["alpha"].unique().tolist(), (WHOLE_GRID, WITHIN_ALPHAS), rng, replicates
        )
    return pd.DataFrame(rows)


def region_accuracy(points: pd.DataFrame, protocol: str) -> pd.DataFrame:
    """Test accuracy in the extended critical regime against the rest of the grid, schema ``levy_regions``.

    The regime is read as alpha below the largest, a gain above the ordered line, and J_f above its value there.

    Args:
        points: schema ``levy_points``.
        protocol: its label.
    """
    rows = []
    for family in _AVERAGES:
        extended = points["alpha"] < points["alpha"].max()
        extended &= (points["gain"] > points["line_gain"]) & (points[f"{family}_excess"] > 0)
        inside, outside = (points.loc[chosen, "test_accuracy"] for chosen in (extended, ~extended))
        gaussian = points.loc[points["alpha"] == points["alpha"].max(), "test_accuracy"]
        row = {
            "region": family, "inside": len(inside), "outside": len(outside), "difference": np.nan, "ci_low": np.nan,
            "ci_high": np.nan, "ci_method": "Welch over networks", "p_value": np.nan, "protocol": protocol,
            "gaussian_best": inside.max() - gaussian.max(),
        }  # fmt: skip
        if min(len(inside), len(outside)) > 1:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
                interval = ttest_ind(inside, outside, equal_var=False).confidence_interval(CONFIDENCE)
            row |= {
                "difference": inside.mean() - outside.mean(), "ci_low": float(interval.low),
                "ci_high": float(interval.high), "p_value": float(mannwhitneyu(inside, outside).pvalue),
            }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)
