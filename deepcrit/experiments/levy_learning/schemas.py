"""What came of networks trained from stable weights beside what is known of them before."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.experiments.levy_training.schemas import STABLE_COLUMNS

# columns of levy_points that training is held against, each large where its theory wants training to be, with their
# names in rank_correlations; and over which points
TRAINING_PREDICTORS = {
    "line_closeness": "closeness to the ordered line",
    "log_excess": "Jacobian average of ln r",
    "shifted_excess": "Jacobian average of r - 2",
    "multifractality": "multifractality",
    "later_closeness": "closeness to the later edge",
}
WHOLE_GRID, WITHIN_ALPHAS = "grid", "within alphas"
LEVY_POINTS = Schema(
    "levy_points",
    (
        *STABLE_COLUMNS,
        Column("test_accuracy", "float64", "fraction of unseen images classified correctly at the end"),
        Column("training_time", "float64", "published epochs to the goal; infinite if not reached", nullable=True),
        Column("speed", "float64", "one over this time, zero if the goal was not reached"),
        Column("line_gain", "float64", "gain of the ordered line, q* = 0.01, at this alpha"),
        Column("later_gain", "float64", "gain of the later edge, interpolated; missing beside it", nullable=True),
        Column("line_closeness", "float64", "minus the distance in g from the ordered line"),
        Column("log_excess", "float64", "J_f of f1 at L = 1, of radii in the window, less that on the ordered line"),
        Column("shifted_excess", "float64", "J_f of f2 at L = 1, of all radii, less that on the ordered line"),
        Column("multifractality", "float64", "minus mean D_2 of the Jacobian before training"),
        Column("later_closeness", "float64", "minus the distance in g from the later edge, where known", nullable=True),
    ),
)
LEVY_REGIONS = Schema(
    "levy_regions",
    (
        Column("region", "text", "log or shifted: J_f of f1 or f2 at L = 1 beats the ordered line, alpha below 2"),
        Column("inside", "int32", "networks within the extended critical regime, read so"),
        Column("outside", "int32", "the other networks of the grid"),
        Column("difference", "float64", "mean test accuracy inside less outside", nullable=True),
        *interval_columns("difference"),
        Column("p_value", "float64", "two-sided, Mann and Whitney", nullable=True),
        Column("gaussian_best", "float64", "best accuracy inside less the best at the largest alpha", nullable=True),
        Column("protocol", "text", "published, published steps, rescaled at the published width, rescaled, or reduced"),
    ),
)
