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


# what stands for the published protocol where claims are of order or sign: the published networks and settings on at
# least this many images, trained as long by the sum of learning rates over updates. It was declared before any was run.
_AS_PUBLISHED = ("hidden", "uniform_half_widths", "test_images", "decay", "targets", "strengths", "replicates")
_LEAST_IMAGES, _PUBLISHED_BATCH = 10000, 100


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
        """Whether the protocol is the published one, or as long, as tables and claims name it."""
        section = self._section
        if all(section[key] == value for key, value in _PUBLISHED.items()):
            return "published"
        same = all(section[key] == _PUBLISHED[key] for key in _AS_PUBLISHED) and section["images"] >= _LEAST_IMAGES
        as_long = same and learning_time(section) >= learning_time(_PUBLISHED | {"batch": _PUBLISHED_BATCH})
        return "as long" if as_long else "reduced"

    def histories(self) -> list[str]:
        """The histories of every shard."""
        return [f"results/criticality_loss/shards/{shard}.parquet" for shard in range(self.shards)]


def learning_time(section: Mapping[str, Any]) -> float:
    """Sum of learning rates over updates, on which training by small steps depends, whatever their size."""
    updates = section["images"] // section["batch"]
    rates = [section["learning_rate"] * section["decay"] ** epoch for epoch in range(section["epochs"])]
    return float(updates * sum(rates))
