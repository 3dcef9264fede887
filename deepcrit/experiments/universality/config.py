"""Which exponents are computed, where, and what an experiment of the published size is."""

from __future__ import annotations

from math import isqrt
from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import PositiveFloat, PositiveInt, Section, Width, require_ascending


class Universality(Section):
    widths: list[Width] = Field(
        description="Neurons per layer, N, ascending squares, so that durations of multiples of sqrt(N) are whole.",
        min_length=4,
    )
    relative_offsets: list[PositiveFloat] = Field(
        description="sw2 - 1 in units of the drift-free offset of each width; the first is drawn in full.", min_length=1
    )
    multiples: list[PositiveInt] = Field(
        description="Durations, in units of sqrt(N), from which local exponents are extrapolated: powers of two.",
        min_length=2,
    )
    longest_scaled: PositiveFloat = Field(description="Longest duration of local exponents, in units of N.")
    longest: Annotated[int, Field(ge=100)] = Field(description="Longest duration of local exponents, in layers.")
    published_avalanches: Annotated[int, Field(ge=1000)] = Field(
        description="Avalanches at each width of an experiment of the published size."
    )
    published_sharing: PositiveInt = Field(description="Inputs that share a network in it.")
    replicates: Annotated[int, Field(ge=20)] = Field(description="Such experiments drawn to extrapolate from.")

    @model_validator(mode="after")
    def _squares(self) -> Self:
        for width in self.widths:
            if isqrt(width) ** 2 != width:
                raise ValueError(f"widths: found {width}, expected squares")
        require_ascending("widths", self.widths)
        for multiple in self.multiples:
            if multiple & (multiple - 1):
                raise ValueError(f"multiples: found {multiple}, expected powers of two")
        return self
