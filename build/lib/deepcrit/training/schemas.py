"""Networks as they were at some iterations of their training."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema

SNAPSHOTS = Schema(
    "snapshots",
    (
        Column("run", "text", "name of the network"),
        Column("iteration", "int64", "minibatches trained on before"),
        Column("parameters", "singles", "weights of a layer, row by row of fan-in, its biases, and so on upwards"),
    ),
)
