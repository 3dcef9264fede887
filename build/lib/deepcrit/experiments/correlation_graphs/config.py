"""liu2025, Fig. 1: which networks are looked at, and how."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Name, PositiveInt, Section, require_ascending

Threshold = Annotated[float, Field(gt=0, le=1)]


class CorrelationGraphs(Section):
    samples: list[Name] = Field(description="Samples of `sgd_runs` whose networks are looked at.", min_length=1)
    images: Annotated[int, Field(ge=2, le=60000)] = Field(
        description="Images whose activities are correlated, the first of the training set."
    )
    threshold: Threshold = Field(description="Least |C| of an edge, C_th.")
    thresholds: list[Threshold] = Field(
        description="All thresholds, C_th among them; at 1 there is no edge.", min_length=2
    )
    transition: PositiveInt = Field(description="Iteration that the paper calls the transition.")
    random_batches: Annotated[int, Field(ge=2)] = Field(description="Random minibatches whose own edges are counted.")
    most_cliques: PositiveInt = Field(
        description="Maximal cliques of a graph that are listed at most; graphs with more enter no distribution."
    )
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks behind exponents.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("thresholds", self.thresholds)
        if self.threshold not in self.thresholds:
            raise ValueError(f"threshold: found {self.threshold}, expected one of thresholds, {self.thresholds}")
        return self
