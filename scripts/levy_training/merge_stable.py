"""Put the histories of all shards back in order, and keep what every network came to and which gains train."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.levy_training.outcomes import stable_outcomes, trainable_intervals, trained_landmarks
from deepcrit.experiments.levy_training.schemas import (
    LEVY_HISTORY,
    LEVY_INTERVALS,
    LEVY_MANIFEST,
    LEVY_OUTCOMES,
    TRAINED_LANDMARKS,
)


def main(
    manifest: str, shards: Sequence[str], history: str, outcomes: str, intervals: str, landmarks: str, goal: float,
    test_images: int, published_epochs: float, protocol: str,
) -> None:  # fmt: skip
    """Shards of another manifest or other code are refused by name."""
    check_provenance(shards, manifest)
    networks = read_tsv(manifest, LEVY_MANIFEST)
    rows = pd.concat([read_parquet(shard, LEVY_HISTORY) for shard in shards])
    rows = networks[["point"]].merge(rows, on="point")
    write_tsv(rows, history, LEVY_HISTORY)
    found = stable_outcomes(networks, rows, goal, test_images, published_epochs, protocol)
    write_tsv(found, outcomes, LEVY_OUTCOMES)
    trained = trainable_intervals(found, goal)
    write_tsv(trained, intervals, LEVY_INTERVALS)
    write_tsv(trained_landmarks(found, trained, goal), landmarks, TRAINED_LANDMARKS)


if "snakemake" in globals():
    run(main, snakemake)
