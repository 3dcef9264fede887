"""liu2025, Fig. 5: in which networks graphs are looked for, and how. The paper prints the names of the stages alone."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Name, PositiveFloat, PositiveInt, Section, require_ascending

Fraction = Annotated[float, Field(gt=0, lt=1)]


class TaskSubgraphs(Section):
    samples: list[Name] = Field(
        description="Samples of `sgd_runs` in whose networks graphs are looked for at the end of training.",
        min_length=1,
    )
    untrained: list[Name] = Field(description="Those of them in which graphs are looked for before training, too.")
    coupled: list[Name] = Field(description="Those of them whose coupling cost is followed through training.")
    images: Annotated[int, Field(ge=100, le=60000)] = Field(
        description="Training images by which activities, correlations and accuracies are measured, the first."
    )
    growing_images: Annotated[int, Field(ge=20)] = Field(
        description="Images by which graphs grow and are pruned, half of them of the digit, fewer if it has fewer."
    )
    selectivity: PositiveFloat = Field(
        description="Difference of activity on and off the digit, in standard deviations, that a neuron of a cluster "
        "exceeds."
    )
    threshold: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Least |C| of any two neurons of a cluster, C_th."
    )
    least_gain: Fraction = Field(description="Fraction of the loss by which an edge lowers it, else growth ends.")
    candidates: PositiveInt = Field(
        description="Edges whose loss is computed at each step of growth, the first by its derivative."
    )
    most_edges: PositiveInt = Field(description="Edges between neurons at which growth ends.")
    accuracy_losses: list[Fraction] = Field(
        description="Balanced accuracy that pruning may lose, ascending; the first is judged.", min_length=1
    )
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(
        description="Resamplings of networks behind exponents and ranks."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("accuracy_losses", self.accuracy_losses)
        for key in ("untrained", "coupled"):
            unknown = [name for name in getattr(self, key) if name not in self.samples]
            if unknown:
                raise ValueError(f"{key}: found {unknown[0]!r}, expected some of samples, {self.samples}")
        return self
