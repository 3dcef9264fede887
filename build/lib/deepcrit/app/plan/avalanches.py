"""Samples of avalanches at one width, of whichever experiment: what its wildcard names is looked up there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deepcrit.data.files import MNIST_FILES
from deepcrit.experiments.gaussian_avalanches.plan import GaussianAvalanchesPlan
from deepcrit.experiments.real_inputs.plan import RealInputsPlan


class Avalanches:
    """The experiments that the rules of avalanches serve."""

    def __init__(self, gaussian_avalanches: GaussianAvalanchesPlan, real_inputs: RealInputsPlan) -> None:
        self._experiments: dict[str, GaussianAvalanchesPlan | RealInputsPlan] = {
            "gaussian_avalanches": gaussian_avalanches,
            "real_inputs": real_inputs,
        }

    def sample_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines a sample at one width, as plain leaves of the configuration."""
        return self._experiments[wildcards.experiment].sample_keys(wildcards)

    def derived_offsets(self, wildcards: Any) -> str | list[str]:
        """The table of derived offsets, for the samples that need it."""
        return "results/real_inputs/derived_offsets.tsv" if wildcards.experiment == "real_inputs" else []

    def images_of(self, wildcards: Any) -> str | list[str]:
        """The image file that drives a sample, if it is driven by images."""
        return MNIST_FILES[0] if self.sample_keys(wildcards)["inputs"] == "mnist" else []

    def shard_count(self, wildcards: Any) -> int:
        """Jobs among which the blocks of a sample are shared out."""
        blocks: int = self.sample_keys(wildcards)["blocks"]
        return min(self._experiments[wildcards.experiment].shards(wildcards), blocks)

    def shards_of(self, table: str) -> Callable[[Any], list[str]]:
        """Input function: that table of every shard of the point that the wildcards name."""

        def paths(wildcards: Any) -> list[str]:
            directory = f"results/{wildcards.experiment}/{wildcards.sample}/N{wildcards.width}/shards"
            return [f"{directory}/{shard}.{table}.parquet" for shard in range(self.shard_count(wildcards))]

        return paths
