"""All sections together, and what must hold between them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from deepcrit.core.keys import grid_points
from deepcrit.core.section import Name, PositiveInt, Section, Seed, require_steps
from deepcrit.data.config import IdxFiles, TrainedWeights
from deepcrit.experiments.continual.config import Continual
from deepcrit.experiments.criticality_loss.config import CriticalityLoss
from deepcrit.experiments.gaussian_avalanches.config import GaussianAvalanches
from deepcrit.experiments.mean_field.config import MeanField
from deepcrit.experiments.real_inputs.config import RealInputs
from deepcrit.experiments.resnets.config import Resnets
from deepcrit.experiments.signals.config import Signals
from deepcrit.experiments.susceptibility.config import Susceptibility
from deepcrit.experiments.trainability.config import Trainability
from deepcrit.experiments.uniform_networks.config import UniformNetworks
from deepcrit.experiments.zoo.config import Zoo

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


class Config(Section):
    scale: Name = Field(description="Label printed beside verdicts.")
    seed: Seed = Field(description="Root of every random number.")
    mnist: IdxFiles = Field(description="Where MNIST comes from.")
    gaussian_avalanches: GaussianAvalanches = Field(description="ghavasieh2025, Fig. 2.")
    real_inputs: RealInputs = Field(description="Real images beside Gaussian inputs.")
    signals: Signals = Field(description="ghavasieh2025, Fig. 1, and avalanches of strong inputs.")
    mean_field: MeanField = Field(description="ghavasieh2025, Fig. 3a, 3b and 5: infinitely wide networks.")
    trainability: Trainability = Field(description="ghavasieh2025, Fig. 3c and 3f: training on MNIST.")
    susceptibility: Susceptibility = Field(description="ghavasieh2025, Fig. 3d and 3e: mean sizes over the plane.")
    resnets: Resnets = Field(description="ghavasieh2025, Fig. 4: avalanches in classifiers.")
    zoo: Zoo = Field(description="vock2025, Fig. 2 and 3: torchvision's classifiers and mixed models of them.")
    uniform_networks: UniformNetworks = Field(description="vock2025, Fig. 1: uniform weights, scaled tanh.")
    criticality_loss: CriticalityLoss = Field(description="vock2025, Fig. 4: a loss that keeps networks critical.")
    continual: Continual = Field(description="vock2025, Fig. 5: one task after another.")
    fashion_mnist: IdxFiles = Field(description="Where Fashion-MNIST comes from.")
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
        require_steps("susceptibility.peak_step", self.susceptibility.peak_step, trained.weight_variances)
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
            points = grid_points(grid.start, grid.stop, each)
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
        experiments = {"real_inputs", "susceptibility", "resnets", "criticality_loss", "dynamics", "continual"}
        expected = {*self.gaussian_avalanches.samples, *experiments, *TRAININGS}
        for name in sorted(expected ^ set(self.execution.shards)):
            state = "missing" if name in expected else "unknown"
            raise ValueError(f"execution.shards.{name}: {state}, expected exactly {sorted(expected)}")
        return self
