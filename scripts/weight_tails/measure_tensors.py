"""Fit and test every weight tensor of the networks of a shard, and Gaussian ones of the same sizes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.provenance import made_from
from deepcrit.core.tables import write_parquet
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.experiments.weight_tails.networks import network_sources
from deepcrit.experiments.weight_tails.schemas import WEIGHT_NETWORKS, WEIGHT_TENSORS
from deepcrit.experiments.weight_tails.survey import WeightFiles, measure_networks
from deepcrit.physics.heavytails.weights import TensorSettings


def main(
    outputs: Mapping[str, str], settings: Mapping[str, Any], cache: str, local_directory: str, timeout_seconds: float,
    seed: int, shard: int, shards: int, code: str,
) -> None:  # fmt: skip
    """Networks are dealt out in turn; what cannot be had or fitted is told, with the reason."""
    own = settings["directory"]
    files = WeightFiles(
        cache=Path(cache),
        local=Path(local_directory) if local_directory else None,
        own=Path(own) if own else None,
        downloader=Downloader(timeout_seconds),
    )
    tensors, networks = measure_networks(
        network_sources(settings["networks"], settings["packages"], own)[shard::shards],
        files,
        TensorSettings(settings["shapiro_entries"], settings["goodness_replicates"]),
        settings["null_draws"],
        seed,
    )
    common = made_from(
        json.dumps(dict(settings), sort_keys=True).encode(), str(seed), code, ("numpy", "scipy", "torch")
    )
    write_parquet(tensors, outputs["tensors"], WEIGHT_TENSORS, common)
    write_parquet(networks, outputs["networks"], WEIGHT_NETWORKS, common)


if "snakemake" in globals():
    run(main, snakemake)
