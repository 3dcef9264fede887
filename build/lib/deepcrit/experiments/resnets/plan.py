"""ghavasieh2025, Fig. 4: avalanches in classifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deepcrit.core.keys import select_keys
from deepcrit.data.files import MNIST_FILES, WEIGHTS


class ResnetsPlan:
    """Samples, each a case and a model, and the two stages of each: calibration and launch."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._shards = shards
        self._cases: Mapping[str, Any] = section["cases"]
        self.samples: list[tuple[str, str]] = [
            (case, model) for case, keys in self._cases.items() for model in keys["models"]
        ]
        self.models = list(dict.fromkeys(model for _, model in self.samples))

    def _stage(self, wildcards: Any, *keys: str) -> dict[str, Any]:
        case = self._cases[wildcards.case]
        shared = select_keys(case, "mode", "inputs", "weights", "networks", *keys)
        return {"model": wildcards.model, "image_size": self._section["image_size"], **shared}

    def calibration_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines the calibration of a sample, as plain leaves of the configuration."""
        return self._stage(wildcards, "calibration_blocks", "calibration_inputs")

    def launch_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines the launched inputs of a sample, as plain leaves of the configuration."""
        return self._stage(wildcards, "blocks", "launched")

    def images(self, wildcards: Any) -> str | list[str]:
        """The image file that drives classifiers, if they are driven by images."""
        return MNIST_FILES[0] if self._cases[wildcards.case]["inputs"] == "mnist" else []

    def weights(self, wildcards: Any) -> str | list[str]:
        """The file of trained weights, if weights are not random."""
        weights = self._cases[wildcards.case]["weights"]
        return [] if weights == "random" else f"{WEIGHTS}/{wildcards.model}-{weights}.pth"

    def shard_count(self, stage: str) -> Callable[[Any], int]:
        """Jobs among which the blocks of a stage (``calibration_blocks`` or ``blocks``) are shared out."""

        def count(wildcards: Any) -> int:
            case = self._cases[wildcards.case]
            return int(min(self._shards, case["networks"] * case[stage]))

        return count

    def shards_of(self, table: str, stage: str) -> Callable[[Any], list[str]]:
        """Input function: that table of every shard of the sample that the wildcards name."""

        def paths(wildcards: Any) -> list[str]:
            directory = f"results/resnets/{wildcards.case}/{wildcards.model}/shards"
            return [f"{directory}/{shard}.{table}.parquet" for shard in range(self.shard_count(stage)(wildcards))]

        return paths

    def at_samples(self, table: str) -> list[str]:
        """That table of every case and model."""
        return [f"results/resnets/{case}/{model}/{table}.parquet" for case, model in self.samples]

    def figure_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 4 quotes."""
        return {**select_keys(self._section, "image_size", "cases"), "fits_settings": self._section["fits"]}
