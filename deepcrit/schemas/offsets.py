"""Weight variances at which networks are critical."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema

OFFSET_SCAN = Schema(
    "offset_scan",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("offset", "float64", "sw2 - 1"),
        Column("xmin", "float64", "lower end of the declared range", "layers"),
        Column("xmax", "float64", "upper end of the declared range", "layers"),
        Column("exponent", "float64", "duration exponent on that range"),
        Column("ks_distance", "float64", "KS distance of the exact law to the fitted power law"),
    ),
)
OFFSETS = Schema(
    "offsets",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("published", "float64", "published sw2 - 1, where there is one", nullable=True),
        Column("straightest", "float64", "offset of least KS distance on the first declared range"),
        Column("straightest_low", "float64", "least over all declared ranges"),
        Column("straightest_high", "float64", "greatest over all declared ranges"),
        Column("random_walk", "float64", "offset at which ln q has no drift"),
        Column("ks_straightest", "float64", "KS distance at the straightest offset"),
        Column("ks_published", "float64", "KS distance at the published offset", nullable=True),
    ),
)
READINGS = Schema(
    "readings",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("reading", "text", "published offset as a shift of the variance, or of the standard deviation"),
        Column("offset", "float64", "sw2 - 1 under that reading"),
        Column("relative_offset", "float64", "the same over the offset at which ln q has no drift"),
        Column("xmin", "float64", "lower end of the declared range", "layers"),
        Column("xmax", "float64", "upper end of the declared range", "layers"),
        Column("exponent", "float64", "duration exponent of the exact law on that range"),
        Column("ks_distance", "float64", "KS distance of the exact law to the fitted power law"),
        Column("censored_of_started", "float64", "censored over started avalanches"),
    ),
)
