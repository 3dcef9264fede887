"""liu2025, Fig. 2: at which networks losses are looked at, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class LossLandscapesPlan:
    """Parts of what is measured, one for every shard of training runs."""

    def __init__(self, section: Mapping[str, Any], samples: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._samples = samples
        self._shards = shards

    def measured(self) -> dict[str, list[int]]:
        """Iterations at which the networks of a sample are looked at.

        Raises:
            ValueError: for a sample that is not trained.
        """
        names = {key: self._section[key] for key in ("followed", "plane", "apart")}
        for key, name in names.items():
            if name not in self._samples:
                raise ValueError(
                    f"loss_landscapes.{key}: found {name!r}, expected a sample of sgd_runs, {[*self._samples]}"
                )
        return {name: self._samples[name]["iterations"] for name in names.values()}

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards: ``moments``, ``tails``, ``entropies``, ``deviations``, ``slices`` or ``maps``."""
        return [f"results/loss_landscapes/shards/{shard}.{kind}.parquet" for shard in range(self._shards)]
