"""liu2025, Fig. 3: steps over which fluxes are measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class FluxesPlan:
    """Parts of the fluxes, one for every shard of training runs."""

    def __init__(self, samples: Mapping[str, Any], shards: int) -> None:
        self._samples = samples
        self._shards = shards

    def steps(self) -> dict[str, list[list[int]]]:
        """For each sample the iteration that a flux is told of, and those before and after its step."""
        found = {}
        for name, sample in self._samples.items():
            last = sample["iterations"][-1]
            found[name] = [[t, t, t + 1] if t < last else [t, t - 1, t] for t in sample["flux_iterations"]]
        return found

    def parts(self) -> list[str]:
        """Tables of all shards."""
        return [f"results/fluxes/shards/{shard}.parquet" for shard in range(self._shards)]
