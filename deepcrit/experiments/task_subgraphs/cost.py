"""What it costs to look for critical computational graphs."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, SINGLE, START, TORCH, TORCH_START, Cost
from deepcrit.data.mnist import CLASSES

_PRODUCT = 6e-11  # seconds of an image and a weight
_SEARCHED = 3.5e-9  # seconds of a digit, an image by which its graph grows, and a weight, through all steps
_CANDIDATES = 2e-6  # seconds of a digit, an image and an edge of which the loss is computed
_COUPLED = 3e-8  # seconds of an image, a neuron and a digit at an iteration
_STARTED = 0.2  # seconds of a network
_IMAGE = 6e-3  # MB of an image in single precision, twice
_TEST_IMAGES = 10_000


def find_subgraphs(plan: Any, wildcards: Any) -> Cost:
    """One shard of training runs, network by network."""
    section = plan.config["task_subgraphs"]
    kept, searched, followed = plan.sgd_runs.kept(), plan.task_subgraphs.searched(), plan.task_subgraphs.followed()
    seconds, snapshots, widest = TORCH_START, 0.0, 0
    images = section["images"] + _TEST_IMAGES
    for group in plan.sgd_runs.groups(int(wildcards.shard)):
        snapshots += SINGLE * group.networks * len(kept[group.sample]) * group.weights
        if group.sample not in searched:
            continue
        hidden, widest = group.hidden, max(widest, group.hidden)
        once = _STARTED + images * _PRODUCT * (group.weights + 8 * CLASSES * hidden**2)
        once += CLASSES * section["growing_images"] * (_SEARCHED * hidden**2 + _CANDIDATES * section["candidates"])
        followed_once = section["images"] * (_PRODUCT * group.weights + CLASSES * hidden * _COUPLED)
        times = len(searched[group.sample]), len(followed.get(group.sample, []))
        seconds += group.networks * (times[0] * once + times[1] * followed_once)
    held = images * (_IMAGE + 5e-5 * widest)
    return Cost(seconds, TORCH + 3 * snapshots + held, 0.5, key="task_subgraphs.samples")


def summarise_subgraphs(plan: Any, wildcards: Any) -> Cost:
    """All networks in which graphs were looked for."""
    searched = plan.task_subgraphs.searched()
    networks = sum(group.networks for group in plan.sgd_runs.groups() if group.sample in searched)
    return Cost(START + 8 + 0.1 * networks, LIBRARIES + 200, 2.0, key="task_subgraphs.samples")


COSTS = {"find_subgraphs": find_subgraphs, "summarise_subgraphs": summarise_subgraphs}
