"""Put the histories of all shards back in the order of the runs, and keep what every network came to."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.sgd_runs.schemas import RUN_HISTORY, RUN_OUTCOMES, SGD_RUNS


def main(runs: str, shards: Sequence[str], history: str, outcomes: str) -> None:
    """Shards of other runs or other code are refused by name."""
    check_provenance(shards, runs)
    table = read_tsv(runs, SGD_RUNS)
    rows = table[["run"]].merge(pd.concat([read_parquet(shard, RUN_HISTORY) for shard in shards]), on="run")
    write_tsv(rows, history, RUN_HISTORY)
    last = rows.groupby("run", sort=False).tail(1).rename(columns={"iteration": "reached"})
    ours = ["run", "reached", "diverged", "train_loss", "train_accuracy", "test_accuracy"]
    found = table.drop(columns=["biased", "seed_key"]).merge(last[ours], on="run")
    write_tsv(found, outcomes, RUN_OUTCOMES)


if "snakemake" in globals():
    run(main, snakemake)
