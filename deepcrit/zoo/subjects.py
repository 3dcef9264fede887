"""What is measured: weight sets of torchvision's classifiers, packages, own models, and random controls."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from deepcrit.schemas.dynamics import OWN, PACKAGE, RANDOM, TORCHVISION

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
        keys: ``trained`` and ``controls``, torchvision's names or "all", ``packages``, and ``own_models`` by
            name.

    Raises:
        ValueError: for a name that torchvision has not, with the most similar one.
    """
    models = list(dict.fromkeys(sets["model"]))
    trained = set(_named("trained", keys["trained"], models))
    published = zip(sets["model"], sets["weights"], strict=True)
    return [
        *(Subject(model, weights, TORCHVISION) for model, weights in published if model in trained),
        *(Subject(model, PACKAGED, PACKAGE) for model in keys["packages"]),
        *(Subject(name, OWN, OWN) for name in keys["own_models"]),
        *(Subject(model, RANDOM, RANDOM) for model in _named("controls", keys["controls"], models)),
    ]


def _named(key: str, names: str | Iterable[str], models: list[str]) -> list[str]:
    if names == ALL:
        return models
    for name in names:
        if name not in models:
            nearest = difflib.get_close_matches(name, models, n=1) or models[:1]
            raise ValueError(f"zoo.{key}: found {name!r}, expected names of torchvision, the nearest {nearest[0]!r}")
    return list(names)
