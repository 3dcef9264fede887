"""Train the networks of one shard, some at a time, with a checkpoint after every epoch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv
from deepcrit.data.mnist import load
from deepcrit.experiments.trainability.networks import initial_networks
from deepcrit.experiments.trainability.schemas import TRAINING_HISTORY, TRAINING_MANIFEST
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.epochs import Training, train_epochs
from deepcrit.training.images import LabelledImages, Minibatches
from deepcrit.training.shards import groups_of, points_of_shard, train_shard


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
    with training_on(device) as used_device:
        minibatches = Minibatches(settings["images"], settings["batch"], seed)
        training = Training(minibatches, settings["epochs"], settings["learning_rate"], goal=settings["goal"])
        directory = Path(mnist[0]).parent
        train = LabelledImages.of(*load(directory, "train"), first=settings["images"])
        test = LabelledImages.of(*load(directory, "test"))
        points = points_of_shard(read_tsv(manifest, TRAINING_MANIFEST), shard, shards)
        parts = groups_of(points, together, ["width", "depth"])
        groups = {f"{shard}_{number}": group for number, group in enumerate(parts)}

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            networks = initial_networks(group, train.images.shape[1])
            digest = training_digest(group, training, code, used_device)
            return train_epochs(group["point"].tolist(), networks, training, train, test, checkpoint, digest)

        made_from = provenance(manifest, code, ("numpy", "torch", "pandas"), used_device)
        train_shard(groups, trained, checkpoints, history, TRAINING_HISTORY, made_from)


if "snakemake" in globals():
    run(main, snakemake)
