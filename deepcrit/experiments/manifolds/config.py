"""qu2022, Fig. 4, 5 and S1: circles through random networks."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import (
    Alpha,
    Grid,
    PositiveFloat,
    PositiveInt,
    Section,
    Width,
    require_alphas,
    require_ascending,
    require_ordered_line,
)


class Circles(Section):
    alphas: list[Alpha] = Field(description="Indices of stability.", min_length=1)
    gains: list[PositiveFloat] = Field(description="g, ascending; all are propagated through the same weights.")
    drawn_gains: list[PositiveFloat] = Field(
        description="Those whose projections are drawn, from ordered to chaotic.", min_length=3, max_length=3
    )
    width: Width = Field(description="Neurons per layer, N.")
    depth: PositiveInt = Field(description="Layers.")
    angles: Annotated[int, Field(ge=20)] = Field(
        description="Points of the circle, the first of which is the last, too."
    )
    networks: Annotated[int, Field(ge=3)] = Field(description="Networks of each index.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("gains", self.gains)
        missing = [gain for gain in self.drawn_gains if gain not in self.gains]
        if missing:
            raise ValueError(f"drawn_gains: found {missing[0]}, expected one of gains, {self.gains}")
        return self


class NetworkSizes(Section):
    alpha: Alpha = Field(description="Index of stability.")
    widths: list[Width] = Field(description="Neurons per layer, ascending.", min_length=3)
    networks: Annotated[int, Field(ge=3)] = Field(description="Networks of each width.")

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        require_ascending("widths", self.widths)
        return self


class NeighbourDistances(Section):
    alphas: Grid = Field(description="Indices of stability.")
    gains: Grid = Field(description="g; all are propagated through the same weights.")
    layers: list[PositiveInt] = Field(description="Layers at which distances are measured, ascending.", min_length=2)
    width: Width = Field(description="Neurons per layer, N.")
    networks: Annotated[int, Field(ge=3)] = Field(description="Networks of each index.")
    spacing: Annotated[float, Field(gt=0, lt=1)] = Field(description="Angle between two neighbours.")
    pairs: Annotated[int, Field(ge=10)] = Field(description="Pairs of neighbours, evenly along half the circle.")
    sizes: NetworkSizes = Field(description="The same at one index and several widths.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_alphas("alphas", self.alphas)
        require_ordered_line("gains", self.gains.start, self.gains.stop)
        require_ascending("layers", self.layers)
        return self


class Manifolds(Section):
    circles: Circles = Field(description="Singular values and projections of whole circles.")
    distances: NeighbourDistances = Field(description="Distances between neighbours along the circle.")
