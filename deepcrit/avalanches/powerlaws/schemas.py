"""Distributions of sizes and durations, and power laws fitted to them."""

from __future__ import annotations

from deepcrit.core.schema import PEER_COLUMNS, POINT_COLUMNS, Column, Schema, interval_columns

_FIT_RANGE = (
    Column("observable", "text", "size (times sqrt N) or duration"),
    Column("xmin", "float64", "lower end of the fitted range"),
    Column("xmax", "float64", "upper end of the fitted range", nullable=True),
)

EXPONENTS = Schema(
    "exponents",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("range", "text", "declared, or scan: xmin of least KS distance"),
        Column("exponent", "float64", "maximum-likelihood exponent"),
        Column("standard_error", "float64", "from the Fisher information on the range"),
        *interval_columns("exponent"),
        Column("ks_distance", "float64", "Kolmogorov-Smirnov distance to the fitted law"),
        Column("n", "int64", "avalanches in the range"),
        Column("effective_n", "float64", "independent avalanches worth as much"),
        Column("clusters", "int64", "networks or blocks resampled"),
        Column("censored_of_launched", "float64", "censored over launched avalanches"),
        Column("censored_of_started", "float64", "censored over started avalanches"),
        Column("censored_of_kept", "float64", "censored over kept avalanches"),
        *PEER_COLUMNS,
        Column("warning", "text", "why the interval may be too narrow"),
    ),
)
ALTERNATIVES = Schema(
    "alternatives",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("alternative", "text", "the other law, normalised on the same range"),
        Column("parameters", "text", "its maximum-likelihood parameters"),
        Column("loglikelihood_ratio", "float64", "log likelihood of the power law minus that of the other"),
        Column("normalised_ratio", "float64", "the same over its standard deviation (Vuong)", nullable=True),
        Column("p_value", "float64", "Vuong's test, or the nested chi-square"),
        Column("preferred", "text", "power_law, the other law, or undecided"),
        Column("converged", "bool", "the optimum was found"),
        Column("n", "int64", "avalanches compared"),
    ),
)
GOODNESS = Schema(
    "goodness",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("subsample", "int64", "avalanches drawn from the sample"),
        Column("p_value", "float64", "median parametric-bootstrap p over subsamples"),
        Column("rejected", "bool", "p below the declared level"),
    ),
)
XMIN_SCAN = Schema(
    "xmin_scan",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("exponent", "float64", "maximum-likelihood exponent above this xmin"),
        Column("standard_error", "float64", "from the Fisher information on the range"),
        Column("ks_distance", "float64", "Kolmogorov-Smirnov distance to the fitted law"),
        Column("n", "int64", "avalanches in the range"),
    ),
)
STRAIGHT_SPANS = Schema(
    "straight_spans",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("ks_limit", "float64", "largest KS distance that counts as straight"),
        Column("decades", "float64", "log10(xmax / xmin) of the longest straight range"),
    ),
)
LOWER_ENDS = Schema(
    "lower_ends",
    (
        *POINT_COLUMNS,
        Column("quantile", "float64", "which quantile stands for the lower end"),
        Column("size", "float64", "that quantile of S"),
        Column("aligned_size", "float64", "that quantile of S sqrt(N)"),
        Column("aligned_ratio", "float64", "aligned size over its mean across widths"),
    ),
)
DENSITIES = Schema(
    "densities",
    (
        *POINT_COLUMNS,
        Column("observable", "text", "size (times sqrt N) or duration"),
        Column("centre", "float64", "geometric mean of the bin's edges"),
        Column("density", "float64", "probability density of kept avalanches"),
        Column("count", "int64", "avalanches in the bin"),
    ),
)
