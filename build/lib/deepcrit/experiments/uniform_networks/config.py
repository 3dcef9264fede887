"""vock2025, Fig. 1: uniform weights, scaled tanh."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Grid, PositiveFloat, PositiveInt, Section, Width, require_ascending


class Responses(Section):
    width: Width = Field(description="Neurons per layer; one of widths, where the critical coupling is known.")
    networks: Annotated[int, Field(ge=3)] = Field(description="Networks whose responses are averaged.")
    relative_couplings: list[PositiveFloat] = Field(
        description="Couplings, as relative_couplings above, ascending.", min_length=3
    )
    log_stimuli: Grid = Field(description="log10 of the scales of the input.")

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        require_ascending("relative_couplings", self.relative_couplings)
        return self


class UniformNetworks(Section):
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    half_width: PositiveFloat = Field(description="Weights are uniform on plus and minus this, times the coupling.")
    amplitude: PositiveFloat = Field(description="a of the activation a tanh(b x).")
    steepness: PositiveFloat = Field(description="b of the activation a tanh(b x).")
    input_scale: PositiveFloat = Field(description="Inputs are uniform on plus and minus this.")
    widths: list[Width] = Field(description="Neurons per layer, ascending; four or more, to be fitted.", min_length=4)
    neurons: PositiveInt = Field(
        description="Networks of a width times the width, rounded down but not to zero: so many networks measure "
        "growth rates of all widths equally well."
    )
    relative_couplings: list[PositiveFloat] = Field(
        description="Couplings, over the one at which a weak signal neither grows nor decays in closed form, "
        "ascending, on both sides of 1.",
        min_length=3,
    )
    drawn_couplings: list[PositiveFloat] = Field(
        description="Those at which activity is kept layer by layer.", min_length=1
    )
    lanczos_steps: Annotated[int, Field(ge=2)] = Field(
        description="Products with the Jacobian, and with its transpose, for its largest singular value."
    )
    responses: Responses = Field(description="Responses to stimuli of all strengths.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = self.relative_couplings
        require_ascending("relative_couplings", found)
        if not found[0] < 1 < found[-1]:
            raise ValueError(f"relative_couplings: found {found[0]} to {found[-1]}, expected 1 between them")
        missing = [coupling for coupling in self.drawn_couplings if coupling not in found]
        if missing:
            raise ValueError(f"drawn_couplings: found {missing[0]}, expected one of relative_couplings")
        require_ascending("widths", self.widths)
        if self.responses.width not in self.widths:
            raise ValueError(f"responses.width: found {self.responses.width}, expected one of widths, {self.widths}")
        if self.lanczos_steps > self.widths[0]:
            raise ValueError(f"lanczos_steps: found {self.lanczos_steps}, expected at most the width {self.widths[0]}")
        return self
