"""Offsets derived for other widths, and images held against Gaussian inputs."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

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

INPUT_SURVIVAL = Schema(
    "input_survival",
    (
        Column("case", "text", "activation and weight ensemble"),
        Column("inputs", "text", "gaussian, mnist, or the exact law given mean(phi(z0)^2)"),
        Column("duration", "int32", "n", "layers"),
        Column("alive", "float64", "P(D >= n)"),
        Column("standard_error", "float64", "between networks; zero for the exact law"),
    ),
)
INPUT_COMPARISON = Schema(
    "input_comparison",
    (
        Column("case", "text", "activation and weight ensemble"),
        Column("quantity", "text", "what is compared"),
        Column("gaussian", "float64", "value for Gaussian inputs"),
        Column("mnist", "float64", "value for MNIST images"),
        Column("standard_error", "float64", "of the difference, between networks"),
        Column("p_value", "float64", "two-sided, Welch's t between networks"),
        Column("networks", "int64", "networks of each kind"),
    ),
)
INPUT_INDEPENDENCE = Schema(
    "input_independence",
    (
        Column("case", "text", "activation and weight ensemble"),
        Column("inputs", "text", "gaussian or mnist"),
        Column("layer", "int32", "layer n of the indicator D >= n", "layers"),
        Column("n", "int64", "inputs in all networks together"),
        Column("effective_n", "float64", "independent inputs worth as much"),
        Column("intraclass_correlation", "float64", "of the indicator within a network"),
        *interval_columns("effective sample size over n"),
    ),
)
