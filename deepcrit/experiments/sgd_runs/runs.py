"""Which networks are trained, and which of them side by side."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from itertools import groupby, product
from typing import Any

from deepcrit.core.keys import grid_points
from deepcrit.core.seeds import seed_key
from deepcrit.data.mnist import CLASSES, SIDE
from deepcrit.training.parts import even_parts

INPUTS = SIDE * SIDE
MOST_TOGETHER = 32  # networks side by side, above which there is nothing to be gained
ALIKE = ("sample", "hidden", "activation", "batch")  # what networks have in common that are trained side by side
# seconds of a step, of a network in it, and of a weight and image, of which the work of a group is made
_STEP, _NETWORK, _PRODUCT = 2e-4, 2.5e-5, 4.5e-11


def runs_of(section: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """One row a network, columns of schema ``runs``; seeds belong to width and number, so that settings are paired.

    Args:
        section: ``sgd_runs`` of the configuration.
        seed: root of all.
    """
    return [row for name, sample in section["samples"].items() for row in _of_sample(section, name, sample, seed)]


def _of_sample(section: Mapping[str, Any], name: str, sample: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    def chosen(key: str, several: str) -> list[Any]:
        return sample.get(several) or [section[key]]

    grid, rows = sample.get("log_mobilities"), []
    for hidden, activation, batch, initialisation in product(
        sample["hidden"],
        chosen("activation", "activations"),
        chosen("batch", "batches"),
        chosen("initialisation", "initialisations"),
    ):
        rates = chosen("learning_rate", "learning_rates")
        if grid:
            points = grid_points(grid["start"], grid["stop"], grid["step"])
            rates = [batch * math.exp(grid["start"] + grid["step"] * point) for point in range(points)]
        several = sum(
            value != section[key]
            for key, value in (("activation", activation), ("batch", batch), ("initialisation", initialisation))
        )
        if sample.get("apart"):
            rates = [rate for rate in rates if several + (rate != section["learning_rate"]) <= 1]
        for rate, number in product(rates, range(sample["seeds"])):
            rows.append(
                {
                    "run": f"{name}_h{hidden}_{activation}_{initialisation}_b{batch}_lr{rate:.6g}_s{number}",
                    "sample": name,
                    "hidden": hidden,
                    "neurons": 2 * hidden + CLASSES,
                    "activation": activation,
                    "initialisation": initialisation,
                    "learning_rate": rate,
                    "batch": batch,
                    "log_mobility": math.log(rate / batch),
                    "shuffled": sample.get("shuffled", False),
                    "seed": number,
                    "biased": section["biased"],
                    "seed_key": seed_key(seed, "sgd_runs", f"h{hidden}", number),
                    "iterations": sample["iterations"][-1],
                }
            )
    return rows


def kept_iterations(sample: Mapping[str, Any]) -> list[int]:
    """Iterations at which networks of a sample are kept, ascending: those asked for, those that follow, and windows.

    Nothing follows the last one that is asked for: there the flux is that from the iteration before.
    """
    last = sample["iterations"][-1]
    following = {flux + 1 if flux < last else flux - 1 for flux in sample["flux_iterations"]}
    windows = {
        iteration
        for window in sample.get("windows") or []
        for iteration in range(window["start"], window["stop"] + 1, window["step"])
    }
    return sorted({*sample["iterations"], *sample["flux_iterations"], *following, *windows})


def trained_side_by_side(rows: Sequence[Mapping[str, Any]], together: int = MOST_TOGETHER) -> list[list[int]]:
    """Places of networks that are trained side by side, at most ``together`` of them, each group one list."""
    groups = []
    for _, places in groupby(range(len(rows)), key=lambda place: [rows[place][name] for name in ALIKE]):
        alike, start = list(places), 0
        for size in even_parts(len(alike), together):
            groups.append(alike[start : start + size])
            start += size
    return groups


def work_of(networks: int, hidden: int, batch: int, iterations: int) -> float:
    """Seconds, about, of a group of networks through all its iterations."""
    weights = hidden * (INPUTS + 1.5 * (hidden + CLASSES))
    return iterations * (_STEP + networks * (_NETWORK + _PRODUCT * batch * weights))


def dealt_groups(
    rows: Sequence[Mapping[str, Any]], shard: int, shards: int, together: int = MOST_TOGETHER
) -> list[list[int]]:
    """Groups of one shard: those of most work first, each to the shard that has least of it."""
    groups = trained_side_by_side(rows, together)
    work = [
        work_of(len(group), *(rows[group[0]][key] for key in ("hidden", "batch", "iterations"))) for group in groups
    ]
    heap, dealt = [(0.0, number) for number in range(shards)], []
    for place in sorted(range(len(groups)), key=lambda place: -work[place]):
        least, number = heapq.heappop(heap)
        heapq.heappush(heap, (least + work[place], number))
        if number == shard:
            dealt.append(place)
    return [groups[place] for place in sorted(dealt)]
