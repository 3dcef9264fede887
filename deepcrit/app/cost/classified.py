"""Work of torchvision's classifiers: avalanches of signals through them, and the dynamics of whole models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepcrit.app.cost.speed import TORCH_START, Work
from deepcrit.pretrained.classifiers import CLASSIFIERS, Classifier
from deepcrit.pretrained.sources import OWN

if TYPE_CHECKING:
    from deepcrit.app.plan import Plan

PUBLISHED_SIZE = 224
STEM = 0.06  # share of a forward pass in the first layer, which an input that never starts costs
# share of the launched inputs that are followed to about half the depth in eval mode, at n = 0, 1 and above
FOLLOWED = (0.25, 0.08, 0.01)
PRODUCTS = 8  # with J J^T until a singular value has converged, of two passes there and two back
# networks of depthwise convolutions, each multiplication of which costs about ten times as much as in other groups
DEPTHWISE = ("efficientnet", "mnasnet", "mobilenet", "shufflenet")
PACKAGES = {f"efficientnet_lite{size}": f"efficientnet_b{size}" for size in (0, 1, 2)}
UNKNOWN = Classifier(4.0, 0.0, 25.0, 1, 100)  # an own model, about a ResNet-50


def calibrate_layers(plan: Plan, wildcards: Any) -> Work:
    """One shard of the blocks that calibrate thresholds."""
    case = plan.config["resnets"]["cases"][wildcards.case]
    shards = plan.resnets.shard_count("calibration_blocks")(wildcards)
    blocks = case["networks"] * case["calibration_blocks"] / shards
    return _forward(plan, wildcards.model, blocks * case["calibration_inputs"], min(blocks, case["networks"]))


def launch_avalanches(plan: Plan, wildcards: Any) -> Work:
    """One shard of launched blocks: in train mode every input goes to the end, in eval mode ended ones are dropped."""
    case = plan.config["resnets"]["cases"][wildcards.case]
    blocks = case["networks"] * case["blocks"] / plan.resnets.shard_count("blocks")(wildcards)
    few, more, *_, most = case["launched"]
    one = float(most)
    if case["mode"] == "eval":
        followed = zip(FOLLOWED, (few, more - few, most - more), strict=True)
        one = STEM * most + sum(share * inputs for share, inputs in followed)
    return _forward(plan, wildcards.model, blocks * one, min(blocks, case["networks"]))


def _forward(plan: Plan, model: str, passes: float, networks: float) -> Work:
    known = CLASSIFIERS[model]
    pixels = (plan.config["resnets"]["image_size"] / PUBLISHED_SIZE) ** 2
    return {
        "seconds": TORCH_START,
        "convolution": passes * (known.dense + known.grouped) * 1e9 * pixels,
        "drawn_parameter": networks * known.parameters * 1e6,
    }


def measured_classifiers(plan: Plan, shard: int) -> list[tuple[str, Classifier]]:
    """What a job measures, by name, trained weights of torchvision included, which may not be had."""
    named = ((PACKAGES.get(found.model, found.model), found.source) for found in plan.zoo.measured(shard))
    return [(model, UNKNOWN if source == OWN else CLASSIFIERS[model]) for model, source in named]


def fetched_megabytes(plan: Plan) -> float:
    """Trained weights of torchvision that a configuration asks for, in MB."""
    names = plan.config["zoo"]["trained"]
    chosen = CLASSIFIERS.values() if names == "all" else [CLASSIFIERS[name] for name in names if name in CLASSIFIERS]
    return float(sum(known.megabytes for known in chosen))


def jacobians(model: str, known: Classifier, images: float) -> Work:
    """Largest singular values of one classifier at some images: the graph and its products with J and its transpose."""
    passes = 1e9 * images * (2 + 4 * PRODUCTS)
    depthwise = 10.0 if model.startswith(DEPTHWISE) else 1.0
    return {"jacobian": passes * known.dense, "grouped_jacobian": passes * known.grouped * depthwise}


def measure_dynamics(plan: Plan, wildcards: Any) -> Work:
    """One shard of the measured classifiers."""
    total = {"seconds": TORCH_START, "drawn_parameter": 0.0, "jacobian": 0.0, "grouped_jacobian": 0.0}
    for model, known in measured_classifiers(plan, int(wildcards.shard)):
        total["drawn_parameter"] += known.parameters * 1e6
        for operation, count in jacobians(model, known, plan.config["zoo"]["inputs"]).items():
            total[operation] += count
    return total
