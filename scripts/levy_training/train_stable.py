"""Train the networks of one shard from stable weights, with a checkpoint after every test, and keep Jacobians."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import load
from deepcrit.experiments.levy_training.loop import StableTraining, train_from_stable
from deepcrit.experiments.levy_training.schemas import LEVY_HISTORY, LEVY_MANIFEST, LEVY_SNAPSHOTS
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.images import Minibatches, shrunk_images
from deepcrit.training.shards import groups_of, points_of_shard, train_shard

ALIKE = ("width", "batch")


def main(
    manifest: str,
    mnist: Sequence[str],
    history: str,
    snapshots: str,
    checkpoints: str,
    shard: int,
    shards: int,
    together: int,
    settings: Mapping[str, Any],
    seed: int,
    code: str,
    device: str = "cpu",
) -> None:
    """The checkpoints of the shard are removed once its history is written, which is after its snapshots are."""
    with training_on(device) as used_device:
        directory, (side, images) = Path(mnist[0]).parent, (settings["side"], settings["images"])
        train = shrunk_images(*load(directory, "train"), side, images)
        test = shrunk_images(*load(directory, "test"), side, settings["test_images"])
        points = points_of_shard(read_tsv(manifest, LEVY_MANIFEST), shard, shards, ALIKE)
        parts = groups_of(points, together, ALIKE)
        made_from = provenance(manifest, code, ("numpy", "torch", "pandas"), used_device)
        kept = [pd.DataFrame(columns=[column.name for column in LEVY_SNAPSHOTS.columns])]

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            training = StableTraining(
                settings["hidden_layers"], Minibatches(images, int(group["batch"].iloc[0]), seed), settings["epochs"],
                settings["tests_per_epoch"], settings["middle_test"], settings["measured_layer"],
            )  # fmt: skip
            digest = training_digest(group, training, side, len(test), code, used_device)
            rows = train_from_stable(group, training, train, test, checkpoint, digest)
            there = rows.dropna(subset="snapshot")
            kept.append(there[["point", "snapshot", "epoch"]].assign(jacobian=[x.numpy() for x in there["jacobian"]]))
            write_parquet(pd.concat(kept), snapshots, LEVY_SNAPSHOTS, made_from)
            return rows.drop(columns=["snapshot", "jacobian"])

        write_parquet(kept[0], snapshots, LEVY_SNAPSHOTS, made_from)
        groups = {f"{shard}_{number}": group for number, group in enumerate(parts)}
        train_shard(groups, trained, checkpoints, history, LEVY_HISTORY, made_from)


if "snakemake" in globals():
    run(main, snakemake)
