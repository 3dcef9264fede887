"""Put the verdicts on all papers into one scoreboard."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv


def main(verdicts: Sequence[str], scoreboard: str) -> None:
    """Concatenate the verdicts of each paper, in the order given."""
    frames = [read_tsv(path, SCOREBOARD) for path in verdicts]
    write_tsv(pd.concat(frames, ignore_index=True), scoreboard, SCOREBOARD)


if "snakemake" in globals():
    run(main, snakemake)
