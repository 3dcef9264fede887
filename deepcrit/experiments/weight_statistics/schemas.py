"""liu2025, Fig. 4: shapes of tails, what else is measured of networks, and redistributed connections."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

LEAST_DISTANCE = "least distance"  # xmin is chosen by that of Kolmogorov and Smirnov
_AT = (
    Column("run", "text", "name of the network"),
    Column("iteration", "int64", "minibatches trained on before"),
    Column("quantity", "text", "what there are many values of, or what is measured"),
)
_RATIO = "power law over this one above xmin: ratio of likelihoods over its standard deviation"
TAIL_SHAPES = Schema(
    "tail_shapes",
    (
        *_AT,
        Column("values", "int64", "sizes that are not zero"),
        Column("fitted", "int64", "of them, drawn at random"),
        Column("xmin", "float64", "of the least Kolmogorov-Smirnov distance", nullable=True),
        Column("tail", "int64", "values fitted at xmin or above"),
        Column("exponent", "float64", "of a power law there", nullable=True),
        Column("distance", "float64", "of Kolmogorov and Smirnov", nullable=True),
        Column("exponential", "float64", _RATIO, nullable=True),
        Column("lognormal", "float64", _RATIO, nullable=True),
        Column("stretched_exponential", "float64", _RATIO, nullable=True),
        Column("truncated_power_law", "float64", _RATIO, nullable=True),
        Column("stable", "float64", _RATIO + "; its parameters are those of all values", nullable=True),
        Column("stable_index", "float64", "alpha of the symmetric stable law of all values", nullable=True),
        Column("better", "text", "laws preferred to the power law at 5%, joined by commas"),
        Column("heavier", "bool", "the power law is preferred to the exponential at 5%"),
        Column("reason", "text", "why there is no value; else empty"),
    ),
)
NETWORK_STATISTICS = Schema(
    "network_statistics",
    (
        *_AT,
        Column("value", "float64", "of the network", nullable=True),
        Column("reason", "text", "why there is no value; else empty"),
    ),
)
STATISTIC_CURVES = Schema(
    "statistic_curves",
    (
        *_AT,
        Column("x", "float64", "middle of a bin of equal logarithms, or threshold of losses"),
        Column("y", "float64", "density of sizes per unit of x, or share of losses that are x or more"),
    ),
)
STATISTICS_SUMMARY = Schema(
    "statistics_summary",
    (
        Column("quantity", "text", "what is averaged over networks, or compared"),
        Column("networks", "int32", "networks"),
        Column("training", "text", "of the sample: published, to 200,000 iterations, or shorter"),
        Column("value", "float64", "mean, share or difference", nullable=True),
        *interval_columns("value"),
    ),
)
REDISTRIBUTED_WEIGHTS = Schema(
    "redistributed_weights",
    (
        Column("probability", "float64", "P_C"),
        Column("x", "float64", "middle of a bin of equal logarithms, in mean strengths"),
        Column("density", "float64", "of strengths of all matrices"),
    ),
)
REDISTRIBUTION_FITS = Schema(
    "redistribution_fits",
    (
        Column("probability", "float64", "P_C"),
        Column("xmin_rule", "text", "where the power law begins"),
        Column("xmin", "float64", "in mean strengths"),
        Column("tail", "int64", "connections at xmin or above"),
        Column("exponent", "float64", "alpha"),
        *interval_columns("alpha"),
    ),
)
REDISTRIBUTION_RELATION = Schema(
    "redistribution_relation",
    (
        Column("xmin_rule", "text", "where power laws begin"),
        Column("parameter", "text", "slope or intercept of alpha against 1/P_C"),
        Column("points", "int32", "probabilities fitted"),
        Column("value", "float64", "by least squares", nullable=True),
        *interval_columns("parameter"),
    ),
)
