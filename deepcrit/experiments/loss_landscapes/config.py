"""liu2025, Fig. 2: at which networks losses are looked at, and how."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Name, PositiveFloat, PositiveInt, Section, require_ascending


class LossLandscapes(Section):
    followed: Name = Field(description="Sample of `sgd_runs` that is followed through training.")
    plane: Name = Field(description="Sample over the plane of mobility and size.")
    apart: Name = Field(description="Sample in which learning rates and minibatches change apart.")
    images: Annotated[int, Field(ge=100, le=60000)] = Field(description="Training images whose losses are looked at.")
    family_images: Annotated[int, Field(ge=50)] = Field(
        description="Of them, by whose losses distributions are compared, the first."
    )
    threshold: PositiveFloat = Field(description="b of the entropy, in nats.")
    thresholds: list[PositiveFloat] = Field(
        description="All thresholds, b among them, ascending: does the turn of the entropy follow b?", min_length=2
    )
    transition: PositiveInt = Field(description="Iteration that the paper calls the transition.")
    deviation_batches: list[PositiveInt] = Field(
        description="Images of random minibatches whose mean losses are compared with the bound.", min_length=2
    )
    deviation_draws: Annotated[int, Field(ge=100)] = Field(description="Random minibatches of each size.")
    slice_iterations: list[PositiveInt] = Field(
        description="Iterations at which planes are looked at, besides the last.", min_length=1
    )
    slice_images: Annotated[int, Field(ge=64)] = Field(description="Images of the mean landscape.")
    slice_planes: PositiveInt = Field(description="Random planes at each network and kind of connection.")
    slice_points: Annotated[int, Field(ge=3)] = Field(description="Points of a plane along each direction.")
    slice_reach: PositiveFloat = Field(description="Coordinates of a plane run from minus this to this.")
    critical: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Least C of the ends of a critical connection; negative ones never count."
    )
    converged: Annotated[float, Field(lt=0)] = Field(description="Criterion below which a network has converged.")
    low_loss: PositiveFloat = Field(description="Mean loss below which it counts as converged otherwise, in nats.")
    budget: PositiveInt = Field(description="Iterations to which the published plane was trained.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks of the plane.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("thresholds", self.thresholds)
        require_ascending("slice_iterations", self.slice_iterations)
        if self.threshold not in self.thresholds:
            raise ValueError(f"threshold: found {self.threshold}, expected one of thresholds, {self.thresholds}")
        for key in ("family_images", "slice_images"):
            if getattr(self, key) > self.images:
                raise ValueError(f"{key}: found {getattr(self, key)}, expected at most images, {self.images}")
        return self
