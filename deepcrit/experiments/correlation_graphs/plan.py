"""liu2025, Fig. 1: which networks are looked at, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CorrelationGraphsPlan:
    """Parts of the measures, one for every shard of training runs."""

    def __init__(self, section: Mapping[str, Any], samples: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._samples = samples
        self._shards = shards

    def measured(self) -> dict[str, list[int]]:
        """Iterations at which the networks of a sample are looked at.

        Raises:
            ValueError: for a sample that is not trained.
        """
        unknown = [name for name in self._section["samples"] if name not in self._samples]
        if unknown:
            raise ValueError(
                f"correlation_graphs.samples: found {unknown[0]!r}, expected samples of sgd_runs, {[*self._samples]}"
            )
        return {name: self._samples[name]["iterations"] for name in self._section["samples"]}

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards: ``correlations``, ``graphs`` or ``histograms``."""
        return [f"results/correlation_graphs/shards/{shard}.{kind}.parquet" for shard in range(self._shards)]
