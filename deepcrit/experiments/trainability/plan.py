"""ghavasieh2025, Fig. 3c and 3f: training on MNIST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys

# what the paper prints of both trainings, and how much smaller than that orders and trends are still judged from
_PUBLISHED: dict[str, dict[str, Any]] = {
    "plane": {"width": 300, "depth": 400, "images": 25600, "epochs": 10, "learning_rate": 0.001},
    "widths": {
        "widths": [200, 300, 400, 500, 600], "depth": 300, "images": 25600, "epochs": 50, "goal": 0.97,
        "learning_rate": 0.001, "retest_epochs": 200,
    },
}  # fmt: skip
_BATCH = 128
_LARGEST_LOG_BIAS = -2.2
_NARROWEST, _SHALLOWEST = 1 / 3, 0.3


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
            "networks": section.get("networks", 1),
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

    def protocol(self, sample: str) -> tuple[str, str]:
        """What a training counts as, and how it is done, as tables and claims name it.

        It is ``published`` where all that is printed is the same, and ``scaled`` where networks are at least a third as
        wide and three tenths as deep, descend as far (learning rate times images times epochs), to no lower goal, and
        have no more bias: where signals live and die then depends on the same weight and bias variances, rounded by
        width and depth alone. Everything else is ``reduced``.
        """
        section, printed = self._section[sample], _PUBLISHED[sample]
        widths = section.get("widths", [section.get("width")])
        wanted = printed.get("widths", [printed.get("width")])
        log_bias = max(section.get("log_bias_variances", [_LARGEST_LOG_BIAS]))
        within = log_bias <= _LARGEST_LOG_BIAS
        as_printed = all(section[key] == value for key, value in printed.items())
        name = "reduced"
        if as_printed and log_bias == _LARGEST_LOG_BIAS and self._section["batch"] == _BATCH:
            name = "published"
        elif (
            within
            and min(widths) >= _NARROWEST * min(wanted)
            and section["depth"] >= _SHALLOWEST * printed["depth"]
            and _descent(section) >= _descent(printed) * (1 - 1e-9)
            and section.get("goal", 0.0) >= printed.get("goal", 0.0)
        ):
            name = "scaled"
        size = f"N = {widths[0]}" if len(widths) == 1 else f"N = {widths[0]} to {widths[-1]}"
        bias = f"sb2 up to 10^{log_bias:g}" if sample == "plane" else "sb2 = 0"
        if (networks := section.get("networks", 1)) > 1:
            bias += f", mean of {networks} networks a point"
        how = f"{section['images']} images, learning rate {section['learning_rate']:g}, {section['epochs']} epochs"
        return name, f"{size}, L = {section['depth']}, {how}, {bias}"

    def shards(self, wildcards: Any) -> int:
        """Jobs among which the networks of one training are shared out."""
        return self._shards["retests" if wildcards.sample == "retests" else f"trained_{wildcards.sample}"]

    def histories(self, wildcards: Any) -> list[str]:
        """The histories of every shard of one training."""
        directory = f"results/trainability/{wildcards.sample}/shards"
        return [f"{directory}/{shard}.parquet" for shard in range(self.shards(wildcards))]


def _descent(section: Mapping[str, Any]) -> float:
    """Learning rate times images times epochs: how far a training can move its weights."""
    return float(section["learning_rate"] * section["images"] * section["epochs"])
