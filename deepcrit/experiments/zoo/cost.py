"""What the dynamics of whole classifiers cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deepcrit.core.cost import TORCH_START, Cost
from deepcrit.pretrained.classifiers import CLASSIFIERS, Classifier

MULTIPLICATION = 2.6e-11  # seconds of one of a pass of a product with a Jacobian
GROUPED = 15  # multiplications that take as long as one of a grouped convolution, and ten times as many in DEPTHWISE
DEPTHWISE = ("efficientnet", "mnasnet", "mobilenet", "shufflenet")
PASSES = 34  # two for the graph, four a product with J J^T, eight of which are assumed until a value has converged
DRAWN = 8e-9  # seconds of a random weight
PACKAGES = {"efficientnet_lite0": "efficientnet_b0", "efficientnet_lite2": "efficientnet_b2"}
UNKNOWN = Classifier(4.0, 0.0, 25.0, 1, 100)  # an own model, about a ResNet-50
LARGE, LARGEST, USUAL = 300.0, 21_000.0, 3_700.0  # 1e6 parameters, and MB: a vision transformer on 518 pixels; others


def measured_classifiers(plan: Any) -> Iterator[tuple[str, Classifier, int]]:
    """Classifiers that are measured, each with so many sets of weights, trained ones that cannot be had included."""
    section = plan.config["zoo"]
    for name in _names(section["trained"]):
        yield name, CLASSIFIERS[name], CLASSIFIERS[name].sets
    for name in section["packages"]:
        yield PACKAGES[name], CLASSIFIERS[PACKAGES[name]], 1
    for name in plan.zoo.own_models:
        yield name, UNKNOWN, 1
    for name in _names(section["controls"]):
        yield name, CLASSIFIERS[name], 1


def measure_dynamics(plan: Any, wildcards: Any) -> Cost:
    """One shard of the measured classifiers: largest singular values of their Jacobians; keeps the largest graph."""
    seconds = largest = 0.0
    for model, known, sets in measured_classifiers(plan):
        grouped = GROUPED * (10 if model.startswith(DEPTHWISE) else 1) * known.grouped
        passes = PASSES * plan.config["zoo"]["inputs"]
        seconds += sets * (MULTIPLICATION * 1e9 * passes * (known.dense + grouped) + DRAWN * 1e6 * known.parameters)
        largest = max(largest, known.parameters)
    trained = _names(plan.config["zoo"]["trained"])
    fetched = sum(CLASSIFIERS[name].megabytes for name in trained)
    return Cost(
        TORCH_START + seconds / plan.zoo.shards,
        LARGEST if largest > LARGE else USUAL,
        Cost().disk + fetched / plan.zoo.shards,
        "zoo.trained" if trained else "zoo.controls",
    )


def _names(chosen: str | list[str]) -> list[str]:
    """Names of torchvision's classifiers that a key asks for."""
    return list(CLASSIFIERS) if chosen == "all" else list(chosen)


COSTS = {"choose_images": Cost(5.0), "list_models": Cost(9.0, 780.0), "measure_dynamics": measure_dynamics}
