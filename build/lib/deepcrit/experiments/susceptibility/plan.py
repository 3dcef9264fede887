"""ghavasieh2025, Fig. 3d and 3e: mean sizes over planes of weight and bias variances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import grid_points, select_keys


class SusceptibilityPlan:
    """The published plane, and that of the networks that are trained, at finer steps."""

    def __init__(self, section: Mapping[str, Any], trained: Mapping[str, Any], shards: int) -> None:
        self._section = section
        finer = section["trained"]
        self.planes: dict[str, dict[str, Any]] = {
            "published": dict(section["published"]),
            "trained": {
                **select_keys(trained, "width", "depth", "log_bias_variances"),
                "weight_variances": {**trained["weight_variances"], "step": finer["step"]},
                "bandwidth": finer["bandwidth"],
            },
        }

        # a shard needs a point
        self.shards = min(shards, *(self.points(network) for network in self.planes))

    def points(self, network: str) -> int:
        """Points of one plane."""
        plane = self.planes[network]
        return grid_points(**plane["weight_variances"]) * (len(plane["log_bias_variances"]) + 1)

    def shapes(self) -> dict[str, dict[str, int]]:
        """Width and depth of the networks of each plane."""
        return {name: select_keys(plane, "width", "depth") for name, plane in self.planes.items()}

    def network(self, wildcards: Any) -> dict[str, Any]:
        """What defines the networks of one plane, variances apart."""
        shape = self.shapes()[wildcards.network]
        return {"name": wildcards.network, **shape, **select_keys(self._section, "activation", "input_strength")}

    def grid(self, wildcards: Any) -> dict[str, Any]:
        """The weight and bias variances of one plane."""
        return select_keys(self.planes[wildcards.network], "weight_variances", "log_bias_variances")

    def bandwidths(self) -> dict[str, float]:
        """Half width of the local regression of each plane."""
        return {name: plane["bandwidth"] for name, plane in self.planes.items()}

    def parts(self, table: str) -> list[str]:
        """That table of every shard of every plane."""
        return [
            f"results/susceptibility/{network}/shards/{shard}.{table}"
            for network in self.planes
            for shard in range(self.shards)
        ]

    def figure_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 3d and 3e quotes."""
        quoted = ("activation", "input_strength", "blocks", "launched_per_block", "minimum_avalanches")
        return {**self.planes["published"], **select_keys(self._section, *quoted)}
