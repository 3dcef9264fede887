"""vock2025, Fig. 4: training with the criticality loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.plan.leaves import leaves
from deepcrit.plan.paths import CRITICALITY


class CriticalityLoss:
    """Networks that are trained, and how."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = shards

    def design(self) -> dict[str, Any]:
        """Which networks are trained, and which of them belong together."""
        section = self._section
        return {
            "compared": [section["compared_target"], section["compared_strength"]],
            "scanned": section["scanned_initialisation"],
            **leaves(section, "targets", "strengths", "replicates"),
        }

    def protocol(self) -> dict[str, Any]:
        """How networks are trained, and on which images they are measured."""
        return leaves(
            self._section, "hidden", "uniform_half_widths", "images", "test_images", "measured_images", "batch",
            "epochs", "learning_rate", "decay",
        )  # fmt: skip

    def histories(self) -> list[str]:
        """The histories of every shard."""
        return [f"{CRITICALITY}/shards/{shard}.parquet" for shard in range(self.shards)]
