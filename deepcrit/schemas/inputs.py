"""Real images beside Gaussian inputs."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema, interval_columns

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
