"""The quantities of infinitely wide networks, simulated at finite width."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema, interval_columns

_WHERE = (
    Column("width", "int32", "neurons per layer, N"),
    Column("bias_variance", "float64", "sb2"),
    Column("log10_bias_variance", "float64", "log10 of sb2, minus infinity without bias", nullable=True),
)

FINITE_WIDTH = Schema(
    "finite_width",
    (
        *_WHERE,
        Column("weight_variance", "float64", "sw2"),
        Column("quantity", "text", "signal_strength, weight_susceptibility, bias_susceptibility or chi_1"),
        Column("value", "float64", "its mean over layers and chains"),
        Column("standard_error", "float64", "of the mean, from the spread between chains"),
        *interval_columns("mean"),
        Column("infinite_width", "float64", "the same of an infinitely wide network", nullable=True),
    ),
)
FINITE_WIDTH_LINES = Schema(
    "finite_width_lines",
    (
        *_WHERE,
        Column("line", "text", "edge, where chi_1 is one, or ridge, where the weight susceptibility is highest"),
        Column("weight_variance", "float64", "sw2 there, missing where points do not locate it", nullable=True),
        *interval_columns("weight variance"),
        Column("infinite_width", "float64", "the same of an infinitely wide network"),
        Column("points", "int64", "points it is located from"),
    ),
)
FINITE_WIDTH_DECAY = Schema(
    "finite_width_decay",
    (
        *_WHERE,
        Column("edge_ratio", "float64", "sw2 over that on the edge of chaos of infinite width"),
        Column("weight_variance", "float64", "sw2"),
        Column("decay_rate", "float64", "rate at which the mean correlation of two inputs settles", "1/layers"),
        *interval_columns("rate"),
        Column("infinite_width", "float64", "the same fit to the correlation map", "1/layers"),
        Column("inverse_depth", "float64", "1/zeta_c, to which it tends with many layers", "1/layers"),
        Column("pairs", "int64", "pairs of inputs"),
    ),
)
