"""Put the histories of all shards of all sequences of tasks into one table, and average them over bins of tasks."""

from collections.abc import Mapping, Sequence

import pandas as pd

from deepcrit.core.logs import log_to
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
    manifests: Mapping[str, str], shards: Mapping[str, Sequence[str]], labels: Mapping[str, Mapping[str, str]],
    tasks: str, bins: str, averaged: int,
) -> None:  # fmt: skip
    """``labels`` holds data and protocol of each sample; shards of other code or configuration are refused by name."""
    parts = []
    for sample, manifest in manifests.items():
        check_provenance(shards[sample])
        networks = read_tsv(manifest, CONTINUAL_MANIFEST)
        rows = pd.concat([read_parquet(shard, CONTINUAL_HISTORY) for shard in shards[sample]])
        parts.append(
            networks.merge(rows, on="network")
            .drop(columns=["network", "group"])
            .assign(sample=sample, **labels[sample])
        )
    every = pd.concat(parts)
    write_tsv(every, tasks, CONTINUAL_TASKS)
    write_tsv(binned(every, averaged), bins, CONTINUAL_BINS)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    samples = snakemake.params.samples
    main(
        dict(zip(samples, snakemake.input.manifests, strict=True)),
        {name: [path for path in snakemake.input.shards if f"/{name}/" in path] for name in samples},
        snakemake.params.labels,
        snakemake.output.tasks,
        snakemake.output.bins,
        snakemake.params.averaged,
    )
