"""Manifests, avalanches and blocks of a sample, the exact law, offsets of criticality, and agreement of samplers."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema

AGREEMENT = Schema(
    "agreement",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("first", "text", "a sample"),
        Column("second", "text", "the sample or exact law it is held against"),
        Column("observable", "text", "what is compared"),
        Column("test", "text", "which test"),
        Column("statistic", "float64", "its statistic"),
        Column("p_value", "float64", "its p-value"),
        Column("n", "int64", "avalanches or networks of the first"),
    ),
)

MANIFEST = Schema(
    "manifest",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("seed_key", "text", "root:experiment:point:block, see deepcrit.core.seeds"),
        Column("launched", "int64", "inputs sent through the block"),
        Column("method", "text", "network, annealed or radial"),
        Column("inputs", "text", "gaussian or mnist"),
        Column("width", "int32", "neurons per layer, N"),
        Column("depth", "int32", "layers, L"),
        Column("weight_variance", "float64", "sw2"),
        Column("bias_variance", "float64", "sb2"),
        Column("activation", "text", "phi"),
        Column("ensemble", "text", "law of the weights"),
        Column("levy_alpha", "float64", "stability index of Levy weights"),
        Column("input_strength", "float64", "norm of the input"),
        Column("profile_shortest", "int32", "shortest duration whose profiles are summed", "layers"),
        Column("profile_longest", "int32", "longest duration whose profiles are summed", "layers"),
    ),
)
AVALANCHES = Schema(
    "avalanches",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("duration", "int32", "layers above the threshold, the depth where censored", "layers"),
        Column("size", "float64", "summed excess of the signal norm over the threshold"),
        Column("censored", "bool", "alive at the last layer"),
    ),
)
BLOCKS = Schema(
    "blocks",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("launched", "int64", "inputs sent through the block"),
        Column("started", "int64", "avalanches with duration >= 1"),
        Column("censored", "int64", "avalanches alive at the last layer"),
    ),
)
PROFILES = Schema(
    "profiles",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("duration", "int32", "duration of the avalanches summed", "layers"),
        Column("count", "int64", "uncensored avalanches of that duration"),
        Column("profile_sum", "profile", "summed excess of the signal norm at layers 1..duration"),
    ),
)
TRANSFER = Schema(
    "transfer",
    (
        Column("duration", "int32", "duration n", "layers"),
        Column("probability", "float64", "P(D = n) of a launched avalanche"),
        Column("alive", "float64", "P(D >= n) of a launched avalanche"),
        Column("mean_size", "float64", "E[S | D = n]"),
    ),
)

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
