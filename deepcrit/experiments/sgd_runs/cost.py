"""What the training runs of liu2025 cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import SINGLE, TORCH, TORCH_START, Cost
from deepcrit.experiments.sgd_runs.runs import INPUTS, dealt_groups, runs_of, work_of

EVALUATED = 1.2e-10  # seconds of a weight and image that is classified
DIGITS = 250.0  # MB of all images in single precision
TEST_IMAGES = 10_000


def train_sgd_runs(plan: Any, wildcards: Any) -> Cost:
    """One shard: its groups one after another, of which all snapshots are held when the shard is written."""
    section = plan.config["sgd_runs"]
    rows, kept = runs_of(section, plan.config["seed"]), plan.sgd_runs.kept()
    seconds = written = held = 0.0
    for group in dealt_groups(rows, int(wildcards.shard), plan.sgd_runs.shards):
        first, networks = rows[group[0]], len(group)
        weights = first["hidden"] * (INPUTS + first["hidden"] + 12) + 10
        seconds += work_of(networks, first["hidden"], first["batch"], first["iterations"])
        seconds += EVALUATED * networks * weights * (section["images"] + TEST_IMAGES)
        written += networks * len(kept[first["sample"]]) * weights
        held = max(held, networks * weights)
    return Cost(
        TORCH_START + seconds, TORCH + DIGITS + SINGLE * (3 * written + 4 * held), SINGLE * written,
        key="sgd_runs.samples",
    )  # fmt: skip


COSTS = {"train_sgd_runs": train_sgd_runs}
