"""liu2025: which networks are trained, how, and when they are kept."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.section import Grid, Name, PositiveFloat, PositiveInt, Section, require_ascending

Iterations = list[Annotated[int, Field(ge=0)]]
RunActivation = Literal["relu", "tanh"]
RunInitialisation = Literal["he", "glorot", "uniform"]


class IterationWindow(Section):
    start: Annotated[int, Field(ge=0)] = Field(description="First iteration.")
    stop: PositiveInt = Field(description="Last iteration.")
    step: PositiveInt = Field(description="Iterations from each to the next.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.stop or (self.stop - self.start) % self.step:
            raise ValueError(
                f"found start {self.start}, stop {self.stop}, step {self.step}, expected steps that lead from a start "
                "to a larger stop"
            )
        return self


class RunSample(Section):
    hidden: list[PositiveInt] = Field(description="Neurons of each of the two hidden layers, h.", min_length=1)
    seeds: PositiveInt = Field(description="Networks of each setting, by their initial parameters.")
    iterations: Iterations = Field(
        description="At which networks are kept, the first 0, the last the end of training.", min_length=2
    )
    flux_iterations: Iterations = Field(description="After which they are kept one iteration later, too, for fluxes.")
    windows: list[IterationWindow] = Field(
        default=[], description="Where they are kept at even distances, too, for covariances in time."
    )
    shuffled: bool = Field(default=False, description="Whether labels are shuffled among the images.")
    activations: list[RunActivation] | None = Field(default=None, description="In place of `activation`.")
    initialisations: list[RunInitialisation] | None = Field(default=None, description="In place of `initialisation`.")
    learning_rates: list[PositiveFloat] | None = Field(default=None, description="In place of `learning_rate`.")
    log_mobilities: Grid | None = Field(
        default=None, description="Instead of learning rates: ln of the learning rate over the images of a minibatch."
    )
    batches: list[PositiveInt] | None = Field(default=None, description="In place of `batch`.")
    apart: bool = Field(
        default=False, description="Whether one of these alone differs from the section at a time, and not several."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        require_ascending("hidden", self.hidden)
        require_ascending("iterations", self.iterations)
        if self.iterations[0] != 0:
            raise ValueError(f"iterations: found {self.iterations[0]} first, expected 0")
        last = self.iterations[-1]
        for key, most in (
            ("flux_iterations", max(self.flux_iterations, default=0)),
            ("windows", max((window.stop for window in self.windows), default=0)),
        ):
            if most > last:
                raise ValueError(f"{key}: found {most}, expected at most the last of iterations, {last}")
        if self.learning_rates is not None and self.log_mobilities is not None:
            raise ValueError("log_mobilities: found with learning_rates, expected one of them")
        return self


class SgdRuns(Section):
    activation: RunActivation = Field(description="Of hidden layers.")
    initialisation: RunInitialisation = Field(description="Of weights and biases, before training.")
    biased: bool = Field(description="Whether there are biases.")
    learning_rate: PositiveFloat = Field(description="Of plain stochastic gradient descent, nu.")
    batch: PositiveInt = Field(description="Images of a minibatch, B.")
    images: Annotated[int, Field(ge=1, le=60000)] = Field(description="Images trained on, the first of the set.")
    samples: dict[Name, RunSample] = Field(description="Networks that are trained alike, by name.")

    @model_validator(mode="after")
    def _full_batches(self) -> Self:
        for name, sample in self.samples.items():
            largest = max(sample.batches or [self.batch])
            if largest > self.images:
                raise ValueError(f"samples.{name}: found batches of {largest}, expected at most images, {self.images}")
        return self
