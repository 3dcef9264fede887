"""Train the classifiers of one shard, some at a time, with a checkpoint after every epoch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.core.logs import log_to
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv
from deepcrit.data.mnist import load
from deepcrit.experiments.criticality_loss.loop import Protocol, centred, train_runs
from deepcrit.experiments.criticality_loss.schemas import CRITICALITY_HISTORY, CRITICALITY_RUNS
from deepcrit.training.groups import groups_of, points_of_shard
from deepcrit.training.loop import LabelledImages, Training, prepare_training, training_digest
from deepcrit.training.shards import train_shard


def main(
    runs: str,
    mnist: str,
    history: str,
    checkpoints: str,
    shard: int,
    shards: int,
    together: int,
    keys: Mapping[str, Any],
    seed: int,
    code_digest: str,
    device: str = "cpu",
) -> None:
    """The checkpoints of the shard are removed once its history is written."""
    used_device = prepare_training(device)
    training = Training(keys["learning_rate"], keys["batch"], keys["epochs"], None, seed, keys["decay"])
    protocol = Protocol(tuple(keys["hidden"]), tuple(keys["uniform_half_widths"]), training, keys["measured_images"])
    train = centred(LabelledImages.of(*load(Path(mnist), "train"), first=keys["images"]))
    test = centred(LabelledImages.of(*load(Path(mnist), "test"), first=keys["test_images"]))
    points = points_of_shard(read_tsv(runs, CRITICALITY_RUNS), shard, shards)
    groups = {f"{shard}_{number}": group for number, group in enumerate(groups_of(points, together, alike=["loss"]))}

    def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
        content = f"{protocol}{keys['test_images']}{code_digest}"
        digest = training_digest(group, training, keys["images"], content, used_device)
        return train_runs(group, protocol, train, test, checkpoint, digest)

    made_from = provenance(runs, code_digest, ("numpy", "torch", "pandas"), used_device)
    train_shard(groups, trained, checkpoints, history, CRITICALITY_HISTORY, made_from)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.runs,
        str(Path(snakemake.input.mnist[0]).parent),
        snakemake.output[0],
        snakemake.params.checkpoints,
        int(snakemake.wildcards.shard),
        snakemake.params.shards,
        snakemake.params.together,
        snakemake.params.protocol,
        snakemake.params.seed,
        snakemake.params.code,
        snakemake.params.device,
    )
