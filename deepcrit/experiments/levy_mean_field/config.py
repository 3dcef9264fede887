"""qu2022, Fig. 2: infinitely wide networks of stable weights, and simulated ones beside them."""

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


class SimulatedPseudolengths(Section):
    alphas: list[Alpha] = Field(description="Indices of stability.", min_length=1)
    gains: list[PositiveFloat] = Field(description="g = D_w^(1/alpha).", min_length=1)
    width: Width = Field(description="Neurons per layer, N.")
    networks: Annotated[int, Field(ge=3)] = Field(description="Networks at each point.")
    depth: PositiveInt = Field(description="Layers, of which the last is fitted.")


class JacobianSpectra(Section):
    alphas: list[Alpha] = Field(description="Indices of stability.", min_length=1)
    gains: list[PositiveFloat] = Field(description="g, ascending.", min_length=2)
    drawn_gain: PositiveFloat = Field(description="That of the eigenvalues that are drawn, one of gains.")
    width: Width = Field(description="Rows of a matrix, N.")
    matrices: Annotated[int, Field(ge=3)] = Field(description="Matrices at each point.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("gains", self.gains)
        if self.drawn_gain not in self.gains:
            raise ValueError(f"drawn_gain: found {self.drawn_gain}, expected one of gains, {self.gains}")
        return self


class LevyMeanField(Section):
    alphas: Grid = Field(description="Indices of stability of the phase diagram.")
    gains: Grid = Field(description="g of the phase diagram.")
    log_powers: list[PositiveInt] = Field(description="L of f1(r) = sgn(ln r) |ln r|^L, ascending.", min_length=1)
    shifted_powers: list[PositiveInt] = Field(description="L of f2(r) = (r - 2)^L, ascending.", min_length=1)
    pseudolengths: SimulatedPseudolengths = Field(description="Simulated networks beside fixed points.")
    spectra: JacobianSpectra = Field(description="Radial distributions, and eigenvalues of simulated W D beside them.")
    samples: Annotated[int, Field(ge=1000)] = Field(
        description="Stable variates for the order parameter at the origin, as printed."
    )

    @model_validator(mode="after")
    def _straddles(self) -> Self:
        require_alphas("alphas", self.alphas)
        require_ordered_line("gains", self.gains.start, self.gains.stop)
        require_ascending("log_powers", self.log_powers)
        require_ascending("shifted_powers", self.shifted_powers)
        return self
