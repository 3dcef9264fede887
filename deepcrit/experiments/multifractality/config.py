"""qu2022, Fig. 3 and S2: fractal dimensions of eigenvectors."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Alpha, PositiveFloat, Section, require_ascending

_Neurons = Annotated[int, Field(ge=20)]


class Multifractality(Section):
    alphas: list[Alpha] = Field(description="Indices of stability of random weights.", min_length=2)
    gain: PositiveFloat = Field(description="g = D_w^(1/alpha) of random weights.")
    widths: list[_Neurons] = Field(
        description="Neurons N of random networks, from which dimensions are extrapolated.", min_length=3
    )
    matrices: list[Annotated[int, Field(ge=2)]] = Field(description="Jacobians of every alpha, one number a width.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("alphas", self.alphas)
        require_ascending("widths", self.widths)
        if len(self.matrices) != len(self.widths):
            raise ValueError(
                f"matrices: found {len(self.matrices)} numbers, expected one for each of the {len(self.widths)} widths"
            )
        return self
