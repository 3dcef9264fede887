"""Where data and trained weights come from."""

from __future__ import annotations

from pydantic import Field

from deepcrit.core.section import PositiveFloat, Section, UserPath


class IdxFiles(Section):
    """Of MNIST or Fashion-MNIST."""

    local_directory: UserPath | None = Field(
        None, description="Directory that holds the four idx files, raw or gzipped; null downloads them."
    )
    timeout: PositiveFloat = Field(5.0, description="Seconds after which a source that does not answer is given up.")


class TrainedWeights(Section):
    local_directory: UserPath | None = Field(
        None,
        description="Directory that holds weight files by their names, torchvision's and those of zoo.packages, "
        "which it replaces; null downloads them.",
    )
    timeout: PositiveFloat = Field(10.0, description="Seconds after which a server that does not answer is given up.")
