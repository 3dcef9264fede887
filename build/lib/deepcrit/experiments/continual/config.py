"""vock2025, Fig. 5: one task after another."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from deepcrit.core.section import PositiveFloat, PositiveInt, Section, UserPath, require_ascending

MNIST_SIDE, IMAGENET_SIDE = 28, 32  # pixels
# a single row or column is multiplied in another way if its network is alone, too, and rounds otherwise than in company
Several = Annotated[int, Field(ge=2)]


class _Stream(Section):
    streams: PositiveInt = Field(description="Sequences of tasks, each with initial parameters of its own.")
    tasks: Annotated[int, Field(ge=2)] = Field(description="Tasks of a sequence.")
    epochs: Annotated[int, Field(ge=2)] = Field(description="Passes over the images of a task.")
    side: Annotated[int, Field(ge=4, le=MNIST_SIDE)] = Field(
        description="Pixels of a side, to which images of 28 x 28 are shrunk."
    )
    learning_rate: PositiveFloat = Field(description="Of stochastic gradient descent.")
    hidden: list[Several] = Field(description="Neurons of the fully connected hidden layers.", min_length=1)

    @model_validator(mode="after")
    def _whole_pixels(self) -> Self:
        if MNIST_SIDE % self.side:
            raise ValueError(f"side: found {self.side}, expected a divisor of {MNIST_SIDE}")
        return self


class ClassPairs(_Stream):
    train_images: Annotated[int, Field(ge=1, le=5000)] = Field(description="Images of each class trained on.")
    test_images: Annotated[int, Field(ge=1, le=800)] = Field(description="Images of each class tested on.")
    channels: list[Several] = Field(description="Output channels of the convolutions, each pooled over 2 x 2.")
    kernels: list[Several] = Field(description="Sides of their kernels.")
    paddings: list[Annotated[int, Field(ge=0)]] = Field(description="Zeros around their inputs.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not len(self.channels) == len(self.kernels) == len(self.paddings):
            raise ValueError(
                f"kernels, paddings: found {len(self.kernels)} and {len(self.paddings)}, "
                f"expected one for each of the {len(self.channels)} channels"
            )
        return self

    def leaves_pixels(self, side: int) -> bool:
        """Whether kernels and pooling leave something of images of so many pixels a side."""
        for kernel, padding in zip(self.kernels, self.paddings, strict=True):
            side = (side + 2 * padding - kernel + 1) // 2
        return side >= 1


class PermutedMnist(_Stream):
    train_images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on in each task.")
    test_images: Annotated[int, Field(ge=2, le=10000)] = Field(description="Images tested on, the first ones.")


class Continual(Section):
    imagenet_directory: UserPath | None = Field(
        None,
        description="Directory of Continual ImageNet, files 0.npy, 1.npy and so on of one class each; "
        "null puts pairs of classes of MNIST and Fashion-MNIST in its place.",
    )
    batch: PositiveInt = Field(description="Images of a minibatch.")
    momentum: Annotated[float, Field(ge=0, lt=1)] = Field(description="Of stochastic gradient descent.")
    initial_bound: PositiveFloat = Field(
        description="Weights begin uniform within this over sqrt(fan-in): 1 is torch's default, 2.45 Kaiming's."
    )
    replacement_rates: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        description="rho of continual backpropagation.", min_length=4
    )
    utility_decay: Annotated[float, Field(ge=0, lt=1)] = Field(description="eta of continual backpropagation.")
    maturity: Annotated[int, Field(ge=0)] = Field(description="Updates for which a new unit is spared.")
    targets: list[Annotated[float, Field(allow_inf_nan=False)]] = Field(
        description="lambda_t of the criticality loss.", min_length=1
    )
    strengths: list[PositiveFloat] = Field(description="alpha of the criticality loss.", min_length=2)
    jacobian_images: Several = Field(description="Images of a minibatch whose exponents enter the criticality loss.")
    measured_images: Several = Field(description="Test images whose exponents are measured when a task ends.")
    tasks_averaged: PositiveInt = Field(
        description="Tasks of a bin, and of the first and last tasks that are compared."
    )
    class_pairs: ClassPairs = Field(description="Pairs of classes, by a network of convolutions.")
    permuted_mnist: PermutedMnist = Field(description="MNIST behind permutations, by a fully connected network.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("replacement_rates", self.replacement_rates)
        require_ascending("strengths", self.strengths)
        if len(self.targets) * len(self.strengths) < 5:
            raise ValueError(
                f"targets, strengths: found {len(self.targets)} and {len(self.strengths)}, "
                "expected at least 5 combinations for a variance between them"
            )
        if self.jacobian_images > self.batch:
            raise ValueError(f"jacobian_images: found {self.jacobian_images}, expected at most batch, {self.batch}")
        side = IMAGENET_SIDE if self.imagenet_directory else self.class_pairs.side
        if not self.class_pairs.leaves_pixels(side):
            raise ValueError(
                f"class_pairs.kernels: found {self.class_pairs.kernels}, expected kernels that leave something of "
                f"{side} x {side} pixels"
            )
        for name, section, images in (
            ("class_pairs", self.class_pairs, 2 * self.class_pairs.train_images),
            ("permuted_mnist", self.permuted_mnist, self.permuted_mnist.train_images),
        ):
            if section.tasks < 2 * self.tasks_averaged:
                raise ValueError(
                    f"tasks_averaged: found {self.tasks_averaged}, expected at most half of {name}.tasks, "
                    f"{section.tasks}"
                )
            if images % self.batch:
                raise ValueError(
                    f"{name}.train_images: found {images} images a task, expected a multiple of batch, {self.batch}"
                )
        return self
