"""Names of torchvision's classifiers, checked without importing it."""

from __future__ import annotations

import difflib
from typing import Annotated

from pydantic import AfterValidator

from deepcrit.pretrained.classifiers import CLASSIFIERS


def _known(name: str) -> str:
    if name not in CLASSIFIERS:
        nearest = difflib.get_close_matches(name, CLASSIFIERS, n=1) or list(CLASSIFIERS)[:1]
        raise ValueError(f"found {name!r}, expected a classifier of torchvision, the nearest {nearest[0]!r}")
    return name


ClassifierName = Annotated[str, AfterValidator(_known)]
