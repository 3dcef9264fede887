"""Avalanches in networks of stable weights, along and across their ordered line."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Alpha, PositiveFloat, PositiveInt, Section, Width, require_ascending


class StraightFits(Section):
    shortest_duration: PositiveInt = Field(description="Lower end of the durations that are fitted, in layers.")
    smallest_size: PositiveFloat = Field(description="Lower end of the sizes that are fitted, in units of 1/sqrt(N).")
    straight_ks: PositiveFloat = Field(
        description="Largest Kolmogorov-Smirnov distance of a range that is called a straight power law."
    )
    ends: Annotated[int, Field(ge=5)] = Field(description="Log-spaced upper ends that are tried.")
    confidence: Annotated[float, Field(gt=0, lt=1)] = Field(description="Level of intervals.")
    bootstrap_replicates: PositiveInt = Field(description="Resamples of blocks for gamma.")


class LevyAvalanches(Section):
    depth: Annotated[int, Field(ge=20)] = Field(description="Layers, L.")
    input_strength: PositiveFloat = Field(description="Norm of the input, and over sqrt(N) the threshold.")
    alphas: list[Alpha] = Field(description="Indices of stability, ascending.", min_length=2)
    widths: list[Width] = Field(
        description="Neurons per layer; the ordered line is crossed at the first alone.", min_length=1
    )
    relative_gains: list[PositiveFloat] = Field(
        description="Gains over that of the ordered line q* = 0.01, ascending, on both sides of 1.", min_length=3
    )
    drift_layers: Annotated[int, Field(ge=100)] = Field(
        description="Layers through which a weak signal is followed for the gain at which it does not drift."
    )
    blocks: Annotated[int, Field(ge=4)] = Field(description="Blocks at each point.")
    launched_drift_free: PositiveInt = Field(description="Avalanches of a block at the drift-free gain.")
    launched_across: PositiveInt = Field(description="Avalanches of a block beside the ordered line.")
    fits: StraightFits = Field(description="Power laws.")

    @model_validator(mode="after")
    def _straddles(self) -> Self:
        require_ascending("alphas", self.alphas)
        require_ascending("relative_gains", self.relative_gains)
        found = self.relative_gains
        if not found[0] < 1 < found[-1]:
            raise ValueError(
                f"relative_gains: found {found[0]} to {found[-1]}, expected a range that straddles the ordered line, 1"
            )
        if self.fits.shortest_duration >= self.depth // 4:
            raise ValueError(
                f"fits.shortest_duration: found {self.fits.shortest_duration}, expected less than a quarter of depth, "
                f"{self.depth}"
            )
        return self
