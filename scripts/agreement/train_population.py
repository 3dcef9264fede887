"""Measure the networks of one shard by all notions, and train them, with a checkpoint after every epoch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.seeds import seed_key
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import load
from deepcrit.experiments.agreement.loop import population, population_notions
from deepcrit.experiments.agreement.schemas import AGREEMENT_HISTORY, AGREEMENT_MANIFEST, AGREEMENT_NOTIONS, REPEATS
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.epochs import Training, train_epochs
from deepcrit.training.images import Minibatches, shrunk_images
from deepcrit.training.shards import groups_of, points_of_shard, train_shard


def main(
    manifest: str,
    mnist: Sequence[str],
    notions: str,
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
    """The checkpoints of the shard are removed once its history is written, which is after what was measured is."""
    with threadpool_limits(1), training_on(device) as used_device:
        directory, images = Path(mnist[0]).parent, settings["images"]
        train = shrunk_images(*load(directory, "train"), settings["side"], images)
        test = shrunk_images(*load(directory, "test"), settings["side"], settings["test_images"])
        training = Training(Minibatches(images, settings["batch"], seed), settings["epochs"], settings["learning_rate"])
        points = points_of_shard(read_tsv(manifest, AGREEMENT_MANIFEST), shard, shards)
        made_from = provenance(manifest, code, ("numpy", "scipy", "torch", "pandas"), used_device)
        signals = [seed_key(seed, "agreement", "signals", repeat) for repeat in REPEATS]
        write_parquet(population_notions(points, test.images, settings, signals), notions, AGREEMENT_NOTIONS, made_from)

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            networks = population(group, settings)
            digest = training_digest(group, training, settings, code, used_device)
            return train_epochs(group["point"].tolist(), networks, training, train, test, checkpoint, digest)

        groups = {f"{shard}_{number}": group for number, group in enumerate(groups_of(points, together, ["alpha"]))}
        train_shard(groups, trained, checkpoints, history, AGREEMENT_HISTORY, made_from)


if "snakemake" in globals():
    run(main, snakemake)
