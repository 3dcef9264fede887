"""vock2025, Fig. 1: networks of uniform weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys


class UniformNetworksPlan:
    """Networks of several widths, as many neurons of each."""

    def __init__(self, section: Mapping[str, Any]) -> None:
        self._section = section

    def spec(self, *keys: str) -> dict[str, Any]:
        """What defines all networks, and ``keys`` besides."""
        return select_keys(self._section, "depth", "half_width", "amplitude", "steepness", *keys)

    def networks_of(self, width: int) -> int:
        """Networks of one width."""
        return max(1, int(self._section["neurons"] // width))

    def parts(self, table: str) -> list[str]:
        """That table of every width."""
        return [f"results/uniform_networks/N{width}/{table}.tsv" for width in self._section["widths"]]
