"""liu2025: the training runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from deepcrit.core.keys import select_keys
from deepcrit.experiments.sgd_runs.runs import INPUTS, dealt_groups, kept_iterations, runs_of


class RunGroup(NamedTuple):
    """Networks that are trained side by side: what they have in common, how many they are, and weights of each."""

    sample: str
    hidden: int
    neurons: int
    batch: int
    iterations: int
    networks: int
    weights: int


class SgdRunsPlan:
    """Shards of the training runs, which hold networks whole."""

    def __init__(self, section: Mapping[str, Any], shards: int, seed: int) -> None:
        self._section = section
        self._seed = seed
        self.shards = shards

    def kept(self) -> dict[str, list[int]]:
        """Iterations at which the networks of each sample are kept."""
        return {name: kept_iterations(sample) for name, sample in self._section["samples"].items()}

    def groups(self, shard: int | None = None) -> list[RunGroup]:
        """Groups of one shard, or of all."""
        rows, found = runs_of(self._section, self._seed), []
        for number in range(self.shards) if shard is None else [shard]:
            for places in dealt_groups(rows, number, self.shards):
                first = rows[places[0]]
                common = select_keys(first, "sample", "hidden", "neurons", "batch", "iterations")
                weights = first["hidden"] * (INPUTS + first["hidden"] + 12) + 10
                found.append(RunGroup(**common, networks=len(places), weights=weights))
        return found

    def largest_table(self) -> int:
        """Parameters in the largest of the tables of snapshots."""
        kept = self.kept()
        return max(
            sum(group.networks * len(kept[group.sample]) * group.weights for group in self.groups(shard))
            for shard in range(self.shards)
        )

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards, ``history`` or ``snapshots``."""
        return [f"results/sgd_runs/shards/{shard}.{kind}.parquet" for shard in range(self.shards)]
