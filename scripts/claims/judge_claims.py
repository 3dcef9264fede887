"""Judge the claims of one paper from our tables."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.jobs import run
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv


def main(claims: str, tables: Sequence[str], scoreboard: str, scale: str) -> None:
    """Write one verdict per claim, in the order of the claims file.

    A table at .../experiment/schema.tsv is the one that claims call experiment/schema.
    """
    paths = {f"{Path(table).parent.name}/{Path(table).stem}": table for table in tables}
    frames = {name: read_tsv(path, SCHEMAS[Path(path).stem]) for name, path in paths.items()}
    write_tsv(judge_paper(load_claims(claims), frames, scale), scoreboard, SCOREBOARD)


if "snakemake" in globals():
    run(main, snakemake)
