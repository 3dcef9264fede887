"""ghavasieh2025, Fig. 1, and avalanches of strong inputs."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Activation, Grid, PositiveFloat, PositiveInt, Section, Width


class Paths(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variances: list[PositiveFloat] = Field(
        description="sw2 below, at and above its critical value.", min_length=1
    )
    networks: Annotated[int, Field(ge=4)] = Field(description="Networks at each, with an input of its own.")
    linear_layers: PositiveInt = Field(description="Layers over which growth is measured, while signals are small.")
    drawn: PositiveInt = Field(description="Networks drawn layer by layer.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.linear_layers > self.depth:
            raise ValueError(f"linear_layers: found {self.linear_layers}, expected at most the depth {self.depth}")
        if self.drawn > self.networks:
            raise ValueError(f"drawn: found {self.drawn}, expected at most the number of networks {self.networks}")
        if len(set(self.weight_variances)) < len(self.weight_variances):
            raise ValueError(f"weight_variances: found {self.weight_variances}, expected each once")
        return self


class ExampleAvalanche(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variance: PositiveFloat = Field(description="sw2.")
    launched: PositiveInt = Field(description="Inputs among which the avalanche is picked.")
    duration: PositiveInt = Field(description="The first avalanche of the duration nearest to this one is drawn.")

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.duration >= self.depth:
            raise ValueError(f"duration: found {self.duration}, expected less than the depth {self.depth}")
        return self


class InputStrengths(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variance: Annotated[float, Field(gt=0)] = Field(
        description="sw2 of weak inputs; the matched tuning raises it with the input."
    )
    log_squared_norms: Grid = Field(description="log10 of q0, the squared norm of the input.")
    launched: Annotated[int, Field(ge=1000)] = Field(description="Avalanches sampled to check the exact law.")


class Signals(Section):
    activation: Activation = Field(description="phi.")
    bias_variance: Annotated[float, Field(ge=0)] = Field(description="sb2.")
    input_strength: PositiveFloat = Field(description="Norm of the input of paths and of the example.")
    paths: Paths = Field(description="Signal strength along the layers.")
    example: ExampleAvalanche = Field(description="One avalanche, with its size and duration.")
    input_strengths: InputStrengths = Field(description="Avalanches against the strength of the input.")
