"""Where data and trained weights come from."""

from __future__ import annotations

from pydantic import Field

from deepcrit.config.section import PositiveFloat, Section


class Mnist(Section):
    local_directory: str | None = Field(
        None, description="Directory that holds the four idx files, raw or gzipped; null downloads them."
    )
    timeout: PositiveFloat = Field(5.0, description="Seconds after which a source that does not answer is given up.")


class TrainedWeights(Section):
    local_directory: str | None = Field(
        None, description="Directory that holds torchvision's weight files by their names; null downloads them."
    )
    timeout: PositiveFloat = Field(10.0, description="Seconds after which a server that does not answer is given up.")
