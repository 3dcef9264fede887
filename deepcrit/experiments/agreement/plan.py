"""Which networks are measured and trained, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys


class AgreementPlan:
    """Networks of one population, shared out among jobs that measure and train them."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = shards

    def design(self) -> dict[str, Any]:
        """Which networks there are."""
        return select_keys(self._section, "alphas", "gains", "bias", "seeds")

    def settings(self) -> dict[str, Any]:
        """How they are measured and trained."""
        return select_keys(
            self._section, "hidden_layers", "width", "side", "images", "test_images", "batch", "learning_rate",
            "epochs", "input_strength", "signals", "stretching_images", "jacobian_images", "jacobian_layers",
            "graph_images", "threshold",
        )  # fmt: skip

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards: ``notions`` or ``history``."""
        return [f"results/agreement/shards/{shard}.{kind}.parquet" for shard in range(self.shards)]
