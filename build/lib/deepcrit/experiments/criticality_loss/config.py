"""vock2025, Fig. 4: training with the criticality loss on MNIST."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.section import PositiveFloat, PositiveInt, Section, require_ascending

Initialisation = Literal["init0", "init1", "init2", "init3"]
Exponent = Annotated[float, Field(allow_inf_nan=False)]


class CriticalityLoss(Section):
    hidden: list[PositiveInt] = Field(description="Neurons of the hidden layers.", min_length=1)
    uniform_half_widths: list[PositiveFloat] = Field(
        description="Initial weights of init0 are uniform on plus and minus this, one entry a layer of weights."
    )
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    test_images: Annotated[int, Field(ge=1, le=10000)] = Field(
        description="Test images on which accuracy and loss are measured after every epoch, the first of the set."
    )
    measured_images: PositiveInt = Field(
        description="Those of them, the first, at which lambda_0 is measured after every epoch."
    )
    batch: PositiveInt = Field(description="Images of a minibatch; lambda_0 of the loss is averaged over it.")
    epochs: Annotated[int, Field(ge=3)] = Field(description="Passes over the images.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent, in the first epoch.")
    decay: Annotated[float, Field(gt=0, le=1)] = Field(description="Factor of the learning rate after each epoch.")
    averaged_epochs: PositiveInt = Field(description="Last epochs over which accuracy and lambda_0 are averaged.")
    targets: list[Exponent] = Field(description="lambda_t of the scan, ascending.", min_length=3)
    strengths: list[PositiveFloat] = Field(description="alpha of the scan, ascending.", min_length=3)
    scanned_initialisation: Initialisation = Field(description="Initialisation of the networks of the scan.")
    compared_target: Exponent = Field(description="lambda_t with which initialisations are compared; one of targets.")
    compared_strength: PositiveFloat = Field(
        description="alpha with which initialisations are compared; one of strengths."
    )
    replicates: Annotated[int, Field(ge=2)] = Field(description="Networks of every kind.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(
        description="Resamplings of networks, and responses drawn from mixed models, behind intervals."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("targets", self.targets)
        require_ascending("strengths", self.strengths)
        for key, found, among in (
            ("compared_target", self.compared_target, self.targets),
            ("compared_strength", self.compared_strength, self.strengths),
        ):
            if found not in among:
                raise ValueError(f"{key}: found {found}, expected one of {among}")
        if len(self.uniform_half_widths) != len(self.hidden) + 1:
            raise ValueError(
                f"uniform_half_widths: found {len(self.uniform_half_widths)} entries, expected one a layer of weights, "
                f"{len(self.hidden) + 1}"
            )
        if self.images % self.batch:
            raise ValueError(f"images: found {self.images}, expected a multiple of batch, {self.batch}")
        if self.measured_images > self.test_images:
            raise ValueError(
                f"measured_images: found {self.measured_images}, expected at most test_images, {self.test_images}"
            )
        if self.averaged_epochs > self.epochs:
            raise ValueError(f"averaged_epochs: found {self.averaged_epochs}, expected at most epochs, {self.epochs}")
        return self
