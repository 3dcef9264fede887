"""The whole plan: that of each experiment, and what a job of any rule asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deepcrit.app.plan.avalanches import Avalanches
from deepcrit.app.plan.costs import asked_megabytes, asked_minutes, cost_of
from deepcrit.app.plan.figures import Figures
from deepcrit.core.digest import code_digest
from deepcrit.experiments.agreement.plan import AgreementPlan
from deepcrit.experiments.continual.plan import ContinualPlan
from deepcrit.experiments.correlation_graphs.plan import CorrelationGraphsPlan
from deepcrit.experiments.criticality_loss.plan import CriticalityLossPlan
from deepcrit.experiments.fluxes.plan import FluxesPlan
from deepcrit.experiments.gaussian_avalanches.plan import GaussianAvalanchesPlan
from deepcrit.experiments.levy_avalanches.plan import LevyAvalanchesPlan
from deepcrit.experiments.levy_training.plan import LevyTrainingPlan
from deepcrit.experiments.loss_landscapes.plan import LossLandscapesPlan
from deepcrit.experiments.manifolds.plan import ManifoldsPlan
from deepcrit.experiments.multifractality.plan import MultifractalityPlan
from deepcrit.experiments.real_inputs.plan import RealInputsPlan
from deepcrit.experiments.resnets.plan import ResnetsPlan
from deepcrit.experiments.sgd_runs.plan import SgdRunsPlan
from deepcrit.experiments.signals.plan import SignalsPlan
from deepcrit.experiments.susceptibility.plan import SusceptibilityPlan
from deepcrit.experiments.tail_training.plan import TailTrainingPlan
from deepcrit.experiments.task_subgraphs.plan import TaskSubgraphsPlan
from deepcrit.experiments.trainability.plan import TrainabilityPlan
from deepcrit.experiments.uniform_networks.plan import UniformNetworksPlan
from deepcrit.experiments.weight_statistics.plan import WeightStatisticsPlan
from deepcrit.experiments.weight_tails.plan import WeightTailsPlan
from deepcrit.experiments.zoo.plan import ZooPlan


def job(script: str) -> dict[str, Any]:
    """Parameters that say which code a job runs: its script below scripts/, and a digest of that and what it uses.

    The digest is a function, so that Snakemake asks only for the jobs it plans: one that starts a single job on a node
    reads the code of that job alone.
    """
    return {"script": script, "code": lambda wildcards: code_digest(f"scripts/{script}.py")}


def not_a_job(wildcards: Any) -> str:
    """In place of a script, for rules that are there to be inherited.

    Raises:
        ValueError: always.
    """
    raise ValueError("found a rule that holds what others share, expected a job; snakemake --list-rules lists them")


def scaled_by_attempt(amount: int) -> Callable[[Any, int], int]:
    """Resource function: memory in MB or minutes that do not follow the configuration, more at every attempt."""
    return lambda wildcards, attempt: amount * attempt


class Plan:
    """Samples, widths, shards and paths of one configuration, by experiment. ``wildcards`` are Snakemake's."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        shards: Mapping[str, int] = config["execution"]["shards"]
        self.config = config
        self.gaussian_avalanches = GaussianAvalanchesPlan(config["gaussian_avalanches"], shards)
        self.real_inputs = RealInputsPlan(config["real_inputs"], shards["real_inputs"])
        self.levy_avalanches = LevyAvalanchesPlan(config["levy_avalanches"], shards["levy_avalanches"])
        self.avalanches = Avalanches(self.gaussian_avalanches, self.real_inputs, self.levy_avalanches)
        self.signals = SignalsPlan(config["signals"])
        self.susceptibility = SusceptibilityPlan(
            config["susceptibility"], config["trainability"]["plane"], shards["susceptibility"]
        )
        self.trainability = TrainabilityPlan(config["trainability"], shards)
        self.resnets = ResnetsPlan(config["resnets"], shards["resnets"])
        self.zoo = ZooPlan(config["zoo"], shards["dynamics"])
        self.uniform_networks = UniformNetworksPlan(config["uniform_networks"])
        self.criticality_loss = CriticalityLossPlan(config["criticality_loss"], shards["criticality_loss"])
        self.continual = ContinualPlan(
            config["continual"], shards["continual"], config["execution"]["networks_trained_together"]
        )
        self.weight_tails = WeightTailsPlan(config["weight_tails"], shards["weight_tails"])
        self.tail_training = TailTrainingPlan(config["tail_training"], shards["tail_training"])
        self.sgd_runs = SgdRunsPlan(config["sgd_runs"], shards["sgd_runs"], config["seed"])
        self.correlation_graphs = CorrelationGraphsPlan(
            config["correlation_graphs"], config["sgd_runs"]["samples"], shards["sgd_runs"]
        )
        self.fluxes = FluxesPlan(config["sgd_runs"]["samples"], shards["sgd_runs"])
        self.levy_training = LevyTrainingPlan(config["levy_training"], shards["levy_training"])
        self.agreement = AgreementPlan(config["agreement"], shards["agreement"])
        self.multifractality = MultifractalityPlan(
            config["multifractality"], shards["multifractality"], shards["levy_training"]
        )
        self.manifolds = ManifoldsPlan(config["manifolds"], shards["manifolds"])
        self.loss_landscapes = LossLandscapesPlan(
            config["loss_landscapes"], config["sgd_runs"]["samples"], shards["sgd_runs"]
        )
        self.task_subgraphs = TaskSubgraphsPlan(
            config["task_subgraphs"], config["sgd_runs"]["samples"], shards["sgd_runs"]
        )
        self.weight_statistics = WeightStatisticsPlan(
            config["weight_statistics"], config["sgd_runs"]["samples"], shards["sgd_runs"]
        )
        self.figures = Figures(self)

    def megabytes(self, rule: str) -> Callable[[Any, int], int]:
        """Resource function: memory in MB that a job of the rule asks for, more at every attempt."""

        def asked(wildcards: Any, attempt: int) -> int:
            return asked_megabytes(cost_of(rule, self, wildcards)) * attempt

        return asked

    def minutes(self, rule: str) -> Callable[[Any, int], int]:
        """Resource function: minutes that a job of the rule asks for, more at every attempt."""

        def asked(wildcards: Any, attempt: int) -> int:
            return asked_minutes(cost_of(rule, self, wildcards)) * attempt

        return asked
