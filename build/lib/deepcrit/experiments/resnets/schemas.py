"""Avalanches of signal strength through the layers of classifiers."""

from __future__ import annotations

from deepcrit.core.schema import PEER_COLUMNS, Column, Schema, interval_columns

_CASE = (
    Column("case", "text", "name of the case in the configuration"),
    Column("model", "text", "name of the classifier"),
)
_NETWORK = Column("network", "int32", "index of the network, whose weights its blocks share")

DEPTHS = Schema(
    "depths",
    (
        Column("model", "text", "name of the classifier"),
        Column("layers", "int64", "calls of leaf modules in a forward pass", "layers"),
        Column("operations", "text", "how many of each kind"),
        Column("image_size", "int64", "side of the images", "pixels"),
    ),
)
LAYER_MOMENTS = Schema(
    "layer_moments",
    (
        _NETWORK,
        Column("block", "int32", "index of the block of that network"),
        Column("layer", "int32", "index of the layer, from 1", "layers"),
        Column("components", "int64", "components of the layer's tensor, N_l"),
        Column("inputs", "int64", "inputs of the block"),
        Column("mean", "float64", "mean of ||x_l|| / N_l"),
        Column("squares", "float64", "sum of squared deviations from that mean"),
    ),
)
CALIBRATION = Schema(
    "calibration",
    (
        _NETWORK,
        Column("layer", "int32", "index of the layer, from 1", "layers"),
        Column("components", "int64", "components of the layer's tensor, N_l"),
        Column("inputs", "int64", "inputs of all blocks"),
        Column("mean", "float64", "mean of ||x_l|| / N_l, mu_l"),
        Column("standard_deviation", "float64", "of the same, sd_l"),
    ),
)
LAYER_AVALANCHES = Schema(
    "layer_avalanches",
    (
        _NETWORK,
        Column("block", "int32", "index of the block of that network"),
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("duration", "int32", "layers above the threshold, the depth where censored", "layers"),
        Column("size", "float64", "summed excess of ||x_l|| / N_l over the threshold"),
        Column("size_rms", "float64", "the same with sqrt(N_l) for N_l"),
        Column("censored", "bool", "alive at the last layer"),
    ),
)
LAUNCHES = Schema(
    "launches",
    (
        _NETWORK,
        Column("block", "int32", "index of the block of that network"),
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("launched", "int64", "inputs of which avalanches were counted"),
        Column("started", "int64", "avalanches with duration >= 1"),
        Column("censored", "int64", "avalanches alive at the last layer"),
    ),
)
LAYER_FITS = Schema(
    "layer_fits",
    (
        *_CASE,
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l, -1 for what spans several"),
        Column("normalisation", "text", "components (||x|| / N) or rms (||x|| / sqrt N)"),
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value; missing where too few avalanches are in range", nullable=True),
        *interval_columns("value"),
        Column("xmin", "float64", "lower end of the range it is taken from", nullable=True),
        Column("xmax", "float64", "upper end of that range", nullable=True),
        Column("n", "int64", "avalanches in that range"),
        Column("clusters", "int64", "networks (or blocks of a single network) resampled"),
        *PEER_COLUMNS,
        Column("note", "text", "why the value is missing, or the interval may be too narrow"),
    ),
)
VERSION_GAPS = Schema(
    "version_gaps",
    (
        Column("case", "text", "which inputs and weights"),
        Column("normalisation", "text", "components (||x|| / N) or rms (||x|| / sqrt N)"),
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("quantity", "text", "tau_s or tau_d"),
        Column("first", "text", "a model"),
        Column("second", "text", "the model it is held against"),
        Column("difference", "float64", "exponent of the first less that of the second", nullable=True),
        *interval_columns("difference"),
        Column("n", "int64", "avalanches in range, of the model with fewer"),
    ),
)
LAYER_COUNTS = Schema(
    "layer_counts",
    (
        *_CASE,
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("networks", "int64", "networks"),
        Column("launched", "int64", "inputs launched"),
        Column("started", "int64", "avalanches with duration >= 1"),
        Column("censored", "int64", "avalanches alive at the last layer, which no fit uses"),
    ),
)
LAYER_DENSITIES = Schema(
    "layer_densities",
    (
        *_CASE,
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("observable", "text", "size, size_rms or duration"),
        Column("centre", "float64", "geometric mean of the bin's edges"),
        Column("density", "float64", "probability density of kept avalanches"),
        Column("count", "int64", "avalanches in the bin"),
    ),
)
LAYER_SIZES = Schema(
    "layer_sizes",
    (
        *_CASE,
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("duration", "int32", "duration D", "layers"),
        Column("count", "int64", "kept avalanches of that duration"),
        Column("mean_size", "float64", "<S>_D, of ||x|| / N"),
        Column("mean_size_rms", "float64", "<S>_D, of ||x|| / sqrt N"),
    ),
)
STRAIGHTNESS = Schema(
    "straightness",
    (
        *_CASE,
        Column("multiplier", "int32", "n of the thresholds mu_l + n sd_l"),
        Column("normalisation", "text", "components (||x|| / N) or rms (||x|| / sqrt N)"),
        Column("observable", "text", "size or duration"),
        Column("distance", "float64", "KS distance beyond that of as many draws of a power law", nullable=True),
        Column("gaussian_distance", "float64", "KS distance of Gaussian networks of width 1000"),
        Column("difference", "float64", "the first less the second", nullable=True),
        *interval_columns("difference"),
        Column("n", "int64", "avalanches of the classifier in range"),
    ),
)
