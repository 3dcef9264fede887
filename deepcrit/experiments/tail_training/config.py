"""qu2022, Fig. 1d to 1f: networks whose weights are followed through training."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import PositiveFloat, PositiveInt, Section, Width


class TailTraining(Section):
    width: Width = Field(description="Neurons of a hidden layer, N.")
    hidden_layers: Annotated[int, Field(ge=3)] = Field(description="Hidden layers; three matrices are followed.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    epochs: Annotated[int, Field(ge=10)] = Field(description="Passes over these images.")
    batch: PositiveInt = Field(description="Images of a minibatch.")
    learning_rates: list[PositiveFloat] = Field(
        description="Of plain stochastic gradient descent; claims are judged by the first.", min_length=1
    )
    weight_variance: PositiveFloat = Field(description="sw2 of Gaussian initial weights of variance sw2 over fan-in.")
    replicates: Annotated[int, Field(ge=2)] = Field(description="Networks at each learning rate.")
    shown_epoch: PositiveInt = Field(description="Epoch after which the entries of the third matrix are shown.")
    heavy_below: Annotated[float, Field(gt=0.5, lt=2)] = Field(description="alpha below which tails count as heavy.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.learning_rates)) < len(self.learning_rates):
            raise ValueError(f"learning_rates: found {self.learning_rates}, expected each once")
        if self.images < self.batch:
            raise ValueError(f"images: found {self.images}, expected at least one minibatch of {self.batch}")
        if self.shown_epoch > self.epochs:
            raise ValueError(f"shown_epoch: found {self.shown_epoch}, expected at most epochs, {self.epochs}")
        return self
