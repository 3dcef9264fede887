"""Does learning sit where the response is large, or at the edge of chaos? Rank correlations over one grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from deepcrit.experiments.learning.schemas import ALONG, PREDICTORS, WHOLE, WITHIN
from deepcrit.stats.predictors import PredictedOutcome, predictor_correlations
from deepcrit.stats.ranks import trend

TARGET = "train_accuracy"
# susceptibility is held to predict learning better than closeness to the edge of chaos, and to the critical point
ACCURACY = PredictedOutcome(TARGET, "training accuracy", PREDICTORS, ("edge_closeness", "point_closeness"))


def with_distances(points: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Points of the plane with minus their distances from the edge of chaos, the Widom-like line and (1, 0).

    Those from lines are in sw2 alone.

    Args:
        points: columns ``weight_variance`` and ``bias_variance``.
        lines: columns ``bias_variance``, ``edge_weight_variance`` and ``ridge_weight_variance``.
    """
    at = points[["bias_variance"]].merge(lines, on="bias_variance", how="left", validate="many_to_one")
    sw2 = points["weight_variance"].to_numpy()
    return points.assign(
        edge_closeness=-np.abs(sw2 - at["edge_weight_variance"].to_numpy()),
        ridge_closeness=-np.abs(sw2 - at["ridge_weight_variance"].to_numpy()),
        point_closeness=-np.hypot(sw2 - 1.0, points["bias_variance"].to_numpy()),
    )


def along_edge(points: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Accuracy on the edge of chaos, by linear interpolation between weight variances, one row a bias variance.

    It is missing where the edge lies beside the weight variances that were tried.
    """
    rows = []
    for bias, line in points.groupby("bias_variance", sort=True):
        edge = float(lines.loc[lines["bias_variance"] == bias, "edge_weight_variance"].iloc[0])
        ordered = line.sort_values("weight_variance")
        sw2 = ordered["weight_variance"].to_numpy()
        on_grid = sw2[0] <= edge <= sw2[-1]
        rows.append(
            {
                "bias_variance": bias,
                "log10_bias_variance": ordered["log10_bias_variance"].iloc[0],
                "edge_weight_variance": edge,
                TARGET: float(np.interp(edge, sw2, ordered[TARGET])) if on_grid else np.nan,
                "best_accuracy": float(ordered[TARGET].max()),
            }
        )
    return pd.DataFrame(rows)


def accuracy_correlations(
    points: pd.DataFrame, edge: pd.DataFrame, trained_biases: Sequence[float], rng: np.random.Generator, replicates: int
) -> pd.DataFrame:
    """Rank correlations of the training accuracy with everything it is held against, schema ``rank_correlations``.

    Over the whole plane; averaged over bias variances, each ranked on its own, where anything trains and enough points
    are known; differences from the closeness to the edge of chaos and to the critical point over the same bootstrap;
    and along the edge. What is not known at some point is held against the others at the points where it is.

    Args:
        points: one row a point with trained networks, with columns ``PREDICTORS`` and ``train_accuracy``.
        edge: of :func:`along_edge`.
        trained_biases: bias variances at which some network trains.
        rng: for the bootstrap.
        replicates: resamplings.
    """
    rows = predictor_correlations(points, ACCURACY, "bias_variance", trained_biases, (WHOLE, WITHIN), rng, replicates)
    on_grid = edge[edge[TARGET].notna()]
    rows.append(trend("training accuracy", "bias variance", ALONG, on_grid[TARGET], on_grid["bias_variance"]))
    return pd.DataFrame(rows)
