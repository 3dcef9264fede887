"""qu2022, Fig. 1a to 1c: which weights are measured, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Grid, PositiveInt, Section, UserPath

NamedNetwork = Literal[
    "alexnet", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "wide_resnet50_2", "wide_resnet101_2",
]  # fmt: skip
PackagedNetwork = Literal[
    "efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2", "mobilenet_v2_trunk", "mtcnn", "silero_vad",
    "hed", "minilm", "crepe", "craft", "crnn", "esrgan_x2", "esrgan_x3", "esrgan_x4", "esrgan_x8",
]  # fmt: skip
Share = Annotated[float, Field(gt=0, lt=1)]


class WeightTails(Section):
    networks: list[NamedNetwork] = Field(
        description="Which of the ten networks of the paper are measured, where torchvision's files can be had."
    )
    packages: list[PackagedNetwork] = Field(
        description="Networks that packages carry; they stand in for those of the ten that cannot be had."
    )
    directory: UserPath | None = Field(
        description="Directory of own weights (.pth, .pt, .safetensors, .h5), each file a network, or null."
    )
    heavy_below: Annotated[float, Field(gt=0.5, lt=2)] = Field(description="alpha below which tails count as heavy.")
    normality_level: Share = Field(description="Level at which the Shapiro-Wilk test rejects normal weights.")
    shapiro_entries: Annotated[int, Field(ge=5000)] = Field(
        description="Most entries that the Shapiro-Wilk test sees; of larger tensors as many, evenly spaced."
    )
    null_draws: PositiveInt = Field(description="Gaussian tensors of the size of each that are measured beside it.")
    goodness_replicates: PositiveInt = Field(
        description="Sets drawn and fitted again for each Kolmogorov-Smirnov test of trained weights."
    )
    band_alphas: Grid = Field(description="alpha at which the band of critical scales is located, from 1 to 2.")
    band_gains: Grid = Field(description="g tried for its upper end, beyond which it is open.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for key in ("networks", "packages"):
            names = getattr(self, key)
            if len(set(names)) < len(names):
                raise ValueError(f"{key}: found {names}, expected each name once")
        if not (self.networks or self.packages or self.directory):
            raise ValueError("packages: found no networks, no packages and no directory, expected at least one of them")
        if self.directory is not None and not Path(self.directory).is_dir():
            raise ValueError(f"directory: found {self.directory!r}, expected a directory that exists")
        if not 1 <= self.band_alphas.start < self.band_alphas.stop <= 2:
            found = f"{self.band_alphas.start} to {self.band_alphas.stop}"
            raise ValueError(f"band_alphas: found {found}, expected a range from 1 to 2")
        if not 0 < self.band_gains.start < 0.5 or self.band_gains.stop <= 1.1:
            found = f"{self.band_gains.start} to {self.band_gains.stop}"
            raise ValueError(f"band_gains: found {found}, expected a range from below 0.5 to above 1.1")
        return self
