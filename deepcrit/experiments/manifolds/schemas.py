"""Circles through networks of stable weights: singular values, projections, and distances between neighbours."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_POINT = (
    Column("alpha", "float64", "index of stability of the weights"),
    Column("gain", "float64", "g = D_w^(1/alpha)"),
)
_NETWORK = (
    Column("width", "int32", "neurons per layer, N"),
    Column("network", "int32", "number of the network"),
)

CIRCLE_SPECTRA = Schema(
    "circle_spectra",
    (
        *_POINT,
        *_NETWORK,
        Column("log10_total", "float64", "log10 of the sum of the singular values of the centred circle"),
        Column("log10_top", "float64", "log10 of the largest"),
        Column("share_1", "float64", "largest over the sum"),
        Column("share_2", "float64", "second over the sum"),
        Column("share_3", "float64", "third over the sum"),
        Column("share_4", "float64", "fourth over the sum"),
        Column("share_5", "float64", "fifth over the sum"),
    ),
)
CIRCLE_PROJECTIONS = Schema(
    "circle_projections",
    (
        *_POINT,
        Column("angle", "float64", "theta", "rad"),
        Column("first", "float64", "along the first principal component, of unit norm over angles"),
        Column("second", "float64", "along the second"),
        Column("third", "float64", "along the third"),
    ),
)
CIRCLE_SUMMARY = Schema(
    "circle_summary",
    (
        *_POINT,
        Column("quantity", "text", "log10_total, log10_top, share_1 to share_5, share_of_two, or share_1 less that at "
               "the largest gain (share_over_chaotic)"),
        Column("networks", "int64", "networks"),
        Column("value", "float64", "median over networks; mean of the difference"),
        *interval_columns("value; of one network where it is a median"),
    ),
)  # fmt: skip
DISTANCE_VARIATIONS = Schema(
    "distance_variations",
    (
        *_POINT,
        *_NETWORK,
        Column("layer", "int32", "layer"),
        Column("variation", "float64", "standard deviation over mean of distances between neighbours", nullable=True),
    ),
)  # fmt: skip
DISTANCE_PLANE = Schema(
    "distance_plane",
    (
        *_POINT,
        Column("width", "int32", "neurons per layer, N"),
        Column("layer", "int32", "layer"),
        Column("networks", "int64", "networks"),
        Column("variation", "float64", "averaged over networks", nullable=True),
        *interval_columns("variation"),
    ),
)
DISTANCE_CONTRASTS = Schema(
    "distance_contrasts",
    (
        Column("quantity", "text", "what is compared"),
        Column("reading", "text", "of the extended region: text, beyond q* = 0.01 and all eigenvalues; code, beyond "
               "characteristic radius one and eigenvalues in the window; or all, where it does not matter"),
        Column("layer", "int32", "layer"),
        Column("networks", "int64", "networks"),
        Column("value", "float64", "its value", nullable=True),
        *interval_columns("value"),
        Column("what", "text", "how it is defined"),
    ),
)  # fmt: skip
CROSSOVER_WIDTHS = Schema(
    "crossover_widths",
    (
        Column("alpha", "float64", "index of stability of the weights"),
        Column("width", "int32", "neurons per layer, N; 0 for the slope"),
        Column("layer", "int32", "layer"),
        Column("networks", "int64", "networks"),
        Column("quantity", "text", "region, the range in g over which neighbours vary, or slope, of it by ln N"),
        Column("value", "float64", "in units of g"),
        *interval_columns("value"),
    ),
)
