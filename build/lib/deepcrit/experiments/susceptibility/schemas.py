"""Sizes of avalanches over the plane of weight and bias variance, and their response to the weight variance.

Three ways of counting, because the paper does not say whether an avalanche that is alive at the last layer counts:

- ``kept``: 1 <= D < L, those that start and end inside the network.
- ``started``: D >= 1; one that is alive at layer L is censored and counts with its size up to there.
- ``all``: every input launched; one that falls below the threshold at the first layer has D = 0 and size 0.
"""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_NETWORK_COLUMNS = (
    Column("network", "text", "name of the network in the configuration"),
    Column("width", "int32", "neurons per layer, N"),
    Column("depth", "int32", "layers, L", "layers"),
)
_BIAS_COLUMNS = (
    Column("bias_variance", "float64", "sb2"),
    Column("log10_bias_variance", "float64", "log10 of sb2, minus infinity without bias", nullable=True),
)
_POINT_COLUMNS = (*_NETWORK_COLUMNS, Column("weight_variance", "float64", "sw2"), *_BIAS_COLUMNS)
_COUNTING = Column("counting", "text", "which inputs count: kept (1 <= D < L), started (D >= 1) or all")
_SLOPE = "d<S> / d sw2"


def _ends(name: str, of: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_ci_low", "float64", f"lower end of the 95% interval of {of}", nullable=True),
        Column(f"{name}_ci_high", "float64", f"upper end of the 95% interval of {of}", nullable=True),
    )


PLANE_BLOCKS = Schema(
    "plane_blocks",
    (
        *_POINT_COLUMNS,
        Column("block", "int32", "index of the block at this point"),
        Column("launched", "int64", "inputs launched"),
        Column("kept", "int64", "avalanches with 1 <= D < L"),
        Column("kept_size", "float64", "their summed size"),
        Column("censored", "int64", "avalanches alive at the last layer"),
        Column("censored_size", "float64", "their summed size up to there"),
    ),
)
PLANE_AVALANCHES = Schema(
    "plane_avalanches",
    (
        *_POINT_COLUMNS,
        Column("block", "int32", "index of the block at this point"),
        Column("duration", "int32", "D of an avalanche with 1 <= D < L", "layers"),
        Column("size", "float64", "S"),
    ),
)
EXACT_PLANE = Schema(
    "exact_plane",
    (
        *_POINT_COLUMNS,
        _COUNTING,
        Column("share", "float64", "probability that a launched input counts"),
        Column("censored_fraction", "float64", "probability that it is alive at the last layer"),
        Column("mean_size", "float64", "<S> of those counted, missing where practically none is", nullable=True),
        Column("derivative", "float64", f"{_SLOPE}, central difference of exact laws", nullable=True),
    ),
)
SIZE_PLANE = Schema(
    "size_plane",
    (
        *_POINT_COLUMNS,
        _COUNTING,
        Column("launched", "int64", "inputs launched"),
        Column("avalanches", "int64", "inputs that count"),
        Column("censored_fraction", "float64", "inputs alive at the last layer over those launched"),
        Column("mean_size", "float64", "<S> of those counted, missing where too few are", nullable=True),
        Column("standard_error", "float64", "of the mean, between blocks", nullable=True),
        *interval_columns("mean size"),
        Column("exact_censored_fraction", "float64", "the same of the exact law"),
        Column("exact_mean_size", "float64", "the same of the exact law", nullable=True),
    ),
)
DERIVATIVES = Schema(
    "derivatives",
    (
        *_POINT_COLUMNS,
        _COUNTING,
        Column("derivative", "float64", f"{_SLOPE}, local cubic regression of simulated means", nullable=True),
        Column("standard_error", "float64", "of the derivative, from those of the means", nullable=True),
        Column("smoothing_bias", "float64", "the same regression of exact means less the exact one", nullable=True),
        *interval_columns("derivative"),
        Column("exact_derivative", "float64", f"{_SLOPE} of the exact law", nullable=True),
        Column("field_susceptibility", "float64", "d sqrt(q_ss) / d sw2 at infinite width", nullable=True),
    ),
)
DERIVATIVE_CHECK = Schema(
    "derivative_check",
    (
        *_NETWORK_COLUMNS,
        Column("function", "text", "what is differentiated: exact mean sizes of started avalanches, or a logistic"),
        Column("log10_bias_variance", "float64", "of the noise, and of the exact mean sizes", nullable=True),
        Column("estimator", "text", "central difference or local cubic"),
        Column("bandwidth", "float64", "half width of the window in sw2, zero for the difference"),
        Column("bias", "float64", "root mean square over sw2, over the greatest derivative"),
        Column("noise", "float64", "standard deviation likewise, for noise as simulated"),
        Column("error", "float64", "both together"),
        Column("coverage_of_noise", "float64", "share of sw2 covered by 95% intervals of the noise alone"),
        Column("chosen", "bool", "the estimator of the tables"),
    ),
)
SIZE_AGAINST_FIELD = Schema(
    "size_against_field",
    (
        *_NETWORK_COLUMNS,
        *_BIAS_COLUMNS,
        _COUNTING,
        Column("launched", "int64", "inputs launched at all weight variances"),
        Column("points", "int64", "weight variances at which enough inputs count"),
        Column("spearman", "float64", "rank correlation of <S> with sqrt(q_ss) over sw2", nullable=True),
        *_ends("spearman", "the rank correlation"),
        Column("exact_spearman", "float64", "the same of the exact law", nullable=True),
        Column(
            "misfit",
            "float64",
            "root mean square over sw2 of the difference of <S> and sqrt(q_ss), each over its value at the largest sw2",
            nullable=True,
        ),
        *_ends("misfit", "the misfit"),
        Column("exact_misfit", "float64", "the same of the exact law", nullable=True),
        Column("peak_weight_variance", "float64", f"sw2 of the highest {_SLOPE}", nullable=True),
        *_ends("peak", "that weight variance"),
        Column("exact_peak_weight_variance", "float64", "the same of the exact law", nullable=True),
        Column("ridge_weight_variance", "float64", "sw2 of the highest d sqrt(q_ss) / d sw2"),
        Column("difference", "float64", "peak less ridge", nullable=True),
        *_ends("difference", "the difference"),
        Column("peak_height", "float64", f"highest {_SLOPE}", nullable=True),
        *_ends("height", "the height"),
        Column("exact_peak_height", "float64", "the same of the exact law", nullable=True),
        Column("height_step", "float64", "height less that at the next smaller sb2", nullable=True),
        *_ends("step", "the step"),
    ),
)
MISMATCH = Schema(
    "mismatch",
    (
        *_POINT_COLUMNS,
        Column("avalanches", "int64", "kept avalanches, 1 <= D < L"),
        Column("shortest", "int64", "lower end of fits of durations", "layers"),
        Column("longest", "int64", "upper end of fits of durations", "layers"),
        Column("smallest", "float64", "lower end of fits of sizes, S"),
        Column("largest", "float64", "upper end of fits of sizes, S"),
        Column("durations_in_range", "int64", "kept avalanches with a duration in range"),
        Column("sizes_in_range", "int64", "kept avalanches with a size in range"),
        Column("tau_s", "float64", "exponent of sizes, missing where too few are in range", nullable=True),
        Column("tau_d", "float64", "exponent of durations, missing where too few are in range", nullable=True),
        Column("gamma", "float64", "exponent of mean size given duration", nullable=True),
        Column("mismatch", "float64", "(tau_d - 1) / (tau_s - 1) - gamma, missing unless tau_s > 1", nullable=True),
        *interval_columns("mismatch"),
    ),
)
SAMPLER_CHECK = Schema(
    "sampler_check",
    (
        *_POINT_COLUMNS,
        _COUNTING,
        Column("method", "text", "radial, the method of the plane, or annealed, which is exact"),
        Column("avalanches", "int64", "inputs that count"),
        Column("mean_size", "float64", "<S> of those counted", nullable=True),
        Column("standard_error", "float64", "of the mean, between blocks", nullable=True),
        Column("exact_mean_size", "float64", "of the transfer operator", nullable=True),
        Column("deviation", "float64", "of the mean from it, in standard errors", nullable=True),
    ),
)
