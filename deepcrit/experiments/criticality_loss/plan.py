"""vock2025, Fig. 4: training with the criticality loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys

# all that the paper prints; sizes of minibatches, images that are measured and what is compared are not printed
_PUBLISHED = {
    "hidden": [1000, 500],
    "uniform_half_widths": [0.05, 0.05, 0.05],
    "images": 60000,
    "test_images": 10000,
    "epochs": 200,
    "learning_rate": 0.001,
    "decay": 0.997,
    "averaged_epochs": 10,
    "targets": [-0.2, 0.0, 0.2],
    "strengths": [0.01, 0.1, 1.0, 10.0, 100.0, 250.0, 500.0],
    "replicates": 5,
}


class CriticalityLossPlan:
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
            **select_keys(section, "targets", "strengths", "replicates"),
        }

    def protocol(self) -> dict[str, Any]:
        """How networks are trained, and on which images they are measured."""
        return select_keys(
            self._section, "hidden", "uniform_half_widths", "images", "test_images", "measured_images", "batch",
            "epochs", "learning_rate", "decay",
        )  # fmt: skip

    def label(self) -> str:
        """Whether the protocol is the published one, as tables and claims name it."""
        return "published" if all(self._section[key] == value for key, value in _PUBLISHED.items()) else "reduced"

    def histories(self) -> list[str]:
        """The histories of every shard."""
        return [f"results/criticality_loss/shards/{shard}.parquet" for shard in range(self.shards)]
