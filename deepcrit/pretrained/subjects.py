"""What is measured: weight sets of torchvision's classifiers, packages, own models, and random controls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from deepcrit.pretrained.sources import OWN, PACKAGE, RANDOM, TORCHVISION

ALL = "all"
PACKAGED = "IMAGENET1K"


class Subject(NamedTuple):
    """One network: its name, the name of its weights, and where these are from (schema ``dynamics``)."""

    model: str
    weights: str
    source: str


def subjects(sets: pd.DataFrame, keys: Mapping[str, Any]) -> list[Subject]:
    """Every network that a configuration asks for, in one order.

    Args:
        sets: schema ``weight_sets``.
        keys: of the checked configuration: ``trained`` and ``controls``, torchvision's names or "all", ``packages``,
            and ``own_models`` by name.
    """
    models = list(dict.fromkeys(sets["model"]))
    trained, controls = (models if keys[key] == ALL else keys[key] for key in ("trained", "controls"))
    published = zip(sets["model"], sets["weights"], strict=True)
    return [
        *(Subject(model, weights, TORCHVISION) for model, weights in published if model in trained),
        *(Subject(model, PACKAGED, PACKAGE) for model in keys["packages"]),
        *(Subject(name, OWN, OWN) for name in keys["own_models"]),
        *(Subject(model, RANDOM, RANDOM) for model in controls),
    ]
