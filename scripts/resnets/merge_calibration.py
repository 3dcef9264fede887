"""Merge the strengths of all shards of one sample into means and standard deviations of every layer."""

from collections.abc import Sequence

from deepcrit.logs import log_to
from deepcrit.schemas.layer_avalanches import CALIBRATION, LAYER_MOMENTS
from deepcrit.tables import write_parquet
from deepcrit.zoo.blocks import read_shards
from deepcrit.zoo.thresholds import calibrated


def main(shards: Sequence[str], table: str) -> None:
    """Fold blocks in their order, so that shards do not change a digit."""
    moments, provenance = read_shards(shards, LAYER_MOMENTS)
    write_parquet(calibrated(moments), table, CALIBRATION, provenance)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(snakemake.input, snakemake.output[0])
