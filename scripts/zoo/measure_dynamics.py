"""Measure the dynamics of every network of a shard, or say why one could not be measured."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepcrit.core.devices import use_device
from deepcrit.core.jobs import run
from deepcrit.core.provenance import made_from
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.experiments.zoo.measurement_cache import MeasurementCache
from deepcrit.experiments.zoo.schemas import DYNAMICS_INPUTS, DYNAMICS_STATUS, WEIGHT_SETS, ZOO_IMAGES
from deepcrit.experiments.zoo.surveys import survey
from deepcrit.pretrained.loading import Loader
from deepcrit.pretrained.subjects import dealt, subjects


def main(
    sets: str, images: str, outputs: Mapping[str, str], settings: Mapping[str, Any], cache: str, kept: str,
    local_directory: str, timeout_seconds: float, seed: int, shard: int, shards: int, code: str,
    device: str = "cpu",
) -> None:  # fmt: skip
    """Measure what is dealt to this shard."""
    used_device = use_device(device)
    published, shown = read_tsv(sets, WEIGHT_SETS), read_tsv(images, ZOO_IMAGES)
    loader = Loader(
        images=shown[shown["image"] >= 0],
        accuracies=published.set_index(["model", "weights"])["accuracy"].to_dict(),
        own=settings["own_models"],
        cache=Path(cache),
        local=Path(local_directory) if local_directory else None,
        downloader=Downloader(timeout_seconds),
        seed=seed,
    )
    common = made_from(
        json.dumps([settings, shown["sha256"].tolist()], sort_keys=True).encode(),
        str(seed),
        code,
        ("numpy", "torch", "torchvision"),
        used_device,
    )
    # which others are measured does not matter to one
    defining = json.dumps(
        [settings["tolerance"], settings["maximum_products"], seed, code, common["versions"], used_device]
    )
    inputs, status = survey(
        dealt(subjects(zip(published["model"], published["weights"], strict=True), settings), shards)[shard],
        loader,
        MeasurementCache(Path(kept), defining),
        settings["tolerance"],
        settings["maximum_products"],
    )
    write_parquet(inputs, outputs["inputs"], DYNAMICS_INPUTS, common)
    write_parquet(status, outputs["status"], DYNAMICS_STATUS, common)


if "snakemake" in globals():
    run(main, snakemake)
