"""Put the histories of all shards back in the order of the runs, and keep what every network came to."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.criticality_loss.outcomes import run_outcomes
from deepcrit.experiments.criticality_loss.schemas import (
    CRITICALITY_HISTORY,
    CRITICALITY_OUTCOMES,
    CRITICALITY_RUNS,
)


def main(runs: str, shards: Sequence[str], history: str, outcomes: str, averaged: int) -> None:
    """Shards of another manifest or other code are refused by name."""
    check_provenance(shards, runs)
    networks = read_tsv(runs, CRITICALITY_RUNS)
    rows = pd.concat([read_parquet(shard, CRITICALITY_HISTORY) for shard in shards])
    rows = networks[["point"]].merge(rows, on="point")
    write_tsv(rows, history, CRITICALITY_HISTORY)
    write_tsv(run_outcomes(networks, rows, averaged), outcomes, CRITICALITY_OUTCOMES)


if "snakemake" in globals():
    run(main, snakemake)
