"""From seeds to tables of avalanches: manifests, simulated blocks, and their merging.

A manifest lists the blocks of one sample at one width with everything that defines them; a shard simulates some of
its blocks; merging puts them back in block order. Nothing depends on how blocks are shared out among shards.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from deepcrit.avalanches.schemas import AVALANCHES, BLOCKS, PROFILES
from deepcrit.core.schema import Schema
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import TableError
from deepcrit.data.mnist import images_at_strength
from deepcrit.physics.propagation.annealed import simulate_annealed
from deepcrit.physics.propagation.annealed_stable import simulate_annealed_stable
from deepcrit.physics.propagation.block import AvalancheBlock, profile_offsets
from deepcrit.physics.propagation.network import gaussian_inputs, simulate_network
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.spec import NetworkSpec

logger = logging.getLogger(__name__)
TABLES: dict[str, Schema] = {schema.name: schema for schema in (AVALANCHES, BLOCKS, PROFILES)}


def make_manifest(
    keys: Mapping[str, Any], width: int, weight_variance: float, root_seed: int, experiment: str, sample: str
) -> pd.DataFrame:
    """One row a block, with its seed key and everything that defines what is simulated.

    Args:
        keys: leaves of the configuration that define the sample.
        width: N.
        weight_variance: sw2.
        root_seed: the seed of the configuration.
        experiment: name of the experiment, part of the seed.
        sample: name of the sample, part of the seed.
    """
    blocks = range(keys["blocks"])
    shortest, longest = keys["profile_durations"]
    columns = ("method", "inputs", "depth", "bias_variance", "activation", "ensemble", "levy_alpha", "input_strength")
    return pd.DataFrame(
        {
            "block": list(blocks),
            "seed_key": [seed_key(root_seed, experiment, f"{sample}/N{width}", block) for block in blocks],
            "launched": keys["launched"],
            "width": width,
            "weight_variance": weight_variance,
            "profile_shortest": shortest,
            "profile_longest": longest,
            **{column: keys[column] for column in columns},
        }
    )


def blocks_of_shard(manifest: pd.DataFrame, shard: int, shards: int) -> pd.DataFrame:
    """The contiguous part of a manifest that one of ``shards`` jobs simulates.

    Raises:
        ValueError: if there is no such shard.
    """
    if not 0 <= shard < shards:
        raise ValueError(f"shard: found {shard}, expected 0 <= shard < {shards}")
    return manifest.iloc[np.array_split(np.arange(len(manifest)), shards)[shard]]


def simulate_blocks(manifest: pd.DataFrame, images: NDArray[np.uint8] | None = None) -> dict[str, pd.DataFrame]:
    """Simulate every block of a manifest, on one thread.

    Args:
        manifest: rows of a manifest.
        images: real inputs for blocks driven by them, shape (images, rows, columns), rescaled to the input strength.

    Returns:
        Tables ``avalanches``, ``blocks`` and ``profiles``, in block order.
    """
    results = []
    with threadpool_limits(1):
        for done, row in enumerate(manifest.itertuples(index=False), start=1):
            results.append(simulate_block(row, images))
            if done == len(manifest) or done % max(1, len(manifest) // 20) == 0:
                logger.info("block %d of %d done", done, len(manifest))
    return _tables(manifest, results)


def simulate_block(row: Any, images: NDArray[np.uint8] | None = None) -> AvalancheBlock:
    """Simulate the block that one row of a manifest (a named tuple) defines."""
    spec = NetworkSpec(
        width=row.width,
        depth=row.depth,
        weight_variance=row.weight_variance,
        bias_variance=row.bias_variance,
        activation=row.activation,
        input_strength=row.input_strength,
        ensemble=row.ensemble,
        levy_alpha=row.levy_alpha,
    )
    rng = generator(row.seed_key)
    profile_range = (row.profile_shortest, row.profile_longest)
    if row.method == "radial":
        return simulate_radial(spec, row.launched, rng, profile_range)
    if row.method == "annealed":
        simulate = simulate_annealed_stable if row.ensemble == "levy" else simulate_annealed
        return simulate(spec, row.launched, rng, profile_range)
    if row.inputs == "gaussian":
        inputs: NDArray[np.floating] = gaussian_inputs(spec, row.launched, rng)
    else:
        if images is None:
            raise ValueError(f"inputs: block {row.block} is driven by {row.inputs}, but no images were given")
        chosen = rng.choice(len(images), row.launched, replace=False)
        inputs = images_at_strength(images[chosen], row.input_strength)
    return simulate_network(spec, inputs, rng, profile_range)


def _tables(manifest: pd.DataFrame, results: Sequence[AvalancheBlock]) -> dict[str, pd.DataFrame]:
    blocks = manifest["block"].to_numpy()
    started = [len(result.duration) for result in results]
    avalanches = pd.DataFrame(
        {
            "block": np.repeat(blocks, started),
            "duration": np.concatenate([result.duration for result in results]),
            "size": np.concatenate([result.size for result in results]),
            "censored": np.concatenate([result.censored for result in results]),
        }
    )
    counts = pd.DataFrame(
        {
            "block": blocks,
            "launched": [result.launched for result in results],
            "started": started,
            "censored": [int(result.censored.sum()) for result in results],
        }
    )
    shortest, longest = (int(manifest[f"profile_{end}"].iloc[0]) for end in ("shortest", "longest"))
    offsets = profile_offsets(shortest, longest)
    rows = [
        (block, shortest + index, result.profile_count[index], result.profile_sum[offsets[index] : offsets[index + 1]])
        for block, result in zip(blocks, results, strict=True)
        for index in np.flatnonzero(result.profile_count)
    ]
    profiles = pd.DataFrame(rows, columns=["block", "duration", "count", "profile_sum"])
    return {"avalanches": avalanches, "blocks": counts, "profiles": profiles}


def merge_shards(manifest: pd.DataFrame, shards: Iterable[pd.DataFrame], table: str) -> pd.DataFrame:
    """Concatenate one table of all shards, in block order.

    Raises:
        TableError: if the blocks found are not those of the manifest.
    """
    merged = pd.concat(list(shards), ignore_index=True)
    if table == "blocks" and merged["block"].tolist() != manifest["block"].tolist():
        wrong = sorted(set(merged["block"]) ^ set(manifest["block"]))
        raise TableError(f"{table}: the shards hold {len(merged)} blocks, expected {len(manifest)}; differing: {wrong}")
    return merged


def check_counts(avalanches: pd.DataFrame, blocks: pd.DataFrame) -> None:
    """Hold the merged avalanches to the counts of their blocks.

    Raises:
        TableError: naming the first block whose avalanches are not all there.
    """
    found = np.bincount(avalanches["block"], minlength=len(blocks))
    wrong = np.flatnonzero(found != blocks["started"].to_numpy())
    if wrong.size:
        block = wrong[0]
        raise TableError(f"block {block}: found {found[block]} avalanches, expected {blocks['started'][block]}")


def packed_profiles(
    profiles: pd.DataFrame, blocks: int, shortest: int, longest: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts (blocks, durations) and packed sums (blocks, packed length) of a range of durations."""
    offsets = profile_offsets(shortest, longest)
    counts = np.zeros((blocks, longest - shortest + 1), np.int64)
    sums = np.zeros((blocks, offsets[-1]))
    chosen = profiles[profiles["duration"].between(shortest, longest)]
    columns = (chosen[name].tolist() for name in ("block", "duration", "count", "profile_sum"))
    for block, duration, count, profile_sum in zip(*columns, strict=True):
        index = duration - shortest
        counts[block, index] = count
        sums[block, offsets[index] : offsets[index + 1]] = profile_sum
    return counts, sums
