"""Deep networks of uniform weights: activity, exponents and responses against the coupling."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_WIDTH = (
    Column("width", "int32", "neurons per layer, N"),
    Column("networks", "int64", "networks"),
)
_COUPLING = (
    Column("relative_coupling", "float64", "coupling over that at which a weak signal neither grows nor decays"),
    Column("coupling", "float64", "factor kappa of the weights"),
)

LAYER_ACTIVITY = Schema(
    "layer_activity",
    (
        *_WIDTH,
        *_COUPLING,
        Column("layer", "int32", "layer, 0 is the input"),
        Column("log10_activity", "float64", "log10 of mean |x|, averaged over networks"),
    ),
)
COUPLING_SWEEP = Schema(
    "coupling_sweep",
    (
        *_WIDTH,
        *_COUPLING,
        Column("log10_activity", "float64", "log10 of mean |x| of the last layer, averaged over networks"),
        Column("log10_branching", "float64", "log10 of activity out over activity in, averaged over networks"),
        Column("log10_branching_low", "float64", "lower end of its 95% interval"),
        Column("log10_branching_high", "float64", "upper end of its 95% interval"),
        Column("branching_distance", "float64", "|1 - sigma|, sigma from the averaged logarithm"),
        Column("exponent", "float64", "ln of the largest singular value of the Jacobian over L", "1/layers"),
        *interval_columns("exponent"),
        Column("last_gain", "float64", "what the last Lanczos step added to that logarithm, largest of the networks"),
        Column("residual", "float64", "norm of J^T u - s v over s, largest of the networks"),
    ),
)
CRITICAL_COUPLINGS = Schema(
    "critical_couplings",
    (
        *_WIDTH,
        Column("definition", "text", "largest_singular_value (of the linear network, which defines the critical "
               "coupling), vector_growth, zero_exponent, unit_branching, or closed_form"),
        Column("coupling", "float64", "critical coupling"),
        *interval_columns("critical coupling"),
        Column("over_closed_form", "float64", "over that of a vector's growth in closed form, less one"),
        Column("step", "float64", "coupling less that at the next smaller width", nullable=True),
        Column("step_low", "float64", "lower end of its 95% interval", nullable=True),
        Column("step_high", "float64", "upper end of its 95% interval", nullable=True),
    ),
)  # fmt: skip
COUPLING_GAPS = Schema(
    "coupling_gaps",
    (
        *_WIDTH,
        Column("quantity", "text", "which difference"),
        Column("value", "float64", "relative difference from the critical coupling, or the value there", nullable=True),
        *interval_columns("value"),
        Column("what", "text", "how it is defined"),
    ),
)
COUPLING_FITS = Schema(
    "coupling_fits",
    (
        Column("definition", "text", "of the critical coupling"),
        Column("parameter", "text", "c0, c1 or kappa of c0 + c1 N^kappa"),
        Column("value", "float64", "by unweighted least squares"),
        *interval_columns("parameter"),
        Column("widths", "int64", "widths fitted"),
        Column("largest_residual", "float64", "largest relative distance of a fitted point from the curve"),
    ),
)
RESPONSES = Schema(
    "responses",
    (
        *_WIDTH,
        *_COUPLING,
        Column("stimulus", "float64", "scale s of the input, uniform on [-s, s]"),
        Column("response", "float64", "mean |x| of the last layer of the first network, over its largest"),
    ),
)
DYNAMIC_RANGES = Schema(
    "dynamic_ranges",
    (
        *_WIDTH,
        *_COUPLING,
        Column("low_stimulus", "float64", "stimulus of 10% response of the first network", nullable=True),
        Column("high_stimulus", "float64", "stimulus of 90% response of the first network", nullable=True),
        Column("low_response", "float64", "10% response, over the largest", nullable=True),
        Column("high_response", "float64", "90% response, over the largest", nullable=True),
        Column("dynamic_range", "float64", "10 log10 of their ratio, median of networks; missing where half of them "
            "are saturated by the weakest stimulus",
               "dB", nullable=True),
        *interval_columns("dynamic range"),
    ),
)  # fmt: skip
