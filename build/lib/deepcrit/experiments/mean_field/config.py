"""ghavasieh2025, Fig. 3a, 3b and 5: infinitely wide networks, and simulated ones beside them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.section import (
    FloatRange,
    Grid,
    PositiveFloat,
    PositiveInt,
    Section,
    Width,
    require_ascending,
    require_range,
)


def _below_one(key: str, found: list[float]) -> None:
    require_range(key, found)
    if found[1] >= 1:
        raise ValueError(f"{key}: found {found}, expected a range below 1")


class CorrelationDepths(Section):
    log_bias_variances: list[float] = Field(description="log10 of the bias variances.", min_length=1)
    edge_ratios: list[PositiveFloat] = Field(
        description="Weight variances, in units of that on the edge of chaos.", min_length=1
    )


class FiniteWidth(Section):
    widths: list[Width] = Field(description="Neurons per layer, N.", min_length=1)
    log_bias_variances: list[float] = Field(
        description="log10 of the bias variances, to which sb2 = 0 is added where signals live.", min_length=1
    )
    weight_variances: list[PositiveFloat] = Field(description="sw2, increasing.", min_length=1)
    chains: Annotated[int, Field(ge=4)] = Field(description="Independent chains at each point.")
    burn_in: PositiveInt = Field(description="Layers forgotten at the beginning of each chain.")
    layers: PositiveInt = Field(description="Layers averaged over in each chain.")

    @model_validator(mode="after")
    def _increasing(self) -> Self:
        require_ascending("weight_variances", self.weight_variances)
        return self


class FinitePairs(Section):
    widths: list[Width] = Field(description="Neurons per layer, N.", min_length=1)
    log_bias_variances: list[float] = Field(description="log10 of the bias variances.", min_length=1)
    edge_ratios: list[PositiveFloat] = Field(
        description="Weight variances, in units of that on the edge of chaos.", min_length=1
    )
    pairs: Annotated[int, Field(ge=40)] = Field(description="Pairs of inputs, each in a network of its own.")
    burn_in: Annotated[int, Field(ge=0)] = Field(description="Layers before the two inputs part.")
    layers: Annotated[int, Field(ge=10)] = Field(description="Layers through which their correlation is followed.")


class MeanField(Section):
    activation: Literal["tanh"] = Field(description="phi; the closed forms of the paper hold for no other.")
    weight_variances: Grid = Field(description="sw2 of the plane.")
    log_bias_variances: Grid = Field(description="log10 of sb2 of the plane, to which sb2 = 0 is added.")
    excess_range: FloatRange = Field(description="[xmin, xmax] of fits in sw2 - 1, without bias.")
    field_range: FloatRange = Field(description="[xmin, xmax] of fits in sb2, at sw2 = 1 or along a line.")
    fit_points: Annotated[int, Field(ge=4)] = Field(description="Log-spaced points of a fit.")
    log_distances: Grid = Field(description="log10 of the distances from criticality at which closed forms are held.")
    correlation_depths: CorrelationDepths = Field(description="Correlations of two inputs beside the edge of chaos.")
    finite_width: FiniteWidth = Field(description="Steady states of simulated networks.")
    finite_pairs: FinitePairs = Field(description="Correlations of two inputs of simulated networks.")

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        _below_one("excess_range", self.excess_range)
        _below_one("field_range", self.field_range)
        if self.weight_variances.start < 0:
            raise ValueError(f"weight_variances.start: found {self.weight_variances.start}, expected at least 0")
        return self
