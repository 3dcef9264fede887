"""From tables to verdicts: published claims as data, and the judge that holds them against our tables.

The rule files import this package while Snakemake reads them, so that only :func:`tables_of`, which needs nothing but
yaml, is re-exported here; the model is in :mod:`deepcrit.claims.model`, the judge in :mod:`deepcrit.claims.judging`.
"""

from deepcrit.claims.required_tables import tables_of

__all__ = ["tables_of"]
