"""qu2022, Fig. 4, 5 and S1: networks, and how they are shared out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deepcrit.core.keys import grid_points

_Network = dict[str, Any]  # alpha, width and number of a network


class ManifoldsPlan:
    """Networks that circles go through, and those in which neighbours are followed, in the same number of shards."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._shards = shards

    def circles(self) -> Mapping[str, Any]:
        """The section of whole circles."""
        found: Mapping[str, Any] = self._section["circles"]
        return found

    def distances(self) -> Mapping[str, Any]:
        """The section of neighbours."""
        found: Mapping[str, Any] = self._section["distances"]
        return found

    def networks_of(self, of: str) -> list[_Network]:
        """All networks of ``circles``, or of ``distances`` with those of other widths."""
        keys = self._section[of]
        if of == "circles":
            return _networks(keys["alphas"], [keys["width"]], keys["networks"])
        grid = keys["alphas"]
        alphas = [round(grid["start"] + step * grid["step"], 12) for step in range(grid_points(**grid))]
        plane = _networks(alphas, [keys["width"]], keys["networks"])
        sizes = _networks([keys["sizes"]["alpha"]], keys["sizes"]["widths"], keys["sizes"]["networks"])
        return [*plane, *(network for network in sizes if network not in plane)]

    def shards_of(self, of: str) -> int:
        """Jobs among which they are shared out."""
        return min(self._shards, len(self.networks_of(of)))

    def networks_in(self, of: str) -> Callable[[Any], list[_Network]]:
        """Parameter function: every n-th network, so that shards are alike; those of the one asked for."""
        return lambda wildcards: self.networks_of(of)[int(wildcards.shard) :: self.shards_of(of)]

    def parts(self, of: str, table: str) -> list[str]:
        """That table of every shard."""
        return [f"results/manifolds/{of}/{shard}.{table}.tsv" for shard in range(self.shards_of(of))]


def _networks(alphas: Sequence[float], widths: Sequence[int], networks: int) -> list[_Network]:
    return [
        {"alpha": alpha, "width": width, "network": network}
        for network in range(networks)
        for width in widths
        for alpha in alphas
    ]
