"""Verdicts on published claims."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema

SCOREBOARD = Schema(
    "scoreboard",
    (
        Column("claim", "text", "identifier"),
        Column("paper", "text", "key of the paper"),
        Column("figure", "text", "where it is published"),
        Column("quantity", "text", "what is claimed"),
        Column("published", "text", "published value"),
        Column("measured", "text", "our value"),
        Column("ci_low", "float64", "lower end of our 95% interval", nullable=True),
        Column("ci_high", "float64", "upper end of our 95% interval", nullable=True),
        Column("verdict", "text", "reproduced, differs, undecided, not testable here or ill-posed"),
        Column("reason", "text", "why"),
        Column("scale", "text", "configuration scale"),
        Column("samples", "text", "sample size behind our value"),
    ),
)
