"""Signals along the layers, and avalanches against the strength of the input."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

SIGNAL_PATHS = Schema(
    "signal_paths",
    (
        Column("weight_variance", "float64", "sw2"),
        Column("series", "text", "mean_field, median, low or high (central 95% of networks), or network_K"),
        Column("layer", "int32", "l, zero at the input", "layers"),
        Column("signal_strength", "float64", "sqrt(q_l)"),
    ),
)
GROWTH_RATES = Schema(
    "growth_rates",
    (
        Column("weight_variance", "float64", "sw2"),
        Column("rate", "float64", "mean growth of ln sqrt(q_l) while signals are small", "1/layers"),
        Column("standard_error", "float64", "of the mean over networks", "1/layers"),
        *interval_columns("rate"),
        Column("linear_rate", "float64", "the same of a linear network, exact", "1/layers"),
        Column("mean_field_rate", "float64", "ln(sw2) / 2, that of an infinitely wide one", "1/layers"),
        Column("steady_strength", "float64", "sqrt(q_ss) of an infinitely wide network"),
        Column("layers", "int64", "layers over which growth is measured", "layers"),
        Column("networks", "int64", "networks"),
    ),
)
EXAMPLE_AVALANCHE = Schema(
    "example_avalanche",
    (
        Column("layer", "int32", "l, zero at the input", "layers"),
        Column("signal_strength", "float64", "sqrt(q_l)"),
        Column("threshold", "float64", "signal strength of the input"),
        Column("duration", "int32", "D", "layers"),
        Column("size", "float64", "S"),
    ),
)
_POINT = (
    Column("tuning", "text", "fixed, or matched: sw2 (1 + offset) q0 / (N V(q0/N)), which keeps q0 where it is"),
    Column("log10_squared_norm", "float64", "log10 of q0, the squared norm of the input"),
    Column("weight_variance", "float64", "sw2"),
)
INPUT_STRENGTHS = Schema(
    "input_strengths",
    (
        *_POINT,
        Column("steady_over_input", "float64", "sqrt(q_ss) of an infinitely wide network over that of the input"),
        Column("started", "float64", "P(D >= 1)"),
        Column("mean_duration", "float64", "of launched avalanches, zero if not started, L if censored", "layers"),
        Column("cutoff", "float64", "where P(D >= n) is 1/e of a random walk's", "layers", nullable=True),
        Column("censored", "float64", "P(D >= L)"),
        Column("sampled_mean", "float64", "mean duration of sampled avalanches", "layers"),
        Column("sampled_error", "float64", "its standard error", "layers"),
        Column("p_value", "float64", "chi-square test of sampled durations against the law", nullable=True),
        Column("launched", "int64", "avalanches sampled"),
    ),
)
INPUT_STRENGTH_SURVIVAL = Schema(
    "input_strength_survival",
    (
        *_POINT,
        Column("duration", "int32", "n", "layers"),
        Column("alive", "float64", "P(D >= n)"),
        Column("random_walk", "float64", "the same of a symmetric random walk, C(2n, n) / 4^n"),
    ),
)
INPUT_STRENGTH_TRENDS = Schema(
    "input_strength_trends",
    (
        Column("tuning", "text", "fixed or matched"),
        Column("quantity", "text", "mean_duration or cutoff"),
        Column("greatest_step", "float64", "greatest step of its logarithm to the next larger q0", nullable=True),
        Column("points", "int64", "input strengths at which it has a value"),
    ),
)
