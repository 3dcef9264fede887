"""Straightness of the exact distribution of durations against the offset of the weight variance, at one width."""

from typing import Any

import numpy as np

from deepcrit.avalanches.offsets import drift_free_weight_variance, scan_offsets
from deepcrit.avalanches.schemas import OFFSET_SCAN
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    table: str, spec: dict[str, Any], relative: dict[str, float], ranges: list[list[int]], published: float | None
) -> None:
    """Scan offsets relative to the drift-free one, and the published offset itself where there is one."""
    network = NetworkSpec(**spec, weight_variance=1.0)
    unit = drift_free_weight_variance(network.activation, network.width) - 1.0
    steps = round((relative["stop"] - relative["start"]) / relative["step"])
    offsets = unit * np.linspace(relative["start"], relative["stop"], steps + 1)
    if published is not None:
        offsets = np.unique(np.append(offsets, published))
    write_tsv(scan_offsets(network, offsets.tolist(), [(low, high) for low, high in ranges]), table, OFFSET_SCAN)


if "snakemake" in globals():
    run(main, snakemake)
