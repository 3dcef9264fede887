"""Verdicts on the claims that single figures show, from the tables that are there: for runs that make no scoreboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deepcrit.claims.evidence import figure_of, tables_behind
from deepcrit.claims.judging import judge
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv


def verdicts_on(
    root: Path, figures: Sequence[str], shown: Mapping[str, Sequence[str]], scale: str
) -> tuple[list[dict[str, Any]], int]:
    """Rows of the scoreboard for claims whose tables have all been made, and how many more await theirs.

    Args:
        root: the directory of the Snakefile.
        figures: those whose claims are judged.
        shown: beginnings of the claims that each figure shows.
        scale: of the configuration.

    Raises:
        TableError: if a table is not whole.
    """
    claims = [
        claim
        for path in sorted((root / "claims").glob("*.yaml"))
        for claim in load_claims(path).claims
        if figure_of(claim.id, shown) in figures
    ]
    paths = {table: root / "results" / f"{table}.tsv" for claim in claims for table in tables_behind(claim)}
    tables = {table: read_tsv(path, SCHEMAS[path.stem]) for table, path in paths.items() if path.is_file()}
    judged = [judge(claim, tables, scale) for claim in claims if tables.keys() >= set(tables_behind(claim))]
    return judged, len(claims) - len(judged)
