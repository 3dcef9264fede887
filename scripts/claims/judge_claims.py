"""Judge the claims of one paper from our tables."""

from collections.abc import Sequence

from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.claims.tables import read_tables
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv


def main(claims: str, tables: Sequence[str], scoreboard: str, scale: str) -> None:
    """Write one verdict per claim, in the order of the claims file."""
    write_tsv(judge_paper(load_claims(claims), read_tables(tables), scale), scoreboard, SCOREBOARD)


if "snakemake" in globals():
    run(main, snakemake)
