"""Blocks of inputs: what each holds, its seeds, and how blocks are shared out among jobs.

A block is one batch of inputs of one network. Blocks are listed from the configuration alone, in one order; a shard
takes some of them, and nothing that a block gives depends on its shard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepcrit.core.provenance import check_provenance, made_from
from deepcrit.core.schema import Schema
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet

EXPERIMENT = "resnets"


class Block(NamedTuple):
    """One batch: the network it is sent through, its index in that network, and the seed of its inputs."""

    network: int
    block: int
    seed: int


def network_seed(root_seed: int, model: str, network: int) -> int:
    """Seed of the random weights of one network; the same in every case, so that cases differ in nothing else."""
    return _seed(root_seed, f"{model}/weights", network)


def resnet_blocks(
    root_seed: int, model: str, stage: str, networks: int, per_network: int, shard: int, shards: int
) -> list[Block]:
    """The contiguous part of all blocks that one of ``shards`` jobs does.

    Args:
        root_seed: the seed of the configuration.
        model: name of the model, part of the seed.
        stage: ``calibration`` or ``launch``, part of the seed.
        networks: number of networks.
        per_network: blocks sent through each.
        shard: which part.
        shards: of how many.

    Raises:
        ValueError: if there is no such shard.
    """
    if not 0 <= shard < shards:
        raise ValueError(f"shard: found {shard}, expected 0 <= shard < {shards}")
    chosen = np.array_split(np.arange(networks * per_network), shards)[shard]
    return [
        Block(index // per_network, index % per_network,
              _seed(root_seed, f"{model}/{stage}/{index // per_network}", index % per_network))
        for index in chosen.tolist()
    ]  # fmt: skip


def _seed(root_seed: int, point: str, index: int) -> int:
    """A seed for torch, which takes whole numbers below 2^63."""
    return int(generator(seed_key(root_seed, EXPERIMENT, point, index)).integers(2**63))


def resnet_provenance(keys: Mapping[str, Any], seed: int, code_digest: str, device: str) -> dict[str, str]:
    """What a table of this experiment was made from: configuration, seed, code and versions."""
    content = json.dumps([keys, seed], sort_keys=True).encode()
    return made_from(content, str(seed), code_digest, ("numpy", "torch", "torchvision"), device)


def read_shards(paths: Sequence[str | Path], schema: Schema) -> tuple[pd.DataFrame, dict[str, str]]:
    """One table of all shards in the order of shards, which is that of blocks, and their common provenance.

    Raises:
        TableError: naming a shard that was made from another configuration, or by other code, than the first.
    """
    common = check_provenance(paths)
    return pd.concat([read_parquet(path, schema) for path in paths], ignore_index=True), common
