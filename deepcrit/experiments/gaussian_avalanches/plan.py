"""ghavasieh2025, Fig. 2: avalanches in Gaussian networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys

# tables of every sampled point, those of the judged sample alone, those of both readings, and those of every width
POINT_TABLES = [
    "densities",
    "exponents",
    "gammas",
    "size_duration",
    "straight_spans",
    "xmin_scan",
]
JUDGED_TABLES = ["alternatives", "collapse_curve", "collapsed_profiles", "goodness"]
READING_TABLES = ["collapses"]
WIDTH_TABLES = {"agreement": "agreement", "offset_scan": "offset_scans"}
# the samples that claims are judged on: offsets shift the variance of weights, or their standard deviation
_READINGS = ["radial", "deviation"]
# what all networks share
_NETWORK = ("depth", "bias_variance", "activation", "input_strength")


class GaussianAvalanchesPlan:
    """Samples and widths; each sample has its own number of shards."""

    def __init__(self, section: Mapping[str, Any], shards: Mapping[str, int]) -> None:
        self._section = section
        self._shards = shards
        self._samples: Mapping[str, Any] = section["samples"]
        self.widths: list[int] = self._samples["radial"]["widths"]

    def sample_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines a sample at one width, as plain leaves of the configuration."""
        sample = self._samples[wildcards.sample]
        return {
            "method": sample["method"],
            "blocks": sample["blocks"],
            "launched": sample["launched_per_block"],
            "inputs": "gaussian",
            "weight_variance": self.weight_variance(wildcards.width, sample["offset_of"]),
            "ensemble": "gaussian",
            "levy_alpha": 2.0,
            **select_keys(self._section, "profile_durations", *_NETWORK),
        }

    def weight_variance(self, width: int | str, offset_of: str = "variance") -> float:
        """That of a width, at its offset from 1, or at the square of a standard deviation that far from 1."""
        shifted = 1.0 + float(self._section["offsets"][int(width)])
        return shifted if offset_of == "variance" else shifted**2

    def published_offsets(self) -> list[float]:
        """Offset of each width, in order."""
        return [self._section["offsets"][width] for width in self.widths]

    def shards(self, wildcards: Any) -> int:
        """Most jobs among which the blocks of a sample are shared out."""
        return self._shards[wildcards.sample]

    def network_keys(self, width: int | str) -> dict[str, Any]:
        """Leaves that define the networks of one width, the weight variance apart."""
        return {"width": int(width), **select_keys(self._section, *_NETWORK)}

    def spec(self, wildcards: Any) -> dict[str, Any]:
        """What defines the networks of one width."""
        return {**self.network_keys(wildcards.width), "weight_variance": self.weight_variance(wildcards.width)}

    def specs_by_reading(self) -> dict[str, list[dict[str, Any]]]:
        """What defines the networks of every width, by what the published offsets are read to shift."""
        return {
            reading: [
                {**self.network_keys(width), "weight_variance": self.weight_variance(width, reading)}
                for width in self.widths
            ]
            for reading in ("variance", "standard deviation")
        }

    def ranges(self) -> dict[str, list[list[float]]]:
        """Ranges of durations, sizes, the regression of one on the other, and profiles, the declared one first."""
        fits = self._section["fits"]
        first = fits["duration_range"][0]
        sizes = [
            [fits["size_range"][0] * (end / first) ** 1.5 for end in pair] for pair in fits["other_duration_ranges"]
        ]
        return {
            "duration": [fits["duration_range"], *fits["other_duration_ranges"]],
            "size": [fits["size_range"], *sizes],
            "gamma": self._section["size_duration"]["ranges"],
            "profile": [self._section["collapse"]["durations"]],
        }

    def samples_at(self, width: int | str) -> list[str]:
        """Names of the samples that include a width, at the weight variance of the exact law."""
        return [
            name
            for name, sample in self._samples.items()
            if int(width) in sample["widths"] and sample["offset_of"] == "variance"
        ]

    def at_widths(self, path: str) -> list[str]:
        """That file of every width of the judged sample, ``{width}`` standing for it."""
        return [f"results/gaussian_avalanches/{path.format(width=width)}" for width in self.widths]

    def at_radial_widths(self, table: str) -> list[str]:
        """That table of the judged sample at every width."""
        return [f"results/gaussian_avalanches/radial/N{width}/{table}" for width in self.widths]

    def reading_points(self) -> list[tuple[str, int]]:
        """Sample and width of every point that claims are judged on, under both readings of the offsets."""
        return [(name, width) for name in _READINGS for width in self._samples[name]["widths"]]

    def at_reading_points(self, table: str) -> list[str]:
        """That table of every such point."""
        return [f"results/gaussian_avalanches/{name}/N{width}/{table}" for name, width in self.reading_points()]

    def parts_of(self, table: str) -> list[str]:
        """What a gathered table is gathered from."""
        if table in WIDTH_TABLES:
            return [f"results/gaussian_avalanches/{WIDTH_TABLES[table]}/N{width}.tsv" for width in self.widths]
        if table in JUDGED_TABLES:
            return self.at_radial_widths(f"{table}.tsv")
        if table in READING_TABLES:
            return self.at_reading_points(f"{table}.tsv")
        samples = self._samples.items()
        return [
            f"results/gaussian_avalanches/{name}/N{width}/{table}.tsv"
            for name, sample in samples
            for width in sample["widths"]
        ]

    def figure_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 2 quotes."""
        launched = {name: keys["blocks"] * keys["launched_per_block"] for name, keys in self._samples.items()}
        return {
            **select_keys(self._section, *_NETWORK),
            **select_keys(self._section["fits"], "duration_range", "size_range", "bin_minimum"),
            "widths": self.widths,
            "offsets": self.published_offsets(),
            "gamma_range": self._section["size_duration"]["ranges"][0],
            "radial_launched": launched["radial"],
            "annealed_launched": launched["annealed"],
            "network_blocks": self._samples["network"]["blocks"],
            "network_inputs": self._samples["network"]["launched_per_block"],
        }
