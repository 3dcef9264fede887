"""Put the histories of all shards in order, and find where tails and scales change."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.tail_training.schemas import (
    TAIL_CHANGES,
    TAIL_HISTOGRAM,
    TAIL_HISTORY,
    TAIL_RUNS,
    TAIL_STATISTICS,
)
from deepcrit.experiments.tail_training.statistics import tail_changes, tail_statistics


def main(
    runs: str, parts: Sequence[str], shown: Sequence[str], history: str, histogram: str, changes: str, statistics: str,
    judged: Mapping[str, Any],
) -> None:  # fmt: skip
    """The histograms are those of the first network at each learning rate."""
    check_provenance([*parts, *shown], runs)
    networks = read_tsv(runs, TAIL_RUNS)
    rows = pd.concat([read_parquet(part, TAIL_HISTORY) for part in parts])
    rows = networks[["point"]].merge(rows, on="point")
    bins = pd.concat([read_parquet(part, TAIL_HISTOGRAM) for part in shown])
    first = networks.loc[networks["replicate"] == 0, ["point"]]
    found = tail_changes(networks, rows, judged["heavy_below"])
    write_tsv(rows, history, TAIL_HISTORY)
    write_tsv(first.merge(bins, on="point"), histogram, TAIL_HISTOGRAM)
    write_tsv(found, changes, TAIL_CHANGES)
    told = tail_statistics(networks, rows, found, judged["judged_rate"], judged["published"], judged["shown_epoch"])
    write_tsv(told, statistics, TAIL_STATISTICS)


if "snakemake" in globals():
    run(main, snakemake)
