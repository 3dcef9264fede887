"""Merge the shards of one sample, in block order."""

from collections.abc import Mapping, Sequence

from deepcrit.avalanches.blocks import TABLES, check_counts, merge_shards
from deepcrit.avalanches.schemas import MANIFEST
from deepcrit.core.logs import log_to
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_parquet


def main(manifest: str, shards: Mapping[str, Sequence[str]], outputs: Mapping[str, str]) -> None:
    """Check every shard and write the merged tables, with the provenance of the shards."""
    whole = read_tsv(manifest, MANIFEST)
    merged = {}
    for table in TABLES:
        common = check_provenance(shards[table], manifest)
        merged[table] = merge_shards(whole, [read_parquet(shard, TABLES[table]) for shard in shards[table]], table)
    check_counts(merged["avalanches"], merged["blocks"])
    for table in TABLES:
        write_parquet(merged[table], outputs[table], TABLES[table], common)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.manifest,
        {table: list(snakemake.input[table]) for table in TABLES},
        {table: snakemake.output[table] for table in TABLES},
    )
