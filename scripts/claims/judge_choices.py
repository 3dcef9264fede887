"""Judge the claims of one paper again, under each choice that it leaves open."""

from collections.abc import Sequence

from deepcrit.claims.choices import judge_choices
from deepcrit.claims.model import load_claims
from deepcrit.claims.schemas import CHOICE_VERDICTS
from deepcrit.claims.tables import read_tables
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv


def main(claims: str, tables: Sequence[str], verdicts: str, scale: str) -> None:
    """One row a choice, claim and option, in the order of the claims file."""
    write_tsv(judge_choices(load_claims(claims), read_tables(tables), scale), verdicts, CHOICE_VERDICTS)


if "snakemake" in globals():
    run(main, snakemake)
