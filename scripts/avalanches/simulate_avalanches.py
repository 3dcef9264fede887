"""Simulate the blocks of one shard of a manifest."""

from collections.abc import Mapping
from pathlib import Path

from deepcrit.avalanches.blocks import TABLES, blocks_of_shard, simulate_blocks
from deepcrit.avalanches.schemas import MANIFEST
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.idx import read_idx


def main(manifest: str, images: str | None, shard: int, shards: int, outputs: Mapping[str, str], code: str) -> None:
    """Read the manifest, simulate, write the tables of avalanches, blocks and profiles."""
    whole = read_tsv(manifest, MANIFEST)
    pictures = read_idx(Path(images)) if images else None
    tables = simulate_blocks(blocks_of_shard(whole, shard, shards), pictures)
    made_from = provenance(manifest, code, ("numpy", "scipy", "numba", "pandas"))
    for table in TABLES:
        write_parquet(tables[table], outputs[table], TABLES[table], made_from)


if "snakemake" in globals():
    run(main, snakemake)
