"""Measure the signal strength of every layer in the calibration blocks of one shard."""

from pathlib import Path
from typing import Any

from deepcrit.core.devices import use_device
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_parquet
from deepcrit.data.idx import read_idx
from deepcrit.experiments.resnets.blocks import resnet_blocks, resnet_provenance
from deepcrit.experiments.resnets.schemas import LAYER_MOMENTS
from deepcrit.experiments.resnets.stages import calibrate_blocks


def main(
    images: str | None, weights: str | None, table: str, settings: dict[str, Any], seed: int, shard: int, shards: int,
    code: str, device: str = "cpu",
) -> None:  # fmt: skip
    """Write moments of strengths, block by block."""
    used_device = use_device(device)
    blocks = resnet_blocks(
        seed, settings["model"], "calibration", settings["networks"], settings["calibration_blocks"], shard, shards
    )
    pictures = read_idx(Path(images)) if images else None
    moments = calibrate_blocks(settings, blocks, seed, pictures, Path(weights) if weights else None)
    write_parquet(moments, table, LAYER_MOMENTS, resnet_provenance(settings, seed, code, used_device))


if "snakemake" in globals():
    run(main, snakemake)
