"""qu2022, Fig. 3 and S2: fractal dimensions of eigenvectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class MultifractalityPlan:
    """Jacobians of random networks, and of trained ones."""

    def __init__(self, section: Mapping[str, Any], shards: int, trained_shards: int) -> None:
        self._section = section
        self.shards = shards
        self._trained_shards = trained_shards

    def random_shards(self) -> list[str]:
        """Tables of every shard of random Jacobians."""
        return [f"results/multifractality/random/{shard}.parquet" for shard in range(self.shards)]

    def trained_shards(self) -> list[str]:
        """Tables of every shard of trained networks."""
        return [f"results/multifractality/trained/{shard}.parquet" for shard in range(self._trained_shards)]
