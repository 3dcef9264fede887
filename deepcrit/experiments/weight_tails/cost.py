"""What measuring weights costs."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import TORCH_START, Cost
from deepcrit.experiments.weight_tails.networks import NAMED_TENSORS, PACKAGED_SIZES
from deepcrit.pretrained.classifiers import CLASSIFIERS

TENSOR = 0.03  # seconds of a tensor, however small, once
REPLICATE = 0.0025  # of both tests of one replicate
ENTRY = 1.4e-7  # of an entry that the Shapiro-Wilk test sees
PASSED = 4e-9  # of any entry, once
LARGEST = 1_900.0  # MB: AlexNet's largest matrix, and the file that it is in
USUAL = 900.0


def measure_tensors(plan: Any, wildcards: Any) -> Cost:
    """One job of networks, a share of all alike; weights of torchvision's are counted as if they were there."""
    section = plan.config["weight_tails"]
    named = [CLASSIFIERS[name].parameters for name in section["networks"]]
    packaged = [PACKAGED_SIZES[name] for name in section["packages"]]
    entries = 1e6 * (sum(named) + sum(size for size, _ in packaged))
    tensors = sum(NAMED_TENSORS[name] for name in section["networks"]) + sum(count for _, count in packaged)
    draws = 1 + section["null_draws"]
    seen = min(entries, tensors * section["shapiro_entries"])
    seconds = draws * (TENSOR * tensors + PASSED * entries + ENTRY * seen)
    seconds += REPLICATE * section["goodness_replicates"] * tensors
    fetched = sum(CLASSIFIERS[name].megabytes for name in section["networks"]) + sum(4 * size for size, _ in packaged)
    shards = plan.weight_tails.shards
    memory = LARGEST if section["networks"] else USUAL
    return Cost(TORCH_START + seconds / shards, memory, fetched / shards, "weight_tails.packages")


COSTS = {
    "bin_example": Cost(TORCH_START + 2.0, USUAL),
    "list_architectures": Cost(7.0, 700.0),
    "measure_tensors": measure_tensors,
    "locate_band": Cost(12.0),
}
