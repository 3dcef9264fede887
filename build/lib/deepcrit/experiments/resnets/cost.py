"""What avalanches in classifiers cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost
from deepcrit.pretrained.classifiers import CLASSIFIERS

_MULTIPLICATION = 2.4e-11  # seconds of one of a forward pass
_DRAWN = 330  # multiplications that take as long as drawing a random weight
_STEM = 0.06  # share of a forward pass in the first layer, which an input that never starts costs
# share of the launched inputs that are followed to about half the depth in eval mode, at n = 0, 1 and above
_FOLLOWED = (0.25, 0.08, 0.01)
_AVALANCHE = 6e-6  # MB of a launched avalanche


def _calibrate_layers(plan: Any, wildcards: Any) -> Cost:
    """One shard of the blocks that calibrate thresholds."""
    case = plan.config["resnets"]["cases"][wildcards.case]
    return _passes(plan, wildcards, "calibration_blocks", case["calibration_inputs"])


def _launch_avalanches(plan: Any, wildcards: Any) -> Cost:
    """One shard of launched blocks: in train mode every input goes to the end, in eval mode ended ones are dropped."""
    case = plan.config["resnets"]["cases"][wildcards.case]
    few, more, *_, most = case["launched"]
    inputs = float(most)
    if case["mode"] == "eval":
        followed = zip(_FOLLOWED, (few, more - few, most - more), strict=True)
        inputs = _STEM * most + sum(share * launched for share, launched in followed)
    disk = _merge_launches(plan, wildcards).disk / plan.resnets.shard_count("blocks")(wildcards)
    return _passes(plan, wildcards, "blocks", inputs)._replace(disk=disk)


def _merge_launches(plan: Any, wildcards: Any) -> Cost:
    """All avalanches of a case and model, written once more."""
    case = plan.config["resnets"]["cases"][wildcards.case]
    return Cost(disk=Cost().disk + _AVALANCHE * case["networks"] * case["blocks"] * sum(case["launched"]))


def _passes(plan: Any, wildcards: Any, stage: str, inputs: float) -> Cost:
    """Forward passes of inputs in every block; keeps a classifier twice, and some maps of the first layers."""
    section, known = plan.config["resnets"], CLASSIFIERS[wildcards.model]
    case, size = section["cases"][wildcards.case], section["image_size"]
    blocks = case["networks"] * case[stage] / plan.resnets.shard_count(stage)(wildcards)
    forward = 1e9 * (known.dense + known.grouped) * (size / 224) ** 2
    weights = 1e6 * known.parameters * min(blocks, case["networks"])
    maps = 5 * 64 * max(case["calibration_inputs"], *case["launched"]) * (size / 2) ** 2
    return Cost(
        TORCH_START + _MULTIPLICATION * (blocks * inputs * forward + _DRAWN * weights),
        TORCH + SINGLE * (2e6 * known.parameters + maps),
        key=f"resnets.cases.{wildcards.case}.launched",
    )


COSTS = {
    "calibrate_layers": _calibrate_layers,
    "count_layers": Cost(7.0, 1100.0),
    "fit_resnets": Cost(6.0),
    "launch_avalanches": _launch_avalanches,
    "merge_launches": _merge_launches,
}
