"""Launch the blocks of one shard through a model, and record avalanches above its thresholds."""

from pathlib import Path
from typing import Any

from deepcrit.core.devices import use_device
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_parquet, write_parquet
from deepcrit.data.idx import read_idx
from deepcrit.experiments.resnets.blocks import resnet_blocks, resnet_provenance
from deepcrit.experiments.resnets.schemas import CALIBRATION, LAUNCHES, LAYER_AVALANCHES
from deepcrit.experiments.resnets.stages import launch_blocks


def main(
    calibration: str, images: str | None, weights: str | None, avalanches: str, launches: str, settings: dict[str, Any],
    seed: int, shard: int, shards: int, code: str, device: str = "cpu",
) -> None:  # fmt: skip
    """Write avalanches and the counts of their blocks."""
    used_device = use_device(device)
    blocks = resnet_blocks(seed, settings["model"], "launch", settings["networks"], settings["blocks"], shard, shards)
    pictures = read_idx(Path(images)) if images else None
    thresholds = read_parquet(calibration, CALIBRATION)
    found, counts = launch_blocks(settings, blocks, seed, thresholds, pictures, Path(weights) if weights else None)
    made_from = resnet_provenance(settings, seed, code, used_device)
    write_parquet(found, avalanches, LAYER_AVALANCHES, made_from)
    write_parquet(counts, launches, LAUNCHES, made_from)


if "snakemake" in globals():
    run(main, snakemake)
