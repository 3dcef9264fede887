"""qu2022, Fig. 6: training on MNIST from stable weights."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import (
    Alpha,
    PositiveFloat,
    PositiveInt,
    Section,
    require_ascending,
    require_ordered_line,
)
from deepcrit.data.mnist import SIDE

_Neurons = Annotated[int, Field(ge=8)]
_Place = Annotated[list[PositiveFloat], Field(min_length=2, max_length=2)]


class RepeatedNetworks(Section):
    points: list[_Place] = Field(description="[alpha, g] of the grid at which further networks are trained.")
    networks: PositiveInt = Field(description="Networks of each, that of the grid not counted.")


class NarrowNetworks(Section):
    widths: list[_Neurons] = Field(description="Other widths, trained at the largest alpha.", min_length=1)
    gains: list[PositiveFloat] = Field(
        description="g of these, and of further networks of the grid's width.", min_length=3
    )


class BatchSensitivity(Section):
    batch: PositiveInt = Field(description="Images of the other minibatch.")
    points: list[_Place] = Field(description="[alpha, g] of the grid that are trained with it.")


class LevyTraining(Section):
    hidden_layers: Annotated[int, Field(ge=2)] = Field(description="Hidden layers; FC10 has nine.")
    width: _Neurons = Field(description="Neurons of a hidden layer, N.")
    side: Annotated[int, Field(ge=4, le=SIDE)] = Field(
        description="Pixels of a side, to which images of 28 x 28 are shrunk."
    )
    alphas: list[Alpha] = Field(description="Indices of stability of the initial weights.", min_length=2)
    gains: list[PositiveFloat] = Field(description="g = D_w^(1/alpha) of the initial weights.", min_length=4)
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    test_images: Annotated[int, Field(ge=1, le=10000)] = Field(description="Images tested on, the first of the set.")
    batch: PositiveInt = Field(description="Images of a minibatch.")
    learning_rate: PositiveFloat = Field(
        description="Of plain stochastic gradient descent at this width; other widths have as much times width."
    )
    epochs: PositiveInt = Field(description="Passes over the images.")
    tests_per_epoch: PositiveInt = Field(description="Times that test accuracy is measured in an epoch.")
    middle_test: PositiveInt = Field(description="Test at which the snapshot in the middle of training is taken.")
    measured_layer: PositiveInt = Field(description="l of the Jacobian W^(l+1) D^l that snapshots hold.")
    goal: Annotated[float, Field(gt=0, lt=1)] = Field(description="Test accuracy from which a network has trained.")
    repeats: RepeatedNetworks = Field(description="Further draws of the networks of Fig. 3a.")
    narrow: NarrowNetworks = Field(description="Does the interval of g that trains close as width grows?")
    sensitivity: BatchSensitivity = Field(description="The text has another minibatch than the caption.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for key in ("alphas", "gains"):
            require_ascending(key, getattr(self, key))
        # levy_learning holds them against the line, which would fail hours later
        require_ordered_line("gains", self.gains[0], self.gains[-1])
        for key in ("widths", "gains"):
            require_ascending(f"narrow.{key}", getattr(self.narrow, key))
        if SIDE % self.side:
            raise ValueError(f"side: found {self.side}, expected a divisor of {SIDE}")
        if self.width in self.narrow.widths:
            raise ValueError(f"narrow.widths: found {self.width}, expected widths other than that of the grid")
        for key in ("repeats", "sensitivity"):
            for alpha, gain in getattr(self, key).points:
                if alpha not in self.alphas or gain not in self.gains:
                    raise ValueError(f"{key}.points: found [{alpha}, {gain}], expected points of alphas and gains")
        if self.measured_layer >= self.hidden_layers:
            raise ValueError(
                f"measured_layer: found {self.measured_layer}, expected less than hidden_layers, {self.hidden_layers}"
            )
        for key, batch in (("batch", self.batch), ("sensitivity.batch", self.sensitivity.batch)):
            if batch * self.tests_per_epoch > self.images:
                raise ValueError(
                    f"{key}: found {batch}, expected a minibatch or more between tests, at most "
                    f"{self.images // self.tests_per_epoch} images"
                )
        if self.middle_test >= self.epochs * self.tests_per_epoch:
            raise ValueError(
                f"middle_test: found {self.middle_test}, expected less than all of them, "
                f"{self.epochs * self.tests_per_epoch}"
            )
        return self
