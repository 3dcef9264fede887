"""What the training runs of liu2025 cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost
from deepcrit.experiments.sgd_runs.runs import work_of

EVALUATED = 1.2e-10  # seconds of a weight and image that is classified
DIGITS = 250.0  # MB of all images in single precision
TEST_IMAGES = 10_000


def train_sgd_runs(plan: Any, wildcards: Any) -> Cost:
    """One shard: its groups one after another, of which all snapshots are held when the shard is written."""
    images, kept = plan.config["sgd_runs"]["images"], plan.sgd_runs.kept()
    seconds = written = held = 0.0
    for group in plan.sgd_runs.groups(int(wildcards.shard)):
        parameters = group.networks * group.weights
        seconds += work_of(group.networks, group.hidden, group.batch, group.iterations)
        seconds += EVALUATED * parameters * (images + TEST_IMAGES)
        written += parameters * len(kept[group.sample])
        held = max(held, parameters)
    memory = TORCH + DIGITS + SINGLE * (3 * written + 4 * held)
    return Cost(TORCH_START + seconds, memory, SINGLE * written, key="sgd_runs.samples")


COSTS = {"train_sgd_runs": train_sgd_runs}
