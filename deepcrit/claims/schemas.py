"""Verdicts on published claims, and what the run that they are of was made from."""

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
        Column("measured", "text", "our value in words, to as many digits as its interval supports"),
        Column("value", "float64", "our value, where there is one number", nullable=True),
        Column(
            "ci_low", "float64", "lower end of our interval: 95%, or over what the paper leaves open", nullable=True
        ),
        Column("ci_high", "float64", "upper end of our interval", nullable=True),
        Column("evidence", "text", "simulated, trained, theory, fitted to metadata, looked up, or arithmetic"),
        Column("repeats", "text", "claim whose number this one states again, which is counted there alone"),
        Column("verdict", "text", "reproduced, differs, undecided, not testable here or ill-posed"),
        Column("reason", "text", "why"),
        Column("scale", "text", "configuration scale"),
        Column("samples", "text", "sample size behind our value"),
    ),
)

CHOICE_VERDICTS = Schema(
    "choice_verdicts",
    (
        Column("choice", "text", "what the paper leaves open"),
        Column("key", "text", "key of the configuration that holds it, if one does"),
        Column("option", "text", "one way to choose"),
        Column("ours", "bool", "it is that of the scoreboard"),
        Column("claim", "text", "identifier of a claim that the choice bears on"),
        Column("figure", "text", "where it is published"),
        Column("quantity", "text", "what is claimed"),
        Column("verdict", "text", "under this option"),
        Column("changes", "bool", "it is another than under ours, measured on networks trained as long"),
        Column("measured", "text", "value in words, of all parts"),
        Column("value", "float64", "value, where there is one number", nullable=True),
        Column("ci_low", "float64", "lower end of its 95% interval", nullable=True),
        Column("ci_high", "float64", "upper end of it", nullable=True),
        Column("samples", "text", "sample size behind it"),
    ),
)

RUN_PROVENANCE = Schema(
    "run_provenance",
    (
        Column("name", "text", "what identifies the run, such as scale, seed, processor, or a package"),
        Column("value", "text", "its value, or version"),
    ),
)
