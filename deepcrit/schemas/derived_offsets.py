"""Derived weight variances. Manifests are made from this table, so that it stands apart from others about offsets."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema

DERIVED_OFFSETS = Schema(
    "derived_offsets",
    (
        Column("case", "text", "activation and weight ensemble"),
        Column("width", "int32", "neurons per layer, N"),
        Column("weight_variance", "float64", "sw2 at which the logarithm of a weak signal has no drift"),
        Column("standard_error", "float64", "zero where the drift is a quadrature"),
        Column("straightest", "float64", "straightest sw2, where a scan of the exact law gives one", nullable=True),
    ),
)
