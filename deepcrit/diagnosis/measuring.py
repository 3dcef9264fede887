"""A network and some inputs in, a diagnosis out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch

from deepcrit.diagnosis.avalanches import measure_avalanches
from deepcrit.diagnosis.dynamics import DYNAMICS_STEPS, measure_dynamics
from deepcrit.diagnosis.graphs import measure_graph
from deepcrit.diagnosis.multifractality import measure_multifractality
from deepcrit.diagnosis.results import NOTIONS, Diagnosis, Notion
from deepcrit.diagnosis.signals import RecordedSignals, SignalError, record_signals
from deepcrit.diagnosis.tails import measure_tails, weight_parameters
from deepcrit.pretrained.loading import load_wrapped_state


class DiagnosisError(ValueError):
    """A network or inputs that cannot be diagnosed; the message says what was found and what was expected."""


def quiet(step: str) -> None:
    """Tells nobody."""


def steps_of(network: torch.nn.Module) -> int:
    """How often :func:`diagnose` tells of a step."""
    return 3 + DYNAMICS_STEPS + len(weight_parameters(network)) + 1


def diagnose(
    network: torch.nn.Module,
    inputs: torch.Tensor,
    *,
    name: str = "",
    weights: str = "as given",
    shown: str = "as given",
    seed: int = 0,
    told: Callable[[str], None] = quiet,
) -> Diagnosis:
    """Where a network stands by four notions of criticality: avalanches and dynamics, tails, multifractality, graphs.

    Each quantity has an interval, what Gaussian weights, shuffled weights or independent signals give, and a sentence.
    What cannot be measured says why. The network is measured in eval mode and left as it was.

    Args:
        network: any torch module, from a batch of inputs to a batch of outputs.
        inputs: shape (inputs, ...); some hundreds, for avalanches and graphs.
        name: of the network, its class by default.
        weights: where its weights are from, for the record.
        shown: what the inputs are, for the record.
        seed: of all draws.
        told: called after each of :func:`steps_of` steps, with what was done.

    Raises:
        DiagnosisError: for what is no module, or inputs that are no tensor with two axes, or of which there is none.

    Examples:
        >>> import torch
        >>> from deepcrit import diagnose
        >>> _ = torch.manual_seed(1)
        >>> network = torch.nn.Sequential(torch.nn.Linear(20, 20), torch.nn.Tanh(), torch.nn.Linear(20, 20))
        >>> found = diagnose(network, torch.randn(30, 20))
        >>> growth = {notion.name: notion for notion in found.notions}["dynamics"].quantities[1]
        >>> growth.name, growth.meaning.split(":")[0]
        ('growth_rate', 'Ordered')
    """
    if not isinstance(network, torch.nn.Module):
        raise DiagnosisError(f"network: found {type(network).__name__}, expected a torch module")
    if not isinstance(inputs, torch.Tensor):
        raise DiagnosisError(f"inputs: found {type(inputs).__name__}, expected a tensor of shape (inputs, ...)")
    if inputs.ndim < 2 or not len(inputs):
        raise DiagnosisError(f"inputs: found shape {tuple(inputs.shape)}, expected (inputs, ...) with one at least")
    if inputs.is_floating_point() and not torch.isfinite(inputs).all():
        raise DiagnosisError("inputs: found numbers that are not finite, expected finite ones")
    parameters = sum(parameter.numel() for parameter in network.parameters())
    name = name or type(network).__name__
    network = copy.deepcopy(network).eval()
    signals: RecordedSignals | None = None
    failure = ""
    try:
        signals = record_signals(network, inputs)
    except SignalError as error:
        failure = str(error)
    told("signals")
    notions = []
    layers = sum(signals.weighted) if signals else 0
    if signals is None:
        notions += [Notion(one, NOTIONS[one], reason=failure) for one in ("avalanches", "dynamics")]
    else:
        notions.append(_with_layers(measure_avalanches(signals.strength, seed), signals))
        told("avalanches")
        notions.append(measure_dynamics(network, inputs, layers, seed, told))
    notions.append(measure_tails(network, seed, told))
    if signals is None:
        notions += [Notion(one, NOTIONS[one], reason=failure) for one in ("multifractality", "graphs")]
    else:
        notions.append(measure_multifractality(network, inputs, seed, told))
        notions.append(measure_graph(signals.neurons, seed))
        told("graphs")
    return Diagnosis(
        name, weights, shown, parameters, len(signals.layers) if signals else 0, layers, tuple(notions), seed
    )


def _with_layers(notion: Notion, signals: RecordedSignals) -> Notion:
    layers = pd.DataFrame(
        {
            "layer": signals.layers,
            "operation": signals.operations,
            "weighted": signals.weighted,
            "mean_strength": signals.strength.mean(axis=0),
            "sd_strength": signals.strength.std(axis=0),
        }
    )
    return Notion(notion.name, notion.title, notion.quantities, {**notion.tables, "layers": layers}, notion.reason)


@dataclass(frozen=True)
class Course:
    """Diagnoses of one network at several checkpoints, in their order.

    Attributes:
        checkpoints: names.
        diagnoses: of each.
    """

    checkpoints: tuple[str, ...]
    diagnoses: tuple[Diagnosis, ...]

    def table(self) -> pd.DataFrame:
        """The tables of all, with columns ``checkpoint`` and ``place``, from 1, in front."""
        parts = []
        for place, (checkpoint, diagnosis) in enumerate(zip(self.checkpoints, self.diagnoses, strict=True), start=1):
            table = diagnosis.table()
            table.insert(0, "place", place)
            table.insert(0, "checkpoint", checkpoint)
            parts.append(table)
        return pd.concat(parts, ignore_index=True)

    def to_dict(self) -> dict[str, object]:
        """Plain values, as JSON has them."""
        each = zip(self.checkpoints, self.diagnoses, strict=True)
        return {"checkpoints": [{"checkpoint": name} | diagnosis.to_dict() for name, diagnosis in each]}


def diagnose_checkpoints(
    network: torch.nn.Module,
    checkpoints: list[Path],
    inputs: torch.Tensor,
    *,
    name: str = "",
    shown: str = "as given",
    seed: int = 0,
    told: Callable[[str], None] = quiet,
) -> Course:
    """A diagnosis of a network with the weights of each file, in the order given; all draws are the same at each.

    Args:
        network: whose weights are replaced.
        checkpoints: state dicts, or checkpoints that have one as ``state_dict``, ``model_state_dict`` or ``model``.
        inputs: see :func:`diagnose`.
        name: likewise.
        shown: likewise.
        seed: likewise.
        told: likewise.

    Raises:
        DiagnosisError: for no checkpoint, and as :func:`diagnose`.
        LoadingError: naming the file whose weights do not fit.
    """
    if not checkpoints:
        raise DiagnosisError("checkpoints: found none, expected one at least")
    found = []
    for path in checkpoints:
        load_wrapped_state(network, path)
        found.append(diagnose(network, inputs, name=name, weights=path.name, shown=shown, seed=seed, told=told))
    return Course(tuple(path.stem for path in checkpoints), tuple(found))
