"""vock2025, Fig. 2 and 3: torchvision's classifiers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from deepcrit.config.section import Section


class Zoo(Section):
    least_models: Annotated[int, Field(ge=10, le=80)] = Field(
        description="Classifiers of which dynamics must be measured before a statistic of them is reported; 80 exist."
    )
