"""Measure the signal strength of every layer in the calibration blocks of one shard."""

from pathlib import Path
from typing import Any

from deepcrit.core.devices import use_device
from deepcrit.core.logs import log_to
from deepcrit.core.tables import write_parquet
from deepcrit.data.idx import read_idx
from deepcrit.experiments.resnets.blocks import blocks_of_shard, provenance
from deepcrit.experiments.resnets.schemas import LAYER_MOMENTS
from deepcrit.experiments.resnets.stages import calibrate_blocks


def main(
    images: str | None, weights: str | None, table: str, keys: dict[str, Any], seed: int, shard: int, shards: int,
    code_digest: str, device: str = "cpu",
) -> None:  # fmt: skip
    """Write moments of strengths, block by block."""
    used_device = use_device(device)
    blocks = blocks_of_shard(
        seed, keys["model"], "calibration", keys["networks"], keys["calibration_blocks"], shard, shards
    )
    pictures = read_idx(Path(images)) if images else None
    moments = calibrate_blocks(keys, blocks, seed, pictures, Path(weights) if weights else None)
    write_parquet(moments, table, LAYER_MOMENTS, provenance(keys, seed, code_digest, used_device))


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.get("images"),
        snakemake.input.get("weights"),
        snakemake.output[0],
        snakemake.params.sample,
        snakemake.params.seed,
        int(snakemake.wildcards.shard),
        snakemake.params.shards,
        snakemake.params.code,
        snakemake.params.device,
    )
