"""liu2025: the training runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.experiments.sgd_runs.runs import kept_iterations


class SgdRunShards:
    """Shards of the training runs, which hold networks whole."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = shards

    def kept(self) -> dict[str, list[int]]:
        """Iterations at which the networks of each sample are kept."""
        return {name: kept_iterations(sample) for name, sample in self._section["samples"].items()}

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards, ``history`` or ``snapshots``."""
        return [f"results/sgd_runs/shards/{shard}.{kind}.parquet" for shard in range(self.shards)]
