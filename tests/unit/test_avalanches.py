"""Manifests, blocks and merging: nothing depends on how the work is shared out."""

import numpy as np
import pandas as pd
import pytest

from deepcrit.avalanches.blocks import (
    TABLES,
    blocks_of_shard,
    check_counts,
    make_manifest,
    merge_shards,
    packed_profiles,
    simulate_blocks,
)
from deepcrit.avalanches.schemas import BLOCKS, MANIFEST
from deepcrit.core.provenance import check_provenance, provenance
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import TableError, write_parquet, write_tsv

KEYS = {
    "method": "radial", "blocks": 5, "launched": 300, "inputs": "gaussian", "depth": 50, "bias_variance": 0.0,
    "activation": "tanh", "ensemble": "gaussian", "levy_alpha": 2.0, "input_strength": 0.1, "profile_durations": [3, 8],
}  # fmt: skip


def manifest(**changes):
    return make_manifest(KEYS | changes, 25, 1.03, 7, "experiment", "sample")


@pytest.mark.parametrize("method", ["radial", "annealed", "network"])
def test_shards_do_not_change_tables(method):
    """One shard, two or five give the same merged tables, to the last bit."""
    whole = manifest(method=method)
    merged = []
    for shards in (1, 2, 5):
        parts = [simulate_blocks(blocks_of_shard(whole, shard, shards)) for shard in range(shards)]
        merged.append({table: merge_shards(whole, [part[table] for part in parts], table) for table in TABLES})
    for other in merged[1:]:
        for table in ("avalanches", "blocks"):
            pd.testing.assert_frame_equal(other[table], merged[0][table], check_exact=True)
        assert (
            other["profiles"]["profile_sum"].map(bytes).tolist()
            == merged[0]["profiles"]["profile_sum"].map(bytes).tolist()
        )


def test_blocks_and_points_are_independent():
    """Blocks, samples and root seeds give different avalanches."""
    sizes = [
        simulate_blocks(m)["avalanches"]["size"].to_numpy()[:5]
        for m in (
            manifest(),
            manifest().assign(seed_key=[seed_key(8, "experiment", "sample/N25", b) for b in range(5)]),
        )
    ]
    assert not np.array_equal(sizes[0], sizes[1])
    first = simulate_blocks(manifest())["avalanches"].groupby("block")["size"].first()
    assert first.is_unique


def test_missing_and_short_blocks_are_named():
    """A shard that is missing, or that lost rows, is refused with the block."""
    whole = manifest()
    tables = simulate_blocks(whole)
    with pytest.raises(TableError, match=r"expected 5; differing: \[4\]"):
        merge_shards(whole, [tables["blocks"].iloc[:4]], "blocks")
    with pytest.raises(TableError, match="block 4: found"):
        check_counts(tables["avalanches"].iloc[:-1], tables["blocks"])


def test_shards_of_another_manifest_are_refused_by_name(tmp_path):
    """Provenance ties a shard to its manifest; a file rewritten without it is refused as well."""
    whole = manifest()
    path = tmp_path / "manifest.tsv"
    write_tsv(whole, path, MANIFEST)
    shard = tmp_path / "0.blocks.parquet"
    blocks = simulate_blocks(whole)["blocks"]
    write_parquet(blocks, shard, BLOCKS, provenance(path, "abc", ["numpy"]))
    assert check_provenance([shard], path)["seed"] == "7"
    write_tsv(whole.assign(weight_variance=1.04), path, MANIFEST)
    with pytest.raises(TableError, match=r"0\.blocks\.parquet: found config_digest"):
        check_provenance([shard], path)
    blocks.to_parquet(shard)
    with pytest.raises(TableError, match=r"0\.blocks\.parquet: found config_digest None"):
        check_provenance([shard], path)


def test_packed_profiles_hold_every_row():
    """Unpacking a profile table recovers counts and sums at their places."""
    tables = simulate_blocks(manifest())
    counts, sums = packed_profiles(tables["profiles"], 5, 3, 8)
    assert counts.sum() == tables["profiles"]["count"].sum()
    row = tables["profiles"].iloc[-1]
    start = sum(range(3, row["duration"]))
    assert np.array_equal(sums[row["block"], start : start + row["duration"]], row["profile_sum"])


def test_images_must_be_given():
    """A network driven by images cannot be simulated without them."""
    with pytest.raises(ValueError, match="driven by mnist"):
        simulate_blocks(manifest(method="network", inputs="mnist"))


def test_shard_out_of_range():
    """A shard index beyond the shards is refused."""
    with pytest.raises(ValueError, match="expected 0 <= shard < 2"):
        blocks_of_shard(manifest(), 2, 2)


def test_seed_keys():
    """A key is text that names everything it depends on; a malformed one is refused."""
    key = seed_key(1, "a", "b", 3)
    assert key.startswith("1:")
    assert key.endswith(":3")
    assert generator(key).random() == generator(key).random()
    assert generator(key).random() != generator(seed_key(1, "a", "c", 3)).random()
    with pytest.raises(ValueError, match="expected root:experiment:point:block"):
        generator("1:2")
