"""vock2025, Fig. 2 and 3: classifiers of torchvision, and own models beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys
from deepcrit.data.files import PHOTOGRAPH_FILES
from deepcrit.experiments.zoo.config import OwnModel
from deepcrit.pretrained.classifiers import CLASSIFIERS
from deepcrit.pretrained.own_models import builder_files
from deepcrit.pretrained.subjects import Subject, dealt, subjects


class ZooPlan:
    """Classifiers that are measured, and what they are shown."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = shards
        self.own_models = {
            name: OwnModel.model_validate(keys).model_dump() for name, keys in section["own_models"].items()
        }

    def subjects(self) -> dict[str, Any]:
        """Which classifiers are measured, and how."""
        keys = ("trained", "packages", "controls", "tolerance", "maximum_products")
        return {"own_models": self.own_models, **select_keys(self._section, *keys)}

    def measured(self, shard: int) -> list[Subject]:
        """What a job measures. Names of weights are torchvision's, which is not asked here: they are numbers."""
        published = ((model, str(number)) for model, known in CLASSIFIERS.items() for number in range(known.sets))
        return dealt(subjects(published, self.subjects()), self.shards)[shard]

    def photographs(self) -> list[str]:
        """The photographs that classifiers are shown, if they are not shown images of a directory."""
        return [] if self._section["imagenet_directory"] else PHOTOGRAPH_FILES[: self._section["inputs"]]

    def own_files(self) -> list[str]:
        """Files of own models, whose change makes what was measured of them stale."""
        files = [
            file
            for own in self.own_models.values()
            for file in (*map(str, builder_files(own["builder"])), own["checkpoint"], own["inputs"])
        ]
        return [file for file in dict.fromkeys(files) if file and file != "photographs"]

    def parts(self, table: str) -> list[str]:
        """That table of every shard of the measured classifiers, and of own models, which are one more."""
        return [f"results/zoo/shards/{shard}.{table}.parquet" for shard in range(self.shards + bool(self.own_models))]
