"""Real images beside Gaussian inputs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from deepcrit.core.section import Activation, PositiveFloat, Section


class InputCase(Section):
    activation: Activation = Field(description="phi.")
    ensemble: Literal["gaussian", "levy"] = Field(description="Law of the weights.")
    levy_alpha: Annotated[float, Field(gt=0, le=2)] = Field(description="Stability index of Levy weights.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    networks: Annotated[int, Field(ge=4)] = Field(description="Networks for each kind of input.")


class RealInputs(Section):
    width: Literal[784] = Field(description="Neurons per layer: the pixels of an image.")
    input_strength: PositiveFloat = Field(description="Norm to which images and Gaussian inputs are rescaled.")
    networks_sharing_inputs: Annotated[int, Field(ge=100, le=60000)] = Field(description="Inputs that share a network.")
    cases: dict[Literal["tanh", "relu", "levy"], InputCase] = Field(description="Networks driven by both inputs.")
