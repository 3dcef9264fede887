"""Train the networks of one shard, some at a time, with a checkpoint after every epoch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.datasets.mnist import load
from deepcrit.logs import log_to
from deepcrit.provenance import provenance
from deepcrit.schemas.training import TRAINING_HISTORY, TRAINING_MANIFEST
from deepcrit.tables import read_tsv, write_parquet
from deepcrit.training.groups import groups_of, points_of_shard
from deepcrit.training.loop import LabelledImages, Training, train_group, training_digest, use_one_thread


def main(
    manifest: str,
    mnist: str,
    history: str,
    checkpoints: str,
    shard: int,
    shards: int,
    together: int,
    keys: Mapping[str, Any],
    seed: int,
    code_digest: str,
) -> None:
    """The checkpoints of the shard are removed once its history is written."""
    use_one_thread()
    training = Training(keys["learning_rate"], keys["batch"], keys["epochs"], keys["goal"], seed)
    train = LabelledImages.of(*load(Path(mnist), "train"), first=keys["images"])
    test = LabelledImages.of(*load(Path(mnist), "test"))
    points = points_of_shard(read_tsv(manifest, TRAINING_MANIFEST), shard, shards)
    parts = [pd.DataFrame({column.name: [] for column in TRAINING_HISTORY.columns})]
    used = []
    for number, group in enumerate(groups_of(points, together)):
        used.append(Path(checkpoints) / f"{shard}_{number}.pt")
        digest = training_digest(group, training, keys["images"], code_digest)
        parts.append(train_group(group, training, train, test, used[-1], digest))
    made_from = provenance(manifest, code_digest, ("numpy", "torch", "pandas"))
    write_parquet(pd.concat(parts), history, TRAINING_HISTORY, made_from)
    for path in used:
        path.unlink()


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.manifest,
        str(Path(snakemake.input.mnist[0]).parent),
        snakemake.output[0],
        snakemake.params.checkpoints,
        int(snakemake.wildcards.shard),
        snakemake.params.shards,
        snakemake.params.together,
        snakemake.params.training,
        snakemake.params.seed,
        snakemake.params.code,
    )
