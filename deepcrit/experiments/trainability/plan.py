"""ghavasieh2025, Fig. 3c and 3f: training on MNIST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys


class TrainabilityPlan:
    """Trainings of the plane, of each width, and retests of the latter, each with its own number of shards."""

    def __init__(self, section: Mapping[str, Any], shards: Mapping[str, int]) -> None:
        self._section = section
        self._shards = shards

    def grid(self, wildcards: Any) -> dict[str, Any]:
        """Grid of the networks of one training."""
        section = self._section[wildcards.sample]
        return {
            "widths": section["widths"] if wildcards.sample == "widths" else [section["width"]],
            "log_bias_variances": section.get("log_bias_variances", []),
            **select_keys(section, "depth", "weight_variances"),
        }

    def training_keys(self, wildcards: Any) -> dict[str, Any]:
        """How the networks of one training are trained."""
        section = self._section["plane" if wildcards.sample == "plane" else "widths"]
        return {
            "batch": self._section["batch"],
            "epochs": section["retest_epochs" if wildcards.sample == "retests" else "epochs"],
            "goal": section.get("goal"),
            **select_keys(section, "images", "learning_rate"),
        }

    def shards(self, wildcards: Any) -> int:
        """Jobs among which the networks of one training are shared out."""
        return self._shards["retests" if wildcards.sample == "retests" else f"trained_{wildcards.sample}"]

    def histories(self, wildcards: Any) -> list[str]:
        """The histories of every shard of one training."""
        directory = f"results/trainability/{wildcards.sample}/shards"
        return [f"{directory}/{shard}.parquet" for shard in range(self.shards(wildcards))]
