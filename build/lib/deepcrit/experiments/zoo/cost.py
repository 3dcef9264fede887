"""What the dynamics of whole classifiers cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import TORCH_START, Cost
from deepcrit.pretrained.classifiers import CLASSIFIERS, Classifier
from deepcrit.pretrained.sources import OWN, TORCHVISION

_MULTIPLICATION = 2.6e-11  # seconds of one of a pass of a product with a Jacobian
_GROUPED = 15  # multiplications that take as long as one of a grouped convolution, and ten times as many in DEPTHWISE
_DEPTHWISE = ("efficientnet", "mnasnet", "mobilenet", "shufflenet")
_PASSES = 34  # two for the graph, four a product with J J^T, eight of which are assumed until a value has converged
_DRAWN = 8e-9  # seconds of a random weight
PACKAGES = {f"efficientnet_lite{size}": f"efficientnet_b{size}" for size in (0, 1, 2)}
_UNKNOWN = Classifier(4.0, 0.0, 25.0, 1, 100)  # an own model, about a ResNet-50
_LARGE, _LARGEST, _USUAL = (
    300.0,
    21_000.0,
    3_700.0,
)  # 1e6 parameters, and MB: a vision transformer on 518 pixels; others


def _measure_dynamics(plan: Any, wildcards: Any) -> Cost:
    """One job of measured classifiers: largest singular values of their Jacobians; keeps the largest graph."""
    seconds = largest = fetched = 0.0
    for subject in plan.zoo.measured(int(wildcards.shard)):
        model = PACKAGES.get(subject.model, subject.model)
        known = _UNKNOWN if subject.source == OWN else CLASSIFIERS[model]
        grouped = _GROUPED * (10 if model.startswith(_DEPTHWISE) else 1) * known.grouped
        passes = _PASSES * plan.config["zoo"]["inputs"]
        seconds += _MULTIPLICATION * 1e9 * passes * (known.dense + grouped) + _DRAWN * 1e6 * known.parameters
        largest = max(largest, known.parameters)
        fetched += known.megabytes / known.sets if subject.source == TORCHVISION else 0.0
    return Cost(TORCH_START + seconds, _LARGEST if largest > _LARGE else _USUAL, Cost().disk + fetched, "zoo.trained")


def named(chosen: str | list[str]) -> list[str]:
    """Names of torchvision's classifiers that a key asks for."""
    return list(CLASSIFIERS) if chosen == "all" else list(chosen)


COSTS = {"choose_images": Cost(5.0), "list_models": Cost(9.0, 780.0), "measure_dynamics": _measure_dynamics}
