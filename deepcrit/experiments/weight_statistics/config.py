"""liu2025, Fig. 4: which tails are fitted, and the model of redistribution."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Name, PositiveFloat, PositiveInt, Section, require_ascending


class Redistribution(Section):
    probabilities: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        description="P_C, ascending: that a removed strength returns in proportion to strengths.", min_length=4
    )
    connections: Annotated[int, Field(ge=10)] = Field(description="Connections of a matrix.")
    matrices: Annotated[int, Field(ge=2)] = Field(description="Independent matrices.")
    sweeps: PositiveInt = Field(description="Removals for each connection until strengths are looked at.")
    critical: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="P_C at which exponents are compared with those of trained networks, one of probabilities."
    )
    least: Annotated[float, Field(gt=0, lt=1)] = Field(description="P_C above which the relation is fitted.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("probabilities", self.probabilities)
        if self.critical not in self.probabilities:
            raise ValueError(f"critical: found {self.critical}, expected one of probabilities, {self.probabilities}")
        return self


class WeightStatistics(Section):
    followed: Name = Field(description="Sample of `sgd_runs` that is followed through training, with a late window.")
    plane: Name = Field(description="Sample over the plane of mobility and size.")
    images: Annotated[int, Field(ge=100, le=60000)] = Field(description="Training images by which neurons correlate.")
    gradient_images: Annotated[int, Field(ge=50)] = Field(description="Of them, those of gradients, the first.")
    gradient_weights: Annotated[int, Field(ge=20)] = Field(
        description="Weights after the first hidden layer, drawn at random, between which elements are taken."
    )
    gradient_iterations: list[PositiveInt] = Field(
        description="Iterations of weights and gradients, ascending, besides the first and last.", min_length=1
    )
    transition: PositiveInt = Field(description="Iteration that the paper calls the transition.")
    critical: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Least C of the ends of a critical connection; negative ones never count."
    )
    most_values: Annotated[int, Field(ge=500)] = Field(description="Values to which laws are fitted, drawn at random.")
    least_tail: Annotated[int, Field(ge=50)] = Field(description="Values that are at least above xmin.")
    low_loss: PositiveFloat = Field(description="Mean loss below which a network has converged, in nats.")
    redistribution: Redistribution = Field(description="Model of redistributed connections.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("gradient_iterations", self.gradient_iterations)
        if self.gradient_images > self.images:
            raise ValueError(f"gradient_images: found {self.gradient_images}, expected at most images, {self.images}")
        if self.least_tail > self.most_values:
            raise ValueError(f"least_tail: found {self.least_tail}, expected at most most_values, {self.most_values}")
        return self
