"""Avalanches in networks of stable weights: one sample a width, whose blocks differ in index and gain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys

SAMPLE = "annealed"  # the only one, after its method


class LevyAvalanchesPlan:
    """All points of one width are blocks of one sample, so that shards are coarse."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._shards = shards

    def points_at(self, width: int | str) -> list[float | None]:
        """Gains over that of the ordered line, None for the drift-free one, which every width has."""
        first = int(width) == self._section["widths"][0]
        return [None, *(self._section["relative_gains"] if first else [])]

    def block_keys(self) -> dict[str, Any]:
        """What all blocks share."""
        return {
            "method": "annealed",
            "inputs": "gaussian",
            "bias_variance": 0.0,
            "activation": "tanh",
            "ensemble": "levy",
            "profile_durations": [1, 2],
            **select_keys(self._section, "depth", "input_strength"),
        }

    def sample_keys(self, wildcards: Any) -> dict[str, Any]:
        """The same with how many there are at one width; launched is a mean over blocks."""
        section = self._section
        drift_free, across = section["launched_drift_free"], section["launched_across"]
        points = self.points_at(wildcards.width)
        launched = (drift_free + (len(points) - 1) * across) / len(points)
        return {
            **self.block_keys(),
            "blocks": section["blocks"] * len(section["alphas"]) * len(points),
            "launched": round(launched),
            "weight_variance": None,  # found with the gains
        }

    def shards(self, wildcards: Any) -> int:
        """Most jobs among which the blocks of a sample are shared out."""
        return self._shards

    def at_widths(self, table: str) -> list[str]:
        """That table of every width."""
        return [f"results/levy_avalanches/{SAMPLE}/N{width}/{table}" for width in self._section["widths"]]
