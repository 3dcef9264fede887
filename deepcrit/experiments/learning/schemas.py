"""Accuracy of trained networks beside what is known of untrained ones."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema
from deepcrit.experiments.trainability.schemas import PLANE_COLUMNS

# columns of learning_points that accuracy is held against, each large where its theory wants learning to be, with
# their names in rank_correlations; and over which points
PREDICTORS = {
    "field_susceptibility": "mean-field susceptibility",
    "started_susceptibility": "avalanche susceptibility",
    "kept_susceptibility": "avalanche susceptibility, censored left out",
    "edge_closeness": "closeness to the edge of chaos",
    "ridge_closeness": "closeness to the Widom-like line",
    "relation_closeness": "closeness to the exponent relation",
    "point_closeness": "closeness to the critical point",
}
WHOLE, WITHIN, ALONG = "plane", "within bias variances", "along the edge of chaos"
LEARNING_POINTS = Schema(
    "learning_points",
    (
        *PLANE_COLUMNS,
        Column(
            "train_accuracy",
            "float64",
            "fraction of the training images classified correctly at the end, mean over networks",
        ),
        Column("test_accuracy", "float64", "the same of unseen images"),
        Column("field_susceptibility", "float64", "mean-field d sqrt(q_ss) / d sw2, infinite at (1, 0)", nullable=True),
        Column("started_susceptibility", "float64", "d<S> / d sw2 of started avalanches, N and L alike", nullable=True),
        Column("kept_susceptibility", "float64", "the same with censored avalanches left out", nullable=True),
        Column("edge_closeness", "float64", "minus the distance in sw2 from the edge of chaos"),
        Column("ridge_closeness", "float64", "minus the distance in sw2 from the Widom-like line"),
        Column("point_closeness", "float64", "minus the distance from (1, 0) in the plane of sw2 and sb2"),
        Column("relation_closeness", "float64", "minus |(tau_d - 1) / (tau_s - 1) - gamma|, if known", nullable=True),
    ),
)
EDGE_ACCURACY = Schema(
    "edge_accuracy",
    (
        Column("bias_variance", "float64", "sb2"),
        Column("log10_bias_variance", "float64", "log10 of sb2, minus infinity without bias", nullable=True),
        Column("edge_weight_variance", "float64", "sw2 on the edge of chaos"),
        Column("train_accuracy", "float64", "training accuracy there, interpolated, if sw2 was tried", nullable=True),
        Column("best_accuracy", "float64", "highest training accuracy at this bias variance"),
    ),
)
