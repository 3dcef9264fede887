"""Relations between size, duration, shape and width."""

from __future__ import annotations

from deepcrit.core.schema import POINT_COLUMNS, Column, Schema, interval_columns

SIZE_DURATION = Schema(
    "size_duration",
    (
        *POINT_COLUMNS,
        Column("duration", "int32", "duration D", "layers"),
        Column("count", "int64", "kept avalanches of that duration"),
        Column("mean_size", "float64", "<S>_D"),
        Column("var_log_size", "float64", "sample variance of ln S", nullable=True),
    ),
)
GAMMAS = Schema(
    "gammas",
    (
        *POINT_COLUMNS,
        Column("xmin", "float64", "shortest duration", "layers"),
        Column("xmax", "float64", "longest duration", "layers"),
        Column("minimum_count", "int32", "fewest avalanches of a duration that is used"),
        Column("declared", "bool", "the row that claims are judged on"),
        Column("gamma", "float64", "weighted least squares slope of ln <S>_D on ln D"),
        Column("standard_error", "float64", "of the weighted regression"),
        *interval_columns("slope"),
        Column("r_squared", "float64", "weighted"),
        Column("largest_weight_share", "float64", "share of the heaviest duration in all weights"),
        Column("durations", "int64", "durations used"),
        Column("n", "int64", "avalanches used"),
    ),
)
COLLAPSES = Schema(
    "collapses",
    (
        *POINT_COLUMNS,
        Column("xmin", "float64", "shortest duration", "layers"),
        Column("xmax", "float64", "longest duration", "layers"),
        Column("gamma_star", "float64", "exponent of the best collapse"),
        Column("published_error", "float64", "sqrt(1/(2a)) of the parabola, as the paper defines it"),
        *interval_columns("exponent of the best collapse"),
        Column("nmse", "float64", "normalised mean squared error at the best collapse"),
        Column("nmse_per_duration", "float64", "the same over the number of durations"),
        Column("durations", "int64", "durations used"),
        Column("n", "int64", "avalanches used"),
        Column("warning", "text", "empty unless the minimum lies at the edge of the grid"),
    ),
)
COLLAPSE_CURVE = Schema(
    "collapse_curve",
    (
        *POINT_COLUMNS,
        Column("gamma", "float64", "trial exponent"),
        Column("nmse", "float64", "normalised mean squared error"),
    ),
)
COLLAPSED_PROFILES = Schema(
    "collapsed_profiles",
    (
        *POINT_COLUMNS,
        Column("duration", "int32", "duration of the mean profile", "layers"),
        Column("u", "float64", "layer over duration"),
        Column("scaled_profile", "float64", "mean profile over D^(gamma* - 1)"),
    ),
)
EXTRAPOLATIONS = Schema(
    "extrapolations",
    (
        Column("sample", "text", "name of the sample in the configuration"),
        Column("observable", "text", "size or duration"),
        Column("parameter", "text", "tau, c or w of tau(N) = tau + c N^-w"),
        Column("value", "float64", "least squares value", nullable=True),
        *interval_columns("parameter"),
        Column("identified", "bool", "the interval is bounded"),
        Column("chi2_per_dof", "float64", "with the errors as they are; intervals scale them by its root"),
        Column("residual_rms", "float64", "of the fit"),
        Column("widths", "int64", "number of widths"),
    ),
)
CRACKLING = Schema(
    "crackling",
    (
        *POINT_COLUMNS,
        Column("relation", "text", "which exponent or difference"),
        Column("value", "float64", "its value; missing where it is not identified", nullable=True),
        *interval_columns("value"),
    ),
)
