"""Merge the avalanches of all shards of one sample, in block order."""

from collections.abc import Sequence

from deepcrit.core.jobs import run
from deepcrit.core.tables import TableError, write_parquet
from deepcrit.experiments.resnets.blocks import read_shards
from deepcrit.experiments.resnets.schemas import LAUNCHES, LAYER_AVALANCHES


def main(avalanches: Sequence[str], launches: Sequence[str], outputs: dict[str, str]) -> None:
    """Hold the merged avalanches to the counts of their blocks, and write both.

    Raises:
        TableError: if avalanches are missing.
    """
    merged, provenance = read_shards(avalanches, LAYER_AVALANCHES)
    counts, _ = read_shards(launches, LAUNCHES)
    if len(merged) != counts["started"].sum():
        raise TableError(f"avalanches: found {len(merged)}, expected {counts['started'].sum()} as counted by block")
    write_parquet(merged, outputs["avalanches"], LAYER_AVALANCHES, provenance)
    write_parquet(counts, outputs["launches"], LAUNCHES, provenance)


if "snakemake" in globals():
    run(main, snakemake)
