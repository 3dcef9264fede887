"""Merge the strengths of all shards of one sample into means and standard deviations of every layer."""

from collections.abc import Sequence

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_parquet
from deepcrit.experiments.resnets.blocks import read_shards
from deepcrit.experiments.resnets.schemas import CALIBRATION, LAYER_MOMENTS
from deepcrit.experiments.resnets.thresholds import calibrated


def main(shards: Sequence[str], table: str) -> None:
    """Fold blocks in their order, so that shards do not change a digit."""
    moments, provenance = read_shards(shards, LAYER_MOMENTS)
    write_parquet(calibrated(moments), table, CALIBRATION, provenance)


if "snakemake" in globals():
    run(main, snakemake)
