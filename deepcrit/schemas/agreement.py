"""Samplers held against each other."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema

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
