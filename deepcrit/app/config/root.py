"""All sections together, and what must hold between them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, Self

from pydantic import Field, create_model, model_validator

from deepcrit.core.keys import grid_points
from deepcrit.core.section import Name, PositiveInt, Section, Seed, require_steps
from deepcrit.data.config import IdxFiles, TrainedWeights
from deepcrit.experiments import EXPERIMENTS, about

TRAININGS = ("trained_plane", "trained_widths", "retests")


class Execution(Section):
    device: Literal["cpu", "cuda"] = Field(
        description="Where torch computes; no other rule needs a GPU. Tables record it, and cuda rounds differently."
    )
    shards: dict[Name, PositiveInt] = Field(
        description="Jobs among which the blocks of a sample, or the points of a plane, are shared out."
    )
    networks_trained_together: PositiveInt = Field(
        description="Networks that a job trains side by side: faster where they are small, and needs their memory."
    )


class CommonSections(Section):
    """What no one experiment asks for, and what must hold between experiments."""

    scale: Name = Field(description="Label printed beside verdicts.")
    seed: Seed = Field(description="Root of every random number.")
    mnist: IdxFiles = Field(description="Where MNIST comes from.")
    fashion_mnist: IdxFiles = Field(description="Where Fashion-MNIST comes from.")
    trained_weights: TrainedWeights = Field(description="Where trained weights of classifiers come from.")
    execution: Execution = Field(description="How the work is shared out; changes no table.")

    @model_validator(mode="after")
    def _planes(self) -> Self:
        every: Any = self
        susceptibility = every.susceptibility
        published, trained = susceptibility.published, every.trainability.plane
        step = susceptibility.trained.step
        parts = trained.weight_variances.step / step
        if abs(parts - round(parts)) > 1e-9:
            raise ValueError(
                f"susceptibility.trained.step: found {step}, expected a whole fraction of "
                f"trainability.plane.weight_variances.step, {trained.weight_variances.step}"
            )
        require_steps("susceptibility.peak_step", susceptibility.peak_step, trained.weight_variances)
        for name, grid, each, depth in (
            ("published", published.weight_variances, published.weight_variances.step, published.depth),
            ("trained", trained.weight_variances, step, trained.depth),
        ):
            start = susceptibility.derivative_step
            if grid.start <= start:
                raise ValueError(
                    f"weight_variances.start of the {name} plane: found {grid.start}, expected more than "
                    f"susceptibility.derivative_step, {start}"
                )
            points = grid_points(grid.start, grid.stop, each)
            if points < 10:
                raise ValueError(
                    f"weight_variances of the {name} plane: found {points} points, expected at least 10 for derivatives"
                )
            mismatch = susceptibility.mismatch
            shortest, longest = mismatch.shortest, int(mismatch.longest_share * depth)
            if longest <= shortest:
                raise ValueError(
                    f"susceptibility.mismatch.longest_share: found durations [{shortest}, {longest}] for {name}, "
                    "expected shortest < longest"
                )
        return self

    @model_validator(mode="after")
    def _shards(self) -> Self:
        experiments = {
            "real_inputs", "susceptibility", "resnets", "criticality_loss", "dynamics", "continual",
            "weight_tails", "tail_training", "sgd_runs", "levy_training", "multifractality", "manifolds",
            "levy_avalanches", "agreement",
        }  # fmt: skip
        every: Any = self
        expected = {*every.gaussian_avalanches.samples, *experiments, *TRAININGS}
        for name in sorted(expected ^ set(self.execution.shards)):
            state = "missing" if name in expected else "unknown"
            raise ValueError(f"execution.shards.{name}: {state}, expected exactly {sorted(expected)}")
        return self


def _sections() -> dict[str, Any]:
    """The section of each experiment that has one: the class of its name in its module ``config``."""
    found: dict[str, Any] = {}
    for experiment in EXPERIMENTS:
        name = f"deepcrit.experiments.{experiment}.config"
        if find_spec(name):
            section = getattr(import_module(name), experiment.title().replace("_", ""))
            found[experiment] = (section, Field(description=about(experiment)))
    return found


Config = create_model("Config", __base__=CommonSections, **_sections())
