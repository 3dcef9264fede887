"""ghavasieh2025, Fig. 2: avalanches in Gaussian networks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.section import (
    Activation,
    FloatRange,
    Grid,
    IntRange,
    Name,
    PositiveFloat,
    PositiveInt,
    Section,
    Width,
    require_range,
)


class Sample(Section):
    method: Literal["radial", "annealed", "network"] = Field(
        description="How avalanches are simulated: radial is O(1), annealed O(N), network O(N^2) a layer."
    )
    offset_of: Literal["variance", "standard deviation"] = Field(
        description="What the published offsets shift: the variance of the weights, or their standard deviation."
    )
    widths: list[Width] = Field(description="Widths simulated; each needs an entry in offsets.", min_length=1)
    blocks: Annotated[int, Field(ge=2)] = Field(
        description="Independent blocks of avalanches; for network, the number of networks."
    )
    launched_per_block: Annotated[int, Field(ge=100)] = Field(
        description="Inputs launched in a block; for network, the inputs that share a network."
    )

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len(set(self.widths)) < len(self.widths):
            raise ValueError(f"widths: found {self.widths}, expected each width once")
        return self


class OffsetScan(Section):
    relative_offsets: Grid = Field(description="Offsets scanned, in units of the drift-free offset of that width.")
    ranges: list[IntRange] = Field(
        description="Duration ranges on which straightness is measured; the first is the declared one.", min_length=1
    )

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        for pair in self.ranges:
            require_range("ranges", pair)
        return self


class ScanLongest(Section):
    duration: PositiveInt = Field(description="Upper end of duration ranges in scans of xmin.")
    size: PositiveFloat = Field(description="Upper end of size ranges in scans of xmin, in units of 1/sqrt(N).")


class Fits(Section):
    duration_range: IntRange = Field(description="[xmin, xmax] of duration fits, in layers.")
    size_range: FloatRange = Field(description="[xmin, xmax] of size fits, in units of 1/sqrt(N).")
    other_duration_ranges: list[IntRange] = Field(
        description="More ranges of durations, which intervals of exponents span; those of sizes go with them."
    )
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Confidence level of intervals.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks or blocks.")
    scan_candidates: Annotated[int, Field(ge=2)] = Field(description="Log-spaced candidates in scans of xmin.")
    scan_longest: ScanLongest = Field(description="Upper ends in scans of xmin.")
    straight_within: Annotated[list[Annotated[float, Field(gt=0, lt=1)]], Field(min_length=2, max_length=2)] = Field(
        description="A strict and a loose limit to what local exponents of a straight distribution differ from their "
        "middle."
    )
    goodness_subsamples: list[Annotated[int, Field(ge=100)]] = Field(
        description="Subsample sizes of the goodness-of-fit test.", min_length=1
    )
    goodness_synthetic: Annotated[int, Field(ge=20)] = Field(description="Synthetic samples in that test.")
    goodness_repeats: PositiveInt = Field(description="Subsamples of each size in that test.")
    goodness_level: Annotated[float, Field(gt=0, lt=1)] = Field(description="p below which the power law is rejected.")
    lower_end_quantile: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Quantile of sizes that stands for the lower end of their distribution."
    )
    bin_minimum: PositiveInt = Field(description="Least number of avalanches in a bin of a density.")

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        require_range("duration_range", self.duration_range)
        require_range("size_range", self.size_range)
        for pair in self.other_duration_ranges:
            require_range("other_duration_ranges", pair)
        return self


class SizeDuration(Section):
    ranges: list[IntRange] = Field(
        description="Duration ranges of the regression of size on duration; the first is the declared one.",
        min_length=1,
    )
    minimum_counts: list[Annotated[int, Field(ge=2)]] = Field(
        description="Fewest avalanches of a duration that enters the regression; the first is the declared one.",
        min_length=1,
    )
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks or blocks.")

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        for pair in self.ranges:
            require_range("ranges", pair)
        return self


class Collapse(Section):
    durations: IntRange = Field(description="Shortest and longest duration collapsed, in layers.")
    grid_points: Annotated[int, Field(ge=10)] = Field(description="Points of the common grid of u = layer / duration.")
    exponents: Grid = Field(description="Trial exponents.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks or blocks.")

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        require_range("durations", self.durations)
        return self


class GaussianAvalanches(Section):
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    bias_variance: Annotated[float, Field(ge=0)] = Field(description="sb2.")
    activation: Activation = Field(description="phi.")
    input_strength: PositiveFloat = Field(description="Norm of the input, and over sqrt(N) the avalanche threshold.")
    offsets: dict[Width, Annotated[float, Field(gt=-1)]] = Field(
        description="Weight variance minus one at each width, or standard deviation minus one, as a sample reads it."
    )
    profile_durations: IntRange = Field(description="Shortest and longest duration whose mean profiles are kept.")
    samples: dict[Name, Sample] = Field(description="Named samples of avalanches.", min_length=1)
    offset_scan: OffsetScan = Field(description="Scan for the offset that makes distributions straightest.")
    fits: Fits = Field(description="Power-law fits.")
    size_duration: SizeDuration = Field(description="Regression of size on duration.")
    collapse: Collapse = Field(description="Shape collapse.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, sample in self.samples.items():
            missing = [width for width in sample.widths if width not in self.offsets]
            if missing:
                raise ValueError(f"offsets: found none for width {missing[0]} of samples.{name}, expected one")
        for name in ("radial", "annealed", "network", "deviation"):
            if name not in self.samples:
                raise ValueError(f"samples: found {sorted(self.samples)}, expected one named {name}")
        if len(self.samples["radial"].widths) < 4:
            raise ValueError(
                f"samples.radial.widths: found {self.samples['radial'].widths}, "
                "expected at least 4 widths to extrapolate three parameters"
            )
        require_range("profile_durations", self.profile_durations)
        inner, outer = self.collapse.durations, self.profile_durations
        if inner[0] < outer[0] or inner[1] > outer[1]:
            raise ValueError(f"collapse.durations: found {inner}, expected a range within profile_durations {outer}")
        longest = {
            "profile_durations": outer[1],
            "fits.duration_range": self.fits.duration_range[1],
            "fits.other_duration_ranges": max((pair[1] for pair in self.fits.other_duration_ranges), default=1),
            "fits.scan_longest.duration": self.fits.scan_longest.duration,
            "size_duration.ranges": max(pair[1] for pair in self.size_duration.ranges),
            "offset_scan.ranges": max(pair[1] for pair in self.offset_scan.ranges),
        }
        for key, found in longest.items():
            if found >= self.depth:
                raise ValueError(f"{key}: found {found}, expected less than the depth {self.depth}")
        return self
