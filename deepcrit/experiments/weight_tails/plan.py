"""qu2022, Fig. 1a to 1c: which networks are read by which job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepcrit.core.keys import select_keys
from deepcrit.experiments.weight_tails.networks import OWN_SUFFIXES


class WeightTailsPlan:
    """Networks, and the jobs among which they are dealt out."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self.shards = shards

    def measured(self) -> dict[str, Any]:
        """Which networks are measured, and how."""
        keys = ("networks", "packages", "shapiro_entries", "null_draws", "goodness_replicates")
        return {"directory": self._section["directory"] or "", **select_keys(self._section, *keys)}

    def own_files(self) -> list[str]:
        """WeightFiles of one's own weights, whose change makes what was measured of them stale."""
        directory = self._section["directory"]
        if directory is None:
            return []
        return sorted(str(path) for path in Path(directory).iterdir() if path.suffix in OWN_SUFFIXES)

    def parts(self, table: str) -> list[str]:
        """That table of every shard."""
        return [f"results/weight_tails/shards/{shard}.{table}.parquet" for shard in range(self.shards)]

    def levels(self) -> dict[str, Any]:
        """What counts as heavy, as rejected, and where the band is open."""
        return {
            **select_keys(self._section, "heavy_below", "normality_level"),
            "open_end": self._section["band_gains"]["stop"],
        }

    def figure_parameters(self) -> dict[str, Any]:
        """What the figure and its caption quote."""
        return select_keys(self._section, "heavy_below", "null_draws", "band_gains")
