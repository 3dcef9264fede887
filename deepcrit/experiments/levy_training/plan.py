"""qu2022, Fig. 6: training on MNIST from stable weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys

# of FC10 in the caption of Fig. 6 and the authors' code; the first three and the goal are not to be scaled
_SHAPE = {"hidden_layers": 9, "images": 60000, "measured_layer": 5, "goal": 0.93}
_SIZES = {"width": 784, "side": 28}
_RATES = {"batch": 1024, "learning_rate": 0.001, "epochs": 650}
_TOLERANCE = 0.02  # relative, of training time and of steps
_LARGEST_STEP = 4.0  # rate times width over the published one


class LevyTrainingPlan:
    """Networks that are trained from stable weights, and how."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = shards

    def design(self) -> dict[str, Any]:
        """Which networks are trained."""
        keys = ("width", "alphas", "gains", "batch", "learning_rate", "repeats", "narrow", "sensitivity")
        return select_keys(self._section, *keys)

    def settings(self) -> dict[str, Any]:
        """What all networks share."""
        return select_keys(
            self._section, "hidden_layers", "side", "images", "test_images", "epochs", "tests_per_epoch",
            "middle_test", "measured_layer",
        )  # fmt: skip

    def published_epochs(self) -> float:
        """Epochs of the published protocol that train as long as one of ours.

        A gradient moves the logits by the rate times a kernel that is proportional to the width: rate times width times
        minibatches is the time that a network of any width has had.
        """
        return _time(self._section) / self._section["epochs"] / (_time({**_SIZES, **_SHAPE, **_RATES}) / 650)

    def label(self) -> str:
        """Which protocol this is, as tables and claims name it.

        ``published`` is all of the caption. ``published steps`` has smaller minibatches alone. ``rescaled`` has fewer
        steps, up to four times as large, of the same total length in units of the width, and ``rescaled at the
        published width`` besides has the published layers and images. All else is ``reduced``.
        """
        section = self._section
        if any(section[key] != value for key, value in _SHAPE.items()):
            return "reduced"
        sized = all(section[key] == value for key, value in _SIZES.items())
        if sized and all(section[key] == value for key, value in _RATES.items()):
            return "published"
        step = section["learning_rate"] * section["width"] / (_RATES["learning_rate"] * _SIZES["width"])
        total = self.published_epochs() * section["epochs"] / _RATES["epochs"]
        if abs(total - 1) > _TOLERANCE or step > _LARGEST_STEP * (1 + _TOLERANCE):
            return "reduced"
        if not sized:
            return "rescaled"
        smaller = step <= 1 + _TOLERANCE and section["batch"] <= _RATES["batch"]
        return "published steps" if smaller else "rescaled at the published width"

    def histories(self) -> list[str]:
        """The histories of every shard."""
        return [f"results/levy_training/shards/{shard}.parquet" for shard in range(self.shards)]


def _time(section: Mapping[str, Any]) -> float:
    steps = section["images"] / section["batch"] * section["epochs"]
    return float(section["learning_rate"] * section["width"] * steps)
