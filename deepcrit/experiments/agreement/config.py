"""One population of networks, measured before training by the notions of four papers, and trained."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Alpha, PositiveFloat, PositiveInt, Section, require_ascending
from deepcrit.data.mnist import SIDE


class Agreement(Section):
    hidden_layers: Annotated[int, Field(ge=3)] = Field(description="Hidden layers, L.")
    width: Annotated[int, Field(ge=8)] = Field(description="Neurons of a hidden layer, N.")
    side: Annotated[int, Field(ge=4, le=SIDE)] = Field(description="Pixels of a side, to which images are shrunk.")
    alphas: list[Alpha] = Field(
        description="Indices of stability of the initial weights; at 2 they are Gaussian.", min_length=2
    )
    gains: list[PositiveFloat] = Field(description="g = D_w^(1/alpha) of the initial weights.", min_length=3)
    bias: PositiveFloat = Field(
        description="Variance of the initial biases of further Gaussian networks at every gain; all others have none."
    )
    seeds: Annotated[int, Field(ge=2)] = Field(description="Networks of each setting, which is a cell.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    test_images: Annotated[int, Field(ge=2, le=10000)] = Field(description="Images tested on, the first of the set.")
    batch: PositiveInt = Field(description="Images of a minibatch.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent, the same for all.")
    epochs: PositiveInt = Field(description="Passes over the images.")
    goal: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Accuracy on the images of an epoch, as they are trained on, from which a network has trained."
    )
    input_strength: PositiveFloat = Field(
        description="Norm of the signals whose avalanches are followed, and over sqrt(N) the threshold."
    )
    signals: PositiveInt = Field(description="Avalanches of a network, at every factor of its weights.")
    stretching_images: PositiveInt = Field(
        description="Test images at which the largest Lyapunov exponent is taken; all is measured twice, with others."
    )
    jacobian_images: PositiveInt = Field(description="Test images at which Jacobians of layers are taken.")
    jacobian_layers: list[PositiveInt] = Field(
        description="l of the Jacobians W^(l+1) D^l whose eigenvalues and eigenvectors are taken.", min_length=1
    )
    graph_images: Annotated[int, Field(ge=2, le=10000)] = Field(description="Test images that are correlated over.")
    threshold: Annotated[float, Field(gt=0, lt=1)] = Field(description="Least |C| of an edge of the graph of neurons.")
    edge_networks: Annotated[int, Field(ge=2)] = Field(
        description="Other random networks of each setting, from which its distance from the edge of chaos is taken."
    )
    edge_layers: Annotated[int, Field(ge=4)] = Field(
        description="Layers of these, the first half of which is left out."
    )
    replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings and exchanges of networks.")
    agreeing: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Rank correlation that the whole interval has to exceed for two measures to agree."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for key in ("alphas", "gains", "jacobian_layers"):
            require_ascending(key, getattr(self, key))
        if self.alphas[-1] != 2:
            raise ValueError(f"alphas: found {self.alphas[-1]:g} as the last, expected 2, Gaussian weights")
        if not self.gains[0] < 1 < self.gains[-1]:
            raise ValueError(
                f"gains: found {self.gains[0]} to {self.gains[-1]}, expected a range with the critical value 1 inside"
            )
        if SIDE % self.side:
            raise ValueError(f"side: found {self.side}, expected a divisor of {SIDE}")
        if self.jacobian_layers[-1] >= self.hidden_layers:
            raise ValueError(
                f"jacobian_layers: found {self.jacobian_layers[-1]}, expected less than hidden_layers, "
                f"{self.hidden_layers}"
            )
        half = self.test_images // 2
        for key, most in (("batch", self.images), ("graph_images", half), ("stretching_images", half),
                          ("jacobian_images", half)):  # fmt: skip
            if getattr(self, key) > most:
                raise ValueError(f"{key}: found {getattr(self, key)}, expected at most {most} images")
        return self
