"""vock2025, Fig. 5: one task after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from deepcrit.core.keys import select_keys
from deepcrit.experiments.continual.schemas import CONTINUAL_IMAGENET, PAIRS, PERMUTED
from deepcrit.training.parts import even_parts

# sequences of tasks; and what makes the first one the published protocol: all that the paper or Dohare et al. print
CONTINUAL_SAMPLES = ["class_pairs", "permuted_mnist"]
_PUBLISHED_PAIRS = {
    "tasks": 2000,
    "epochs": 250,
    "train_images": 600,
    "test_images": 100,
    "learning_rate": 0.01,
    "channels": [32, 64, 128],
    "kernels": [5, 3, 3],
    "paddings": [0, 0, 0],
    "hidden": [128, 128],
}
_PUBLISHED_LEARNING = {
    "batch": 100,
    "momentum": 0.9,
    "initial_bound": 1.0,
    "replacement_rates": [3e-9, 3e-8, 3e-7, 3e-6, 3e-5, 3e-4, 3e-3],
    "utility_decay": 0.99,
    "maturity": 100,
    "targets": [-0.2, 0.0, 0.2],
    "strengths": [0.01, 0.05, 0.1, 0.5, 1.0, 3.0],
    "jacobian_images": 100,  # the penalty is defined for every image
    "tasks_averaged": 50,
}

# what stands for it where claims are of order or sign: the settings of the paper in at least this many tasks of other
# images. It was declared before any was run.
_SETTINGS = ("replacement_rates", "utility_decay", "targets", "strengths")
_MANY_TASKS = 400


class Piece(NamedTuple):
    """Networks that are trained side by side: whether they have the criticality loss, and how many they are."""

    critical: bool
    networks: int


class ContinualPlan:
    """Sequences of tasks, which the wildcard ``sample`` names, and the networks that learn them."""

    def __init__(self, section: Mapping[str, Any], shards: int, together: int) -> None:
        self._section = section
        self._shards = shards
        self._together = together

    def learning(self) -> dict[str, Any]:
        """How networks learn, whatever the tasks."""
        keys = ("batch", "momentum", "initial_bound", "jacobian_images", "measured_images", "utility_decay", "maturity")
        return select_keys(self._section, *keys)

    def tasks(self, wildcards: Any) -> dict[str, Any]:
        """What the tasks of a sample are, and the network that learns them."""
        return {key: value for key, value in self._section[wildcards.sample].items() if key != "streams"}

    def streams(self, wildcards: Any) -> int:
        """Streams of a sample."""
        return int(self._section[wildcards.sample]["streams"])

    def imagenet(self, wildcards: Any) -> str:
        """Directory of Continual ImageNet, for the sample it is used in; empty where images stand in for it."""
        return (self._section["imagenet_directory"] or "") if wildcards.sample == "class_pairs" else ""

    def labels(self) -> dict[str, dict[str, str]]:
        """Data and protocol of each sample, as tables and claims name them."""
        pairs = self._section["class_pairs"]
        imagenet = bool(self._section["imagenet_directory"])
        settings = all(self._section[key] == _PUBLISHED_LEARNING[key] for key in _SETTINGS)
        shorter = "many tasks" if settings and pairs["tasks"] >= _MANY_TASKS else "reduced"
        as_published = all(pairs[key] == value for key, value in _PUBLISHED_PAIRS.items()) and all(
            self._section[key] == value for key, value in _PUBLISHED_LEARNING.items()
        )
        return {
            "class_pairs": {
                "data": CONTINUAL_IMAGENET if imagenet else PAIRS,
                "protocol": "published" if imagenet and as_published else shorter,
            },
            "permuted_mnist": {"data": PERMUTED, "protocol": "reduced"},
        }

    def shards(self, wildcards: Any) -> int:
        """Jobs among which the pieces of a sample are shared out, each at least one."""
        return self._shards_of(wildcards.sample)

    def parts(self) -> dict[str, list[str]]:
        """Manifest, and histories of every shard, of each sample."""
        return {
            sample: [
                f"results/continual/{sample}/manifest.tsv",
                *(f"results/continual/{sample}/shards/{shard}.parquet" for shard in range(self._shards_of(sample))),
            ]
            for sample in CONTINUAL_SAMPLES
        }

    def pieces(self, wildcards: Any) -> list[Piece]:
        """The pieces of one shard."""
        return self._pieces_of(wildcards.sample)[int(wildcards.shard) :: self._shards_of(wildcards.sample)]

    def _shards_of(self, sample: str) -> int:
        return min(self._shards, len(self._pieces_of(sample)))

    def _pieces_of(self, sample: str) -> list[Piece]:
        """In the order of the manifest: those with the criticality loss first."""
        section, streams = self._section, int(self._section[sample]["streams"])
        critical = even_parts(len(section["targets"]) * len(section["strengths"]), self._together)
        plain = even_parts(1 + len(section["replacement_rates"]), self._together)
        return [Piece(True, size) for size in streams * critical] + [Piece(False, size) for size in streams * plain]

    def figure_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 5 quotes."""
        samples = {sample: dict(self._section[sample]) for sample in CONTINUAL_SAMPLES}
        keys = ("replacement_rates", "targets", "strengths", "tasks_averaged")
        return {**samples, **self.learning(), **select_keys(self._section, *keys)}
