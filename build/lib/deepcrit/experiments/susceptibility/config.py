"""ghavasieh2025, Fig. 3d and 3e: mean sizes over the plane."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import (
    Activation,
    Grid,
    PositiveFloat,
    PositiveInt,
    Section,
    Width,
    require_ascending,
    require_steps,
    require_straddling,
)


class PublishedPlane(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variances: Grid = Field(description="sw2 of the plane.")
    log_bias_variances: list[float] = Field(
        description="log10 of sb2 of the plane, ascending, to which sb2 = 0 is added.", min_length=1
    )
    bandwidth: PositiveFloat = Field(description="Half width in sw2 of the window of the local regression.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_straddling("weight_variances", self.weight_variances)
        require_ascending("log_bias_variances", self.log_bias_variances)
        return self


class BesideTrained(Section):
    step: PositiveFloat = Field(
        description="Steps of sw2, a whole number of them in those of trainability.plane, whose width, depth and "
        "variances these networks have."
    )
    bandwidth: PositiveFloat = Field(description="Half width in sw2 of the window of the local regression.")


class AnnealedPoints(Section):
    weight_variances: list[PositiveFloat] = Field(description="sw2 at which they are simulated.", min_length=1)
    log_bias_variances: list[float] = Field(description="log10 of sb2, to which no bias is added.")
    blocks: Annotated[int, Field(ge=2)] = Field(description="Independent blocks.")
    launched_per_block: PositiveInt = Field(description="Inputs launched in a block.")


class ExponentMismatch(Section):
    shortest: PositiveInt = Field(description="Lower end of fits of durations, in layers.")
    longest_share: Annotated[float, Field(gt=0, lt=1)] = Field(description="Upper end, as a share of the depth.")
    duration_of_unit_size: PositiveFloat = Field(
        description="Duration d that belongs to a size of 1/sqrt(N): sizes are fitted on (D/d)^1.5 / sqrt(N) for D at "
        "both ends of the range of durations."
    )
    minimum_count: Annotated[int, Field(ge=2)] = Field(
        description="Fewest avalanches of a duration that enters the regression of size on duration."
    )


class Susceptibility(Section):
    activation: Activation = Field(description="phi.")
    input_strength: PositiveFloat = Field(description="Norm of the input, sqrt(q0).")
    published: PublishedPlane = Field(description="Networks of the figure.")
    trained: BesideTrained = Field(description="Random networks beside those that are trained.")
    blocks: Annotated[int, Field(ge=10)] = Field(description="Independent blocks of avalanches at a point.")
    launched_per_block: PositiveInt = Field(description="Inputs launched in a block.")
    minimum_avalanches: Annotated[int, Field(ge=2)] = Field(
        description="Fewest avalanches behind a mean or an exponent."
    )
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Confidence level of intervals.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of blocks.")
    derivative_step: PositiveFloat = Field(description="Step in sw2 of central differences of exact laws.")
    bandwidths_checked: list[PositiveFloat] = Field(
        description="Bandwidths whose bias and noise are tabulated, those of the networks among them.", min_length=1
    )
    peak_step: PositiveFloat = Field(
        description="Steps in sw2, from end to end of each plane, at which the highest derivative is sought."
    )
    annealed: AnnealedPoints = Field(description="Points simulated by the exact annealed chain, as a check.")
    mismatch: ExponentMismatch = Field(description="Ranges of the exponents of the crackling-noise relation.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_steps("peak_step", self.peak_step, self.published.weight_variances)
        for name in ("published", "trained"):
            bandwidth = getattr(self, name).bandwidth
            if bandwidth not in self.bandwidths_checked:
                raise ValueError(
                    f"bandwidths_checked: found {self.bandwidths_checked}, expected {bandwidth} of {name} among them"
                )
        return self
