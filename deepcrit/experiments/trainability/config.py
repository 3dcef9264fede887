"""ghavasieh2025, Fig. 3c and 3f: training on MNIST."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import (
    Grid,
    PositiveFloat,
    PositiveInt,
    Section,
    Width,
    require_ascending,
    require_straddling,
)


class TrainedPlane(Section):
    width: Width = Field(description="Neurons of a hidden layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Hidden layers, L.")
    networks: PositiveInt = Field(description="Networks at every point, each with initial parameters of its own.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    epochs: PositiveInt = Field(description="Passes over these images.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent.")
    weight_variances: Grid = Field(description="sw2 of the plane.")
    log_bias_variances: list[float] = Field(
        description="log10 of sb2 of the plane, to which sb2 = 0 is added.", min_length=3
    )
    trained_accuracy: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Training accuracy from which a network counts as trained; guessing one class has 0.11."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_straddling("weight_variances", self.weight_variances)
        require_ascending("log_bias_variances", self.log_bias_variances)
        return self


class TrainedWidths(Section):
    widths: list[Width] = Field(description="Neurons of a hidden layer, N.", min_length=4)
    depth: Annotated[int, Field(ge=2)] = Field(description="Hidden layers, L.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    epochs: PositiveInt = Field(description="Most passes over these images.")
    goal: Annotated[float, Field(gt=0, le=1)] = Field(description="Training accuracy at which training stops.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent.")
    weight_variances: Grid = Field(description="sw2 tried, without bias.")
    retest_epochs: PositiveInt = Field(description="Most passes when networks that failed are trained once more.")
    retested_per_width: PositiveInt = Field(description="Networks of each width that are.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_straddling("weight_variances", self.weight_variances)
        require_ascending("widths", self.widths)
        if self.retest_epochs <= self.epochs:
            raise ValueError(f"retest_epochs: found {self.retest_epochs}, expected more than epochs, {self.epochs}")
        return self


class Trainability(Section):
    batch: PositiveInt = Field(description="Images of a minibatch.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(
        description="Resamplings of points in correlations of accuracy with dynamics."
    )
    plane: TrainedPlane = Field(description="Fig. 3c: accuracy over the plane of weight and bias variance.")
    widths: TrainedWidths = Field(description="Fig. 3f: epochs to the goal against width.")

    @model_validator(mode="after")
    def _whole_batches(self) -> Self:
        for key, images in (("plane.images", self.plane.images), ("widths.images", self.widths.images)):
            if images % self.batch:
                raise ValueError(f"{key}: found {images}, expected a multiple of batch, {self.batch}")
        return self
