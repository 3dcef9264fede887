"""qu2022, Fig. 1d to 1f: networks whose weights are followed through training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys

FC5 = {
    "width": 784, "hidden_layers": 4, "images": 60000, "epochs": 550, "batch": 128, "shown_epoch": 210,
}  # fmt: skip
FC5_RATE = 0.1


class TailTrainingPlan:
    """Networks, and the jobs among which they are dealt out."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = min(shards, section["replicates"] * len(section["learning_rates"]))

    def how(self) -> dict[str, Any]:
        """How networks are trained."""
        return select_keys(self._section, *FC5, "weight_variance")

    def judged(self) -> dict[str, Any]:
        """By which learning rate claims are judged, and whether it is the published protocol."""
        rate = self._section["learning_rates"][0]
        same = all(self._section[key] == value for key, value in FC5.items())
        return {
            "judged_rate": rate,
            "published": same and rate == FC5_RATE,
            **select_keys(self._section, "shown_epoch", "heavy_below"),
        }

    def parts(self, table: str) -> list[str]:
        """That table of every shard."""
        return [f"results/tail_training/shards/{shard}.{table}.parquet" for shard in range(self.shards)]
