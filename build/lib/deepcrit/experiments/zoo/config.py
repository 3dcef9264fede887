"""vock2025, Fig. 2 and 3: torchvision's classifiers, and own models beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from deepcrit.core.section import Name, PositiveFloat, PositiveInt, Section, UserPath
from deepcrit.pretrained.names import ClassifierName
from deepcrit.pretrained.own_models import builder_file

ModelNames = Annotated[
    Annotated[Literal["all"], Tag("[all]")] | Annotated[list[ClassifierName], Tag("[names]")],
    Discriminator(
        lambda value: "[all]" if value == "all" else "[names]" if isinstance(value, list) else None,
        custom_error_type="all_or_names",
        custom_error_message="Input should be all, or a list of names",
    ),
]
PHOTOGRAPHS_AT_MOST = 10  # that there are without a directory
Channels = Annotated[list[float], Field(min_length=3, max_length=3)]


class OwnModel(Section):
    builder: str = Field(
        description="module:function, called without arguments for the network; the module is installed or below here."
    )
    checkpoint: UserPath | None = Field(
        None, description="File of its state dict, as torch.save writes it; null if the builder loads its weights."
    )
    inputs: UserPath = Field(
        "photographs",
        description="photographs (or what zoo.imagenet_directory has in their place), a directory of images, or a file "
        "of one floating tensor (inputs, ...) ready to use.",
    )
    size: PositiveInt | None = Field(
        None, description="Side in pixels to which images are resized and cropped; null with a file of inputs."
    )
    mean: Channels = Field([0.0, 0.0, 0.0], description="Taken off red, green and blue, which are 0 to 1.")
    std: Annotated[list[PositiveFloat], Field(min_length=3, max_length=3)] = Field(
        [1.0, 1.0, 1.0], description="By which they are divided then."
    )
    accuracy: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="Top-1 accuracy in %, for the figure; null if not known."
    )
    layers: PositiveInt | None = Field(
        None, description="Layers m in lambda_0 = ln(Lambda_0) / m; null counts modules without parts."
    )

    @model_validator(mode="after")
    def _exists(self) -> Self:
        try:
            builder_file(self.builder)
        except ValueError as error:
            raise ValueError(f"builder: {error}") from None
        if self.checkpoint is not None and not Path(self.checkpoint).is_file():
            raise ValueError(f"checkpoint: found {self.checkpoint!r}, expected a file that exists")
        if self.inputs != "photographs" and not Path(self.inputs).exists():
            raise ValueError(f"inputs: found {self.inputs!r}, expected photographs, or a path that exists")
        if Path(self.inputs).is_file() != (self.size is None):
            expected = "null with a file of inputs" if self.size else "the side of images in pixels"
            raise ValueError(f"size: found {self.size}, expected {expected}")
        return self


class Zoo(Section):
    minimum_models: Annotated[int, Field(ge=10, le=80)] = Field(
        description="Classifiers of which dynamics must be measured before a statistic of them is reported; 80 exist. "
        "Changes between weights need all 28 pairs."
    )
    trained: ModelNames = Field(
        description="Classifiers whose trained weights are measured, every set of them: all, or torchvision's names."
    )
    packages: list[Literal["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]] = Field(
        description="Classifiers whose trained weights come as packages; shown beside the 80, not of them."
    )
    controls: ModelNames = Field(
        description="Classifiers measured with random weights too, which enter no statistic: all, or their names."
    )
    inputs: PositiveInt = Field(description="Images that each network is shown.")
    imagenet_directory: UserPath | None = Field(
        description="Directory with ImageNet's validation images, below it or in folders; null shows photographs."
    )
    tolerance: Annotated[float, Field(gt=0, lt=0.1)] = Field(
        description="Relative error of a largest singular value at which it has converged."
    )
    maximum_products: PositiveInt = Field(
        description="Products with the Jacobian and its transpose after which a singular value is left as it is."
    )
    own_models: dict[Name, OwnModel] = Field(description="Own models beside the 80; docs/your_own_model.md.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.imagenet_directory is None and self.inputs > PHOTOGRAPHS_AT_MOST:
            raise ValueError(
                f"inputs: found {self.inputs}, expected at most {PHOTOGRAPHS_AT_MOST} without imagenet_directory"
            )
        directory = self.imagenet_directory
        if directory is not None and not Path(directory).is_dir():
            raise ValueError(f"imagenet_directory: found {directory!r}, expected a directory that exists")
        for key in ("trained", "packages", "controls"):
            names = getattr(self, key)
            if names != "all" and len(set(names)) < len(names):
                raise ValueError(f"{key}: found {names}, expected each name once")
        return self
