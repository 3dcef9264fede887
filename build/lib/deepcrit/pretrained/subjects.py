"""What is measured: weight sets of torchvision's classifiers, packages, own models, and random controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from deepcrit.pretrained.sources import OWN, PACKAGE, RANDOM, TORCHVISION

ALL = "all"
PACKAGED = "IMAGENET1K"


class Subject(NamedTuple):
    """One network: its name, the name of its weights, and where these are from (schema ``dynamics``)."""

    model: str
    weights: str
    source: str


def subjects(published: Iterable[tuple[str, str]], keys: Mapping[str, Any]) -> list[Subject]:
    """Every network that a configuration asks for, in one order.

    Args:
        published: classifiers of torchvision and names of their weights, every set of them.
        keys: of the checked configuration: ``trained`` and ``controls``, torchvision's names or "all", ``packages``,
            and ``own_models`` by name.
    """
    published = list(published)
    models = list(dict.fromkeys(model for model, _ in published))
    trained, controls = (models if keys[key] == ALL else keys[key] for key in ("trained", "controls"))
    return [
        *(Subject(model, weights, TORCHVISION) for model, weights in published if model in trained),
        *(Subject(model, PACKAGED, PACKAGE) for model in keys["packages"]),
        *(Subject(name, OWN, OWN) for name in keys["own_models"]),
        *(Subject(model, RANDOM, RANDOM) for model in controls),
    ]


def dealt(chosen: Sequence[Subject], shards: int) -> list[list[Subject]]:
    """Subjects of every job: in turn, so that none has all the large ones.

    Own models have a job to themselves, beyond the shards, which asks for what they need and not for what the largest
    classifiers do.
    """
    own = [subject for subject in chosen if subject.source == OWN]
    others = [subject for subject in chosen if subject.source != OWN]
    return [*(others[shard::shards] for shard in range(shards)), *([own] if own else [])]
