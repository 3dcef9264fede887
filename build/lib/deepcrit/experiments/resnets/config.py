"""ghavasieh2025, Fig. 4: avalanches in classifiers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Name, PositiveInt, Section
from deepcrit.pretrained.names import ClassifierName


class ResnetCase(Section):
    models: list[ClassifierName] = Field(description="Torchvision classifiers, by name.", min_length=1)
    mode: Literal["eval", "train"] = Field(
        description="eval normalises by running statistics, 0 and 1 before training; train by those of a block."
    )
    inputs: Literal["gaussian", "mnist"] = Field(description="Gaussian images, or digits in three equal channels.")
    weights: Annotated[str, Field(pattern="^(random|[A-Z][A-Z0-9_]*)$")] = Field(
        description="random, or the name of trained weights such as IMAGENET1K_V1."
    )
    networks: PositiveInt = Field(description="Random networks of each model; trained weights are one.")
    calibration_blocks: PositiveInt = Field(description="Blocks of inputs that calibrate the thresholds of a network.")
    calibration_inputs: Annotated[int, Field(ge=2)] = Field(description="Inputs of such a block.")
    blocks: PositiveInt = Field(description="Blocks of inputs launched through each network.")
    launched: Annotated[list[PositiveInt], Field(min_length=4, max_length=4)] = Field(
        description="Inputs of a block that count for n = 0, 1, 2, 3; the last is the size of a block."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.launched != sorted(self.launched):
            raise ValueError(f"launched: found {self.launched}, expected numbers that do not fall with n")
        if len(set(self.models)) < len(self.models):
            raise ValueError(f"models: found {self.models}, expected each model once")
        if self.weights != "random" and self.networks > 1:
            raise ValueError(f"networks: found {self.networks} with weights {self.weights}, expected 1")
        if self.networks * self.blocks < 2:
            raise ValueError("blocks: found 1 block of 1 network, expected at least 2 to tell how results scatter")
        if self.mode == "train" and self.calibration_inputs != self.launched[-1]:
            raise ValueError(
                f"calibration_inputs: found {self.calibration_inputs}, expected {self.launched[-1]} as in launched: "
                "in train mode a block is normalised together"
            )
        return self


class ResnetFits(Section):
    shortest_duration: PositiveInt = Field(description="Lower end of duration fits, in layers.")
    longest_fraction: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Upper end of duration fits, as a fraction of the layers of the model."
    )
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Confidence level of intervals.")
    synthetic_samples: Annotated[int, Field(ge=2)] = Field(
        description="Samples of the fitted power law, whose mean KS distance is what chance gives."
    )


class Resnets(Section):
    image_size: Annotated[int, Field(ge=1, le=4096)] = Field(description="Side of the images, in pixels.")
    cases: dict[Name, ResnetCase] = Field(description="Named samples of avalanches.", min_length=1)
    fits: ResnetFits = Field(description="Fits.")
    bin_minimum: PositiveInt = Field(description="Least number of avalanches in a bin of a density.")

    @model_validator(mode="after")
    def _has_the_judged_case(self) -> Self:
        if "gaussian" not in self.cases:
            raise ValueError(
                f"cases: found {sorted(self.cases)}, expected one named gaussian, which claims are judged on"
            )
        return self
