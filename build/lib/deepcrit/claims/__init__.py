"""From tables to verdicts: published claims as data, and the judge that holds them against our tables.

Nothing is imported here: the rule files take :mod:`deepcrit.claims.required_tables`, which needs nothing but yaml, and
every script that meets tables by name takes :mod:`deepcrit.claims.schemas`, in environments that lack even that. The
model is in :mod:`deepcrit.claims.model`, the judge in :mod:`deepcrit.claims.judging`.
"""
