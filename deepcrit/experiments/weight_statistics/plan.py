"""liu2025, Fig. 4: which networks are looked at, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class WeightStatisticsPlan:
    """Parts of what is measured, one for every shard of training runs."""

    def __init__(self, section: Mapping[str, Any], samples: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._samples = samples
        self._shards = shards

    def ends(self) -> dict[str, int]:
        """Iterations at which training of the samples ends.

        Raises:
            ValueError: for a sample that is not trained.
        """
        names = {key: self._section[key] for key in ("followed", "plane")}
        for key, name in names.items():
            if name not in self._samples:
                raise ValueError(
                    f"weight_statistics.{key}: found {name!r}, expected a sample of sgd_runs, {[*self._samples]}"
                )
        return {name: self._samples[name]["iterations"][-1] for name in names.values()}

    def window(self) -> list[int]:
        """Iterations of the last window of the sample that is followed.

        Raises:
            ValueError: for a sample without one.
        """
        windows = self._samples[self._section["followed"]].get("windows")
        if not windows:
            raise ValueError(
                f"weight_statistics.followed: found {self._section['followed']!r}, expected a sample with windows"
            )
        return list(range(windows[-1]["start"], windows[-1]["stop"] + 1, windows[-1]["step"]))

    def parts(self, kind: str) -> list[str]:
        """Tables of all shards: ``shapes``, ``statistics`` or ``curves``."""
        return [f"results/weight_statistics/shards/{shard}.{kind}.parquet" for shard in range(self._shards)]
