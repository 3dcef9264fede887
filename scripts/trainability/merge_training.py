"""Put the histories of all shards back in the order of the manifest, and keep what every network came to."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.trainability.schemas import TRAINING_HISTORY, TRAINING_MANIFEST, TRAINING_OUTCOMES
from deepcrit.experiments.trainability.windows import training_outcomes


def main(
    manifest: str, shards: Sequence[str], history: str, outcomes: str, sample: str, training: Mapping[str, Any]
) -> None:
    """Shards of another manifest or other code are refused by name."""
    check_provenance(shards, manifest)
    networks = read_tsv(manifest, TRAINING_MANIFEST)
    rows = pd.concat([read_parquet(shard, TRAINING_HISTORY) for shard in shards])
    rows = networks[["point"]].merge(rows, on="point")
    write_tsv(rows, history, TRAINING_HISTORY)
    write_tsv(training_outcomes(networks, rows, sample, training), outcomes, TRAINING_OUTCOMES)


if "snakemake" in globals():
    run(main, snakemake)
