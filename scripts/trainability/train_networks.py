"""Train the networks of one shard, some at a time, with a checkpoint after every epoch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv
from deepcrit.data.mnist import load
from deepcrit.experiments.trainability.schemas import TRAINING_HISTORY, TRAINING_MANIFEST
from deepcrit.training.groups import groups_of, points_of_shard
from deepcrit.training.loop import LabelledImages, Training, prepare_training, train_group, training_digest
from deepcrit.training.shards import train_shard


def main(
    manifest: str,
    mnist: Sequence[str],
    history: str,
    checkpoints: str,
    shard: int,
    shards: int,
    together: int,
    settings: Mapping[str, Any],
    seed: int,
    code: str,
    device: str = "cpu",
) -> None:
    """The checkpoints of the shard are removed once its history is written."""
    used_device = prepare_training(device)
    training = Training(settings["learning_rate"], settings["batch"], settings["epochs"], settings["goal"], seed)
    directory = Path(mnist[0]).parent
    train = LabelledImages.of(*load(directory, "train"), first=settings["images"])
    test = LabelledImages.of(*load(directory, "test"))
    points = points_of_shard(read_tsv(manifest, TRAINING_MANIFEST), shard, shards)
    groups = {f"{shard}_{number}": group for number, group in enumerate(groups_of(points, together))}

    def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
        digest = training_digest(group, training, settings["images"], code, used_device)
        return train_group(group, training, train, test, checkpoint, digest)

    made_from = provenance(manifest, code, ("numpy", "torch", "pandas"), used_device)
    train_shard(groups, trained, checkpoints, history, TRAINING_HISTORY, made_from)


if "snakemake" in globals():
    run(main, snakemake)
