"""Infinitely wide networks, and simulated ones of finite width."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

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
        Column("relative_rate", "float64", "decay rate over 1/zeta_c"),
        Column("relative_low", "float64", "lower end of its interval"),
        Column("relative_high", "float64", "upper end of its interval"),
        Column("pairs", "int64", "pairs of inputs"),
    ),
)

_BIAS_COLUMNS = (
    Column("bias_variance", "float64", "sb2"),
    Column("log10_bias_variance", "float64", "log10 of sb2, minus infinity without bias", nullable=True),
)

PLANE = Schema(
    "plane",
    (
        Column("weight_variance", "float64", "sw2"),
        *_BIAS_COLUMNS,
        Column("variance", "float64", "steady variance of the pre-activations, q_ss"),
        Column("signal_strength", "float64", "sqrt(q_ss)"),
        Column("weight_susceptibility", "float64", "d sqrt(q_ss) / d sw2, infinite at (1, 0)", nullable=True),
        Column("bias_susceptibility", "float64", "d sqrt(q_ss) / d sb2, infinite where q_ss = 0", nullable=True),
        Column("chi_1", "float64", "sw2 E[phi'^2], above one in the chaotic phase"),
    ),
)
CRITICAL_LINES = Schema(
    "critical_lines",
    (
        *_BIAS_COLUMNS,
        Column("edge_weight_variance", "float64", "sw2 on the edge of chaos, chi_1 = 1"),
        Column("ridge_weight_variance", "float64", "sw2 of the highest weight susceptibility"),
        Column("ridge_height", "float64", "the highest weight susceptibility", nullable=True),
        Column("half_height_low", "float64", "sw2 below the ridge at half its height, zero where there is none"),
        Column("half_height_high", "float64", "sw2 above the ridge at half its height"),
        Column("half_height_width", "float64", "difference of the two"),
        Column("interior", "bool", "the highest weight susceptibility lies above sw2 = 0"),
        Column("gap", "float64", "sw2 on the edge of chaos less that on the ridge"),
    ),
)
CORRELATION_DEPTHS = Schema(
    "correlation_depths",
    (
        *_BIAS_COLUMNS,
        Column("edge_ratio", "float64", "sw2 over that on the edge of chaos"),
        Column("weight_variance", "float64", "sw2"),
        Column("decorrelation", "float64", "one minus the correlation that two inputs settle at"),
        Column("inverse_depth", "float64", "1/zeta_c, from the slope of the correlation map there", "1/layers"),
        Column("decay_rate", "float64", "the same from iterating the map, where it is iterated", "1/layers", True),
        Column("decay_ratio", "float64", "decay rate over inverse depth", nullable=True),
    ),
)
CRITICAL_EXPONENTS = Schema(
    "critical_exponents",
    (
        Column("quantity", "text", "which exponent"),
        Column("of", "text", "what is a power"),
        Column("against", "text", "of what"),
        Column("exponent", "float64", "least-squares slope in logarithms"),
        Column("standard_error", "float64", "of the slope, from residuals, which are curvature", nullable=True),
        *interval_columns("exponent"),
        Column("local_near", "float64", "local slope at xmin, nearest to criticality", nullable=True),
        Column("local_far", "float64", "local slope at xmax", nullable=True),
        Column("truncation_bias", "float64", "exponent less the local slope at xmin", nullable=True),
        Column("xmin", "float64", "lower end of the fitted range", nullable=True),
        Column("xmax", "float64", "upper end of the fitted range", nullable=True),
        Column("points", "int64", "points fitted"),
    ),
)
CLOSED_FORM_ERRORS = Schema(
    "closed_forms",
    (
        Column("form", "text", "which closed form"),
        Column("distance_of", "text", "the variable that is small"),
        Column("log10_distance", "float64", "its log10"),
        Column("distance", "float64", "its value"),
        Column("printed", "float64", "value of the printed form"),
        Column("exact", "float64", "what it approximates"),
        Column("relative_error", "float64", "printed over exact, less one"),
    ),
)
LANDMARKS = Schema(
    "landmarks",
    (
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value"),
        Column("what", "text", "how it is defined"),
    ),
)
