"""liu2025, Fig. 3: how fluxes are measured."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from deepcrit.core.section import PositiveInt, Section


class Fluxes(Section):
    images: Annotated[int, Field(ge=2, le=60000)] = Field(
        description="Images whose losses are followed, the first of the training set."
    )
    bins: Annotated[int, Field(ge=2)] = Field(
        description="Bins of losses, logarithmic, and of weights, even, within which changes cancel."
    )
    trajectories: PositiveInt = Field(description="Losses and weights of one network that are followed one by one.")
    early: PositiveInt = Field(description="Iteration of the early stage at which fluxes are held against size.")
