"""liu2025, Fig. 5: in which networks graphs are looked for, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class TaskSubgraphsPlan:
    """Parts of what is found, one for every shard of training runs."""

    def __init__(self, section: Mapping[str, Any], samples: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._samples = samples
        self._shards = shards

    def searched(self) -> dict[str, list[int]]:
        """Iterations at which graphs are looked for in the networks of a sample, the last one last.

        Raises:
            ValueError: for a sample that is not trained.
        """
        section = self._section
        unknown = [name for name in section["samples"] if name not in self._samples]
        if unknown:
            raise ValueError(
                f"task_subgraphs.samples: found {unknown[0]!r}, expected samples of sgd_runs, {[*self._samples]}"
            )
        return {
            name: [0] * (name in section["untrained"]) + [self._samples[name]["iterations"][-1]]
            for name in section["samples"]
        }

    def followed(self) -> dict[str, list[int]]:
        """Iterations at which the coupling cost of a sample's networks is told."""
        return {name: self._samples[name]["iterations"] for name in self._section["coupled"]}

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards: ``graphs``, ``families``, ``edges``, ``pixels`` or ``couplings``."""
        return [f"results/task_subgraphs/shards/{shard}.{kind}.parquet" for shard in range(self._shards)]
