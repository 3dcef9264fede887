"""Merge the shards of one sample, in block order."""

from collections.abc import Mapping
from typing import Any

from deepcrit.avalanches.blocks import TABLES, check_counts, merge_shards
from deepcrit.avalanches.schemas import MANIFEST
from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_parquet


def main(inputs: Mapping[str, Any], outputs: Mapping[str, str]) -> None:
    """Check every shard and write the merged tables, with the provenance of the shards.

    Args:
        inputs: the manifest, and the shards of each table by its name.
        outputs: the merged tables by name.
    """
    manifest = inputs["manifest"]
    whole = read_tsv(manifest, MANIFEST)
    merged = {}
    for table in TABLES:
        common = check_provenance(inputs[table], manifest)
        merged[table] = merge_shards(whole, [read_parquet(shard, TABLES[table]) for shard in inputs[table]], table)
    check_counts(merged["avalanches"], merged["blocks"])
    for table in TABLES:
        write_parquet(merged[table], outputs[table], TABLES[table], common)


if "snakemake" in globals():
    run(main, snakemake)
