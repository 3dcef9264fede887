"""Put the histories of all shards of all sequences of tasks into one table, and average them over bins of tasks."""

from collections.abc import Mapping, Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.continual.bins import binned
from deepcrit.experiments.continual.schemas import (
    CONTINUAL_BINS,
    CONTINUAL_HISTORY,
    CONTINUAL_MANIFEST,
    CONTINUAL_TASKS,
)


def main(
    inputs: Mapping[str, Sequence[str]], labels: Mapping[str, Mapping[str, str]], tasks: str, bins: str, averaged: int
) -> None:
    """Shards of other code or configuration are refused by name.

    Args:
        inputs: manifest and shards of each sample.
        labels: data and protocol of each sample.
        tasks: output.
        bins: output.
        averaged: tasks of a bin.
    """
    parts = []
    for sample, (manifest, *shards) in inputs.items():
        check_provenance(shards)
        networks = read_tsv(manifest, CONTINUAL_MANIFEST)
        rows = pd.concat([read_parquet(shard, CONTINUAL_HISTORY) for shard in shards])
        parts.append(
            networks.merge(rows, on="network")
            .drop(columns=["network", "group"])
            .assign(sample=sample, **labels[sample])
        )
    every = pd.concat(parts)
    write_tsv(every, tasks, CONTINUAL_TASKS)
    write_tsv(binned(every, averaged), bins, CONTINUAL_BINS)


if "snakemake" in globals():
    run(main, snakemake)
