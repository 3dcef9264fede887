"""Simulated avalanches, and the exact law they are held against."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema

MANIFEST = Schema(
    "manifest",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("seed_key", "text", "root:experiment:point:block, see deepcrit.seeds"),
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
