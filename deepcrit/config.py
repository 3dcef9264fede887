"""The configuration: one typed, documented source for every key.

Unknown keys, wrong types, values out of range and contradictions stop the run before the first job, with a message
that names the key, what was found and what was expected.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

PositiveInt = Annotated[int, Field(ge=1)]
Width = Annotated[int, Field(ge=4, le=1_000_000)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Activation = Literal["tanh", "relu", "linear"]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
TRAININGS = ("trained_plane", "trained_widths", "retests")
# keys that change how the work is done and not what is computed
EXECUTION_KEYS = ("execution", "mnist", "scale", "trained_weights")


class ConfigError(ValueError):
    """A configuration that cannot be run."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Mnist(Section):
    local_directory: str | None = Field(
        None, description="Directory that holds the four idx files, raw or gzipped; null downloads them."
    )
    timeout: PositiveFloat = Field(5.0, description="Seconds after which a source that does not answer is given up.")


class Grid(Section):
    start: float = Field(description="First value.")
    stop: float = Field(description="Last value, included.")
    step: PositiveFloat = Field(description="Step between values.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.stop:
            raise ValueError(f"found start {self.start} >= stop {self.stop}, expected start < stop")
        if self.step > self.stop - self.start:
            raise ValueError(f"found step {self.step}, expected at most stop - start = {self.stop - self.start}")
        return self


def _require_range(key: str, found: list[int] | list[float]) -> None:
    if found[0] >= found[1]:
        raise ValueError(f"{key}: found [{found[0]}, {found[1]}], expected xmin < xmax")


IntRange = Annotated[list[PositiveInt], Field(min_length=2, max_length=2)]
FloatRange = Annotated[list[PositiveFloat], Field(min_length=2, max_length=2)]


class Sample(Section):
    method: Literal["radial", "annealed", "network"] = Field(
        description="How avalanches are simulated: radial is O(1), annealed O(N), network O(N^2) a layer."
    )
    widths: list[Width] = Field(description="Widths simulated; each needs an entry in offsets.", min_length=1)
    blocks: PositiveInt = Field(description="Independent blocks of avalanches; for network, the number of networks.")
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
            _require_range("ranges", pair)
        return self


class ScanLongest(Section):
    duration: PositiveInt = Field(description="Upper end of duration ranges in scans of xmin.")
    size: PositiveFloat = Field(description="Upper end of size ranges in scans of xmin, in units of 1/sqrt(N).")


class Fits(Section):
    duration_range: IntRange = Field(description="[xmin, xmax] of duration fits, in layers.")
    size_range: FloatRange = Field(description="[xmin, xmax] of size fits, in units of 1/sqrt(N).")
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Confidence level of intervals.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks or blocks.")
    scan_candidates: Annotated[int, Field(ge=2)] = Field(description="Log-spaced candidates in scans of xmin.")
    scan_longest: ScanLongest = Field(description="Upper ends in scans of xmin.")
    straight_ks: Annotated[float, Field(gt=0, lt=1)] = Field(description="Largest KS distance called straight.")
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
        _require_range("duration_range", self.duration_range)
        _require_range("size_range", self.size_range)
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
            _require_range("ranges", pair)
        return self


class Collapse(Section):
    durations: IntRange = Field(description="Shortest and longest duration collapsed, in layers.")
    grid_points: Annotated[int, Field(ge=10)] = Field(description="Points of the common grid of u = layer / duration.")
    exponents: Grid = Field(description="Trial exponents.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of networks or blocks.")

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        _require_range("durations", self.durations)
        return self


class GaussianAvalanches(Section):
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    bias_variance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(description="sb2.")
    activation: Activation = Field(description="phi.")
    input_strength: PositiveFloat = Field(description="Norm of the input, and over sqrt(N) the avalanche threshold.")
    offsets: dict[Width, Annotated[float, Field(gt=-1, allow_inf_nan=False)]] = Field(
        description="Weight variance minus one at each width."
    )
    profile_durations: IntRange = Field(description="Shortest and longest duration whose mean profiles are kept.")
    samples: dict[Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")], Sample] = Field(
        description="Named samples of avalanches.", min_length=1
    )
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
        for name in ("radial", "annealed", "network"):
            if name not in self.samples:
                raise ValueError(f"samples: found {sorted(self.samples)}, expected one named {name}")
        if len(self.samples["radial"].widths) < 4:
            raise ValueError(
                f"samples.radial.widths: found {self.samples['radial'].widths}, "
                "expected at least 4 widths to extrapolate three parameters"
            )
        _require_range("profile_durations", self.profile_durations)
        inner, outer = self.collapse.durations, self.profile_durations
        if inner[0] < outer[0] or inner[1] > outer[1]:
            raise ValueError(f"collapse.durations: found {inner}, expected a range within profile_durations {outer}")
        longest = {
            "profile_durations": outer[1],
            "fits.duration_range": self.fits.duration_range[1],
            "fits.scan_longest.duration": self.fits.scan_longest.duration,
            "size_duration.ranges": max(pair[1] for pair in self.size_duration.ranges),
            "offset_scan.ranges": max(pair[1] for pair in self.offset_scan.ranges),
        }
        for key, found in longest.items():
            if found >= self.depth:
                raise ValueError(f"{key}: found {found}, expected less than the depth {self.depth}")
        return self


class InputCase(Section):
    activation: Activation = Field(description="phi.")
    ensemble: Literal["gaussian", "levy"] = Field(description="Law of the weights.")
    levy_alpha: Annotated[float, Field(gt=0, le=2)] = Field(description="Stability index of Levy weights.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    networks: Annotated[int, Field(ge=4)] = Field(description="Networks for each kind of input.")


class RealInputs(Section):
    width: Literal[784] = Field(description="Neurons per layer: the pixels of an image.")
    input_strength: PositiveFloat = Field(description="Norm to which images and Gaussian inputs are rescaled.")
    networks_sharing_inputs: Annotated[int, Field(ge=100, le=60000)] = Field(description="Inputs that share a network.")
    cases: dict[Literal["tanh", "relu", "levy"], InputCase] = Field(description="Networks driven by both inputs.")


class Paths(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variances: list[PositiveFloat] = Field(
        description="sw2 below, at and above its critical value.", min_length=1
    )
    networks: Annotated[int, Field(ge=4)] = Field(description="Networks at each, with an input of its own.")
    linear_layers: PositiveInt = Field(description="Layers over which growth is measured, while signals are small.")
    drawn: PositiveInt = Field(description="Networks drawn layer by layer.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.linear_layers > self.depth:
            raise ValueError(f"linear_layers: found {self.linear_layers}, expected at most the depth {self.depth}")
        if self.drawn > self.networks:
            raise ValueError(f"drawn: found {self.drawn}, expected at most the number of networks {self.networks}")
        if len(set(self.weight_variances)) < len(self.weight_variances):
            raise ValueError(f"weight_variances: found {self.weight_variances}, expected each once")
        return self


class ExampleAvalanche(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variance: PositiveFloat = Field(description="sw2.")
    launched: PositiveInt = Field(description="Inputs among which the avalanche is picked.")
    duration: PositiveInt = Field(description="The first avalanche of the duration nearest to this one is drawn.")

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.duration >= self.depth:
            raise ValueError(f"duration: found {self.duration}, expected less than the depth {self.depth}")
        return self


class InputStrengths(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variance: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        description="sw2 of weak inputs; the matched tuning raises it with the input."
    )
    log_squared_norms: Grid = Field(description="log10 of q0, the squared norm of the input.")
    launched: Annotated[int, Field(ge=1000)] = Field(description="Avalanches sampled to check the exact law.")


class Signals(Section):
    activation: Activation = Field(description="phi.")
    bias_variance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(description="sb2.")
    input_strength: PositiveFloat = Field(description="Norm of the input of paths and of the example.")
    paths: Paths = Field(description="Signal strength along the layers.")
    example: ExampleAvalanche = Field(description="One avalanche, with its size and duration.")
    input_strengths: InputStrengths = Field(description="Avalanches against the strength of the input.")


def _below_one(key: str, found: list[float]) -> None:
    _require_range(key, found)
    if found[1] >= 1:
        raise ValueError(f"{key}: found {found}, expected a range below 1")


class CorrelationDepths(Section):
    log_bias_variances: list[float] = Field(description="log10 of the bias variances.", min_length=1)
    edge_ratios: list[PositiveFloat] = Field(
        description="Weight variances, in units of that on the edge of chaos.", min_length=1
    )


class FiniteWidth(Section):
    widths: list[Width] = Field(description="Neurons per layer, N.", min_length=1)
    log_bias_variances: list[float] = Field(
        description="log10 of the bias variances, to which sb2 = 0 is added where signals live.", min_length=1
    )
    weight_variances: list[PositiveFloat] = Field(description="sw2, increasing.", min_length=1)
    chains: Annotated[int, Field(ge=4)] = Field(description="Independent chains at each point.")
    burn_in: PositiveInt = Field(description="Layers forgotten at the beginning of each chain.")
    layers: PositiveInt = Field(description="Layers averaged over in each chain.")

    @model_validator(mode="after")
    def _increasing(self) -> Self:
        if sorted(set(self.weight_variances)) != self.weight_variances:
            raise ValueError(f"weight_variances: found {self.weight_variances}, expected increasing values")
        return self


class FinitePairs(Section):
    widths: list[Width] = Field(description="Neurons per layer, N.", min_length=1)
    log_bias_variances: list[float] = Field(description="log10 of the bias variances.", min_length=1)
    edge_ratios: list[PositiveFloat] = Field(
        description="Weight variances, in units of that on the edge of chaos.", min_length=1
    )
    pairs: Annotated[int, Field(ge=40)] = Field(description="Pairs of inputs, each in a network of its own.")
    burn_in: Annotated[int, Field(ge=0)] = Field(description="Layers before the two inputs part.")
    layers: Annotated[int, Field(ge=10)] = Field(description="Layers through which their correlation is followed.")


class MeanField(Section):
    activation: Literal["tanh"] = Field(description="phi; the closed forms of the paper hold for no other.")
    weight_variances: Grid = Field(description="sw2 of the plane.")
    log_bias_variances: Grid = Field(description="log10 of sb2 of the plane, to which sb2 = 0 is added.")
    excess_range: FloatRange = Field(description="[xmin, xmax] of fits in sw2 - 1, without bias.")
    field_range: FloatRange = Field(description="[xmin, xmax] of fits in sb2, at sw2 = 1 or along a line.")
    fit_points: Annotated[int, Field(ge=4)] = Field(description="Log-spaced points of a fit.")
    log_distances: Grid = Field(description="log10 of the distances from criticality at which closed forms are held.")
    correlation_depths: CorrelationDepths = Field(description="Correlations of two inputs beside the edge of chaos.")
    finite_width: FiniteWidth = Field(description="Steady states of simulated networks.")
    finite_pairs: FinitePairs = Field(description="Correlations of two inputs of simulated networks.")

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        _below_one("excess_range", self.excess_range)
        _below_one("field_range", self.field_range)
        if self.weight_variances.start < 0:
            raise ValueError(f"weight_variances.start: found {self.weight_variances.start}, expected at least 0")
        return self


def _require_straddling(key: str, found: Grid) -> None:
    if not found.start < 1 < found.stop:
        raise ValueError(
            f"{key}: found {found.start} to {found.stop}, expected a range with the critical value 1 inside"
        )


class TrainedPlane(Section):
    width: Width = Field(description="Neurons of a hidden layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Hidden layers, L.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    epochs: PositiveInt = Field(description="Passes over these images.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent.")
    weight_variances: Grid = Field(description="sw2 of the plane.")
    log_bias_variances: list[Annotated[float, Field(allow_inf_nan=False)]] = Field(
        description="log10 of sb2 of the plane, to which sb2 = 0 is added.", min_length=3
    )
    trained_accuracy: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Training accuracy from which a network counts as trained; guessing one class has 0.11."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _require_straddling("weight_variances", self.weight_variances)
        if sorted(set(self.log_bias_variances)) != self.log_bias_variances:
            raise ValueError(f"log_bias_variances: found {self.log_bias_variances}, expected rising values")
        return self


class TrainedWidths(Section):
    widths: list[Width] = Field(description="Neurons of a hidden layer, N.", min_length=4)
    depth: Annotated[int, Field(ge=2)] = Field(description="Hidden layers, L.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    epochs: PositiveInt = Field(description="Most passes over these images.")
    goal: Annotated[float, Field(gt=0, le=1)] = Field(description="Training accuracy at which training stops.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent.")
    weight_variances: Grid = Field(description="sw2 tried, without bias.")
    retest_epochs: PositiveInt = Field(description="Most passes when networks that failed are trained once more.")
    retested_per_width: PositiveInt = Field(description="Networks of each width that are.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _require_straddling("weight_variances", self.weight_variances)
        if sorted(set(self.widths)) != self.widths:
            raise ValueError(f"widths: found {self.widths}, expected rising values")
        if self.retest_epochs <= self.epochs:
            raise ValueError(f"retest_epochs: found {self.retest_epochs}, expected more than epochs, {self.epochs}")
        return self


class Trainability(Section):
    batch: PositiveInt = Field(description="Images of a minibatch.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(
        description="Resamplings of points in correlations of accuracy with dynamics."
    )
    plane: TrainedPlane = Field(description="Fig. 3c: accuracy over the plane of weight and bias variance.")
    widths: TrainedWidths = Field(description="Fig. 3f: epochs to the goal against width.")

    @model_validator(mode="after")
    def _whole_batches(self) -> Self:
        for key, images in (("plane.images", self.plane.images), ("widths.images", self.widths.images)):
            if images % self.batch:
                raise ValueError(f"{key}: found {images}, expected a multiple of batch, {self.batch}")
        return self


class PublishedPlane(Section):
    width: Width = Field(description="Neurons per layer, N.")
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    weight_variances: Grid = Field(description="sw2 of the plane.")
    log_bias_variances: list[float] = Field(
        description="log10 of sb2 of the plane, ascending, to which sb2 = 0 is added.", min_length=1
    )
    bandwidth: PositiveFloat = Field(description="Half width in sw2 of the window of the local regression.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _require_straddling("weight_variances", self.weight_variances)
        if self.log_bias_variances != sorted(set(self.log_bias_variances)):
            raise ValueError(f"log_bias_variances: found {self.log_bias_variances}, expected ascending values")
        return self


class BesideTrained(Section):
    step: PositiveFloat = Field(
        description="Steps of sw2, a whole number of them in those of trainability.plane, whose width, depth and "
        "variances these networks have."
    )
    bandwidth: PositiveFloat = Field(description="Half width in sw2 of the window of the local regression.")


class AnnealedPoints(Section):
    weight_variances: list[PositiveFloat] = Field(description="sw2 at which they are simulated.", min_length=1)
    log_bias_variances: list[float] = Field(description="log10 of sb2, to which no bias is added.")
    blocks: Annotated[int, Field(ge=2)] = Field(description="Independent blocks.")
    launched_per_block: PositiveInt = Field(description="Inputs launched in a block.")


class ExponentMismatch(Section):
    shortest: PositiveInt = Field(description="Lower end of fits of durations, in layers.")
    longest_share: Annotated[float, Field(gt=0, lt=1)] = Field(description="Upper end, as a share of the depth.")
    duration_of_unit_size: PositiveFloat = Field(
        description="Duration d that belongs to a size of 1/sqrt(N): sizes are fitted on (D/d)^1.5 / sqrt(N) for D at "
        "both ends of the range of durations."
    )
    minimum_count: Annotated[int, Field(ge=2)] = Field(
        description="Fewest avalanches of a duration that enters the regression of size on duration."
    )


class Susceptibility(Section):
    activation: Activation = Field(description="phi.")
    input_strength: PositiveFloat = Field(description="Norm of the input, sqrt(q0).")
    published: PublishedPlane = Field(description="Networks of the figure.")
    trained: BesideTrained = Field(description="Random networks beside those that are trained.")
    blocks: Annotated[int, Field(ge=10)] = Field(description="Independent blocks of avalanches at a point.")
    launched_per_block: PositiveInt = Field(description="Inputs launched in a block.")
    minimum_avalanches: Annotated[int, Field(ge=2)] = Field(
        description="Fewest avalanches behind a mean or an exponent."
    )
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Confidence level of intervals.")
    bootstrap_replicates: Annotated[int, Field(ge=100)] = Field(description="Resamplings of blocks.")
    derivative_step: PositiveFloat = Field(description="Step in sw2 of central differences of exact laws.")
    bandwidths_checked: list[PositiveFloat] = Field(
        description="Bandwidths whose bias and noise are tabulated, those of the networks among them.", min_length=1
    )
    peak_step: PositiveFloat = Field(description="Steps in sw2 at which the highest derivative is sought.")
    annealed: AnnealedPoints = Field(description="Points simulated by the exact annealed chain, as a check.")
    mismatch: ExponentMismatch = Field(description="Ranges of the exponents of the crackling-noise relation.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("published", "trained"):
            bandwidth = getattr(self, name).bandwidth
            if bandwidth not in self.bandwidths_checked:
                raise ValueError(
                    f"bandwidths_checked: found {self.bandwidths_checked}, expected {bandwidth} of {name} among them"
                )
        return self


class ResnetCase(Section):
    models: list[Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]] = Field(
        description="Torchvision classifiers, by name.", min_length=1
    )
    mode: Literal["eval", "train"] = Field(
        description="eval normalises by running statistics, 0 and 1 before training; train by those of a block."
    )
    inputs: Literal["gaussian", "mnist"] = Field(description="Gaussian images, or digits in three equal channels.")
    weights: Annotated[str, Field(pattern="^(random|[A-Z][A-Z0-9_]*)$")] = Field(
        description="random, or the name of trained weights such as IMAGENET1K_V1."
    )
    networks: PositiveInt = Field(description="Random networks of each model; trained weights are one.")
    calibration_blocks: PositiveInt = Field(description="Blocks of inputs that calibrate the thresholds of a network.")
    calibration_inputs: Annotated[int, Field(ge=2)] = Field(description="Inputs of such a block.")
    blocks: PositiveInt = Field(description="Blocks of inputs launched through each network.")
    launched: Annotated[list[PositiveInt], Field(min_length=4, max_length=4)] = Field(
        description="Inputs of a block that count for n = 0, 1, 2, 3; the last is the size of a block."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.launched != sorted(self.launched):
            raise ValueError(f"launched: found {self.launched}, expected numbers that do not fall with n")
        if len(set(self.models)) < len(self.models):
            raise ValueError(f"models: found {self.models}, expected each model once")
        if self.weights != "random" and self.networks > 1:
            raise ValueError(f"networks: found {self.networks} with weights {self.weights}, expected 1")
        if self.networks * self.blocks < 2:
            raise ValueError("blocks: found 1 block of 1 network, expected at least 2 to tell how results scatter")
        if self.mode == "train" and self.calibration_inputs != self.launched[-1]:
            raise ValueError(
                f"calibration_inputs: found {self.calibration_inputs}, expected {self.launched[-1]} as in launched: "
                "in train mode a block is normalised together"
            )
        return self


class ResnetFits(Section):
    shortest_duration: PositiveInt = Field(description="Lower end of duration fits, in layers.")
    longest_fraction: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Upper end of duration fits, as a fraction of the layers of the model."
    )
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Confidence level of intervals.")
    synthetic_samples: Annotated[int, Field(ge=2)] = Field(
        description="Samples of the fitted power law, whose mean KS distance is what chance gives."
    )


class Resnets(Section):
    image_size: Annotated[int, Field(ge=1, le=4096)] = Field(description="Side of the images, in pixels.")
    cases: dict[Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")], ResnetCase] = Field(
        description="Named samples of avalanches.", min_length=1
    )
    fits: ResnetFits = Field(description="Fits.")
    bin_minimum: PositiveInt = Field(description="Least number of avalanches in a bin of a density.")

    @model_validator(mode="after")
    def _has_the_judged_case(self) -> Self:
        if "gaussian" not in self.cases:
            raise ValueError(
                f"cases: found {sorted(self.cases)}, expected one named gaussian, which claims are judged on"
            )
        return self


class TrainedWeights(Section):
    local_directory: str | None = Field(
        None, description="Directory that holds torchvision's weight files by their names; null downloads them."
    )
    timeout: PositiveFloat = Field(10.0, description="Seconds after which a server that does not answer is given up.")


class Responses(Section):
    width: Width = Field(description="Neurons per layer; one of widths, where the critical coupling is known.")
    networks: Annotated[int, Field(ge=3)] = Field(description="Networks whose responses are averaged.")
    relative_couplings: list[PositiveFloat] = Field(
        description="Couplings, as relative_couplings above, ascending.", min_length=3
    )
    log_stimuli: Grid = Field(description="log10 of the scales of the input.")

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        _require_ascending("relative_couplings", self.relative_couplings)
        return self


class UniformNetworks(Section):
    depth: Annotated[int, Field(ge=2)] = Field(description="Layers, L.")
    half_width: PositiveFloat = Field(description="Weights are uniform on plus and minus this, times the coupling.")
    amplitude: PositiveFloat = Field(description="a of the activation a tanh(b x).")
    steepness: PositiveFloat = Field(description="b of the activation a tanh(b x).")
    input_scale: PositiveFloat = Field(description="Inputs are uniform on plus and minus this.")
    widths: list[Width] = Field(description="Neurons per layer, ascending; four or more, to be fitted.", min_length=4)
    neurons: PositiveInt = Field(
        description="Networks of a width times the width, rounded down but not to zero: so many networks measure "
        "growth rates of all widths equally well."
    )
    relative_couplings: list[PositiveFloat] = Field(
        description="Couplings, over the one at which a weak signal neither grows nor decays in closed form, "
        "ascending, on both sides of 1.",
        min_length=3,
    )
    drawn_couplings: list[PositiveFloat] = Field(
        description="Those at which activity is kept layer by layer.", min_length=1
    )
    lanczos_steps: Annotated[int, Field(ge=2)] = Field(
        description="Products with the Jacobian, and with its transpose, for its largest singular value."
    )
    responses: Responses = Field(description="Responses to stimuli of all strengths.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = self.relative_couplings
        _require_ascending("relative_couplings", found)
        if not found[0] < 1 < found[-1]:
            raise ValueError(f"relative_couplings: found {found[0]} to {found[-1]}, expected 1 between them")
        missing = [coupling for coupling in self.drawn_couplings if coupling not in found]
        if missing:
            raise ValueError(f"drawn_couplings: found {missing[0]}, expected one of relative_couplings")
        _require_ascending("widths", self.widths)
        if self.responses.width not in self.widths:
            raise ValueError(f"responses.width: found {self.responses.width}, expected one of widths, {self.widths}")
        if self.lanczos_steps > self.widths[0]:
            raise ValueError(f"lanczos_steps: found {self.lanczos_steps}, expected at most the width {self.widths[0]}")
        return self


def _require_ascending(key: str, found: list[int] | list[float]) -> None:
    if found != sorted(set(found)):
        raise ValueError(f"{key}: found {found}, expected ascending values")


class Execution(Section):
    shards: dict[str, PositiveInt] = Field(
        description="Jobs among which the blocks of a sample, or the points of a plane, are shared out."
    )
    networks_trained_together: PositiveInt = Field(
        description="Networks that a job trains side by side: faster where they are small, and needs their memory."
    )


class Zoo(Section):
    least_models: Annotated[int, Field(ge=10, le=80)] = Field(
        description="Classifiers of which dynamics must be measured before a statistic of them is reported; 80 exist."
    )


class Config(Section):
    scale: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")] = Field(description="Label printed beside verdicts.")
    seed: Seed = Field(description="Root of every random number.")
    mnist: Mnist = Field(description="Where MNIST comes from.")
    gaussian_avalanches: GaussianAvalanches = Field(description="ghavasieh2025, Fig. 2.")
    real_inputs: RealInputs = Field(description="Real images beside Gaussian inputs.")
    signals: Signals = Field(description="ghavasieh2025, Fig. 1, and avalanches of strong inputs.")
    mean_field: MeanField = Field(description="ghavasieh2025, Fig. 3a, 3b and 5: infinitely wide networks.")
    trainability: Trainability = Field(description="ghavasieh2025, Fig. 3c and 3f: training on MNIST.")
    susceptibility: Susceptibility = Field(description="ghavasieh2025, Fig. 3d and 3e: mean sizes over the plane.")
    resnets: Resnets = Field(description="ghavasieh2025, Fig. 4: avalanches in classifiers.")
    zoo: Zoo = Field(description="vock2025, Fig. 2 and 3: torchvision's classifiers and mixed models of them.")
    uniform_networks: UniformNetworks = Field(description="vock2025, Fig. 1: uniform weights, scaled tanh.")
    trained_weights: TrainedWeights = Field(description="Where trained weights of classifiers come from.")
    execution: Execution = Field(description="How the work is shared out; changes no table.")

    @model_validator(mode="after")
    def _planes(self) -> Self:
        published, trained = self.susceptibility.published, self.trainability.plane
        step = self.susceptibility.trained.step
        parts = trained.weight_variances.step / step
        if abs(parts - round(parts)) > 1e-9:
            raise ValueError(
                f"susceptibility.trained.step: found {step}, expected a whole fraction of "
                f"trainability.plane.weight_variances.step, {trained.weight_variances.step}"
            )
        for name, grid, each, depth in (
            ("published", published.weight_variances, published.weight_variances.step, published.depth),
            ("trained", trained.weight_variances, step, trained.depth),
        ):
            start = self.susceptibility.derivative_step
            if grid.start <= start:
                raise ValueError(
                    f"weight_variances.start of the {name} plane: found {grid.start}, expected more than "
                    f"susceptibility.derivative_step, {start}"
                )
            points = round((grid.stop - grid.start) / each) + 1
            if points < 10:
                raise ValueError(
                    f"weight_variances of the {name} plane: found {points} points, expected at least 10 for derivatives"
                )
            mismatch = self.susceptibility.mismatch
            shortest, longest = mismatch.shortest, int(mismatch.longest_share * depth)
            if longest <= shortest:
                raise ValueError(
                    f"susceptibility.mismatch.longest_share: found durations [{shortest}, {longest}] for {name}, "
                    "expected shortest < longest"
                )
        return self

    @model_validator(mode="after")
    def _shards(self) -> Self:
        expected = {*self.gaussian_avalanches.samples, "real_inputs", "susceptibility", "resnets", *TRAININGS}
        for name in sorted(expected ^ set(self.execution.shards)):
            state = "missing" if name in expected else "unknown"
            raise ValueError(f"execution.shards.{name}: {state}, expected exactly {sorted(expected)}")
        return self


def validate(config: Mapping[str, Any]) -> Config:
    """The configuration, typed.

    Raises:
        ConfigError: one line a fault, each naming the key, what was found and what was expected.
    """
    try:
        return Config.model_validate(dict(config))
    except ValidationError as error:
        lines = [_explain(fault) for fault in error.errors()]
        raise ConfigError("the configuration cannot be run:\n" + "\n".join(f"  {line}" for line in lines)) from None


def _explain(fault: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "(top level)"
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key, expected {_known_keys(fault['loc'])}"
    if fault["type"] == "missing":
        return f"{key}: missing key"
    if fault["type"] == "value_error":
        message = str(fault["ctx"]["error"])
        if not fault["loc"]:
            return message
        return f"{key}: {message}" if message.startswith("found") else f"{key}.{message}"
    return f"{key}: found {fault['input']!r}, expected: {fault['msg']}"


def _known_keys(location: tuple[Any, ...]) -> str:
    model: Any = Config
    for part in location[:-1]:
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            # inside a mapping: its values' model
            continue
        model = field.annotation
        arguments = getattr(model, "__args__", ())
        if not hasattr(model, "model_fields") and arguments:
            model = arguments[-1]
    return f"one of {sorted(model.model_fields)}" if hasattr(model, "model_fields") else "a declared key"


def load(*paths: str | Path) -> dict[str, Any]:
    """A configuration file with overlays applied in order, as Snakemake's ``--configfile`` does; not validated.

    Raises:
        ConfigError: if a file is not YAML or holds no mapping.
    """
    merged: dict[str, Any] = {}
    for path in paths:
        try:
            layer = yaml.safe_load(Path(path).read_text())
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: not YAML: {error}") from None
        if not isinstance(layer, dict):
            raise ConfigError(f"{path}: found {type(layer).__name__}, expected a mapping of keys")
        _overlay(merged, layer)
    return merged


def _overlay(base: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _overlay(base[key], value)
        else:
            base[key] = value


def science_digest(config: Mapping[str, Any]) -> str:
    """Digest of the keys that decide what is computed; shards, sources and labels do not enter."""
    science = {key: value for key, value in config.items() if key not in EXECUTION_KEYS}
    return hashlib.sha256(json.dumps(science, sort_keys=True, default=str).encode()).hexdigest()[:16]
