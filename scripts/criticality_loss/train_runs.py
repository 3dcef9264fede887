"""Train the classifiers of one shard, some at a time, with a checkpoint after every epoch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv
from deepcrit.data.mnist import load
from deepcrit.experiments.criticality_loss.loop import TrainingProtocol, centred, train_runs
from deepcrit.experiments.criticality_loss.schemas import CRITICALITY_HISTORY, CRITICALITY_RUNS
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.epochs import Training
from deepcrit.training.images import LabelledImages, Minibatches
from deepcrit.training.shards import groups_of, points_of_shard, train_shard


def main(
    runs: str,
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
        training = Training(minibatches, settings["epochs"], settings["learning_rate"], settings["decay"])
        half_widths = tuple(settings["uniform_half_widths"])
        protocol = TrainingProtocol(tuple(settings["hidden"]), half_widths, training, settings["measured_images"])
        directory = Path(mnist[0]).parent
        train = centred(LabelledImages.of(*load(directory, "train"), first=settings["images"]))
        test = centred(LabelledImages.of(*load(directory, "test"), first=settings["test_images"]))
        points = points_of_shard(read_tsv(runs, CRITICALITY_RUNS), shard, shards)
        groups = {f"{shard}_{number}": group for number, group in enumerate(groups_of(points, together, ["loss"]))}

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            digest = training_digest(group, protocol, len(test), code, used_device)
            return train_runs(group, protocol, train, test, checkpoint, digest)

        made_from = provenance(runs, code, ("numpy", "torch", "pandas"), used_device)
        train_shard(groups, trained, checkpoints, history, CRITICALITY_HISTORY, made_from)


if "snakemake" in globals():
    run(main, snakemake)
