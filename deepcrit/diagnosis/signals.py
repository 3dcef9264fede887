"""One forward pass of many inputs: the strength of every layer's signal, and the activity of neurons."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from deepcrit.core.arrays import Floats
from deepcrit.core.modes import in_eval_mode
from deepcrit.physics.lyapunov.products import JacobianError, outputs_of
from deepcrit.pretrained.networks import is_layer
from deepcrit.pretrained.strengths import strengths

_BATCH = 32


class SignalError(ValueError):
    """Inputs that a network cannot take, or signals that are not finite; the message says which."""


@dataclass(frozen=True)
class RecordedSignals:
    """What a network does with some inputs.

    Attributes:
        layers: names of modules that are called, in order; one that is called again is a layer again.
        operations: kind of each.
        weighted: whether each has a weight matrix or kernel.
        strength: ||x|| / N of the output of every layer, shape (inputs, layers).
        neurons: activities, shape (inputs, neurons): what layers with weights are given, the first excepted, and the
            output. Of an image the mean of each channel, of a sequence that of each feature.
    """

    layers: list[str]
    operations: list[str]
    weighted: list[bool]
    strength: Floats
    neurons: Floats


def has_weights(module: torch.nn.Module) -> bool:
    """Whether a module is one operation with a weight matrix or kernel."""
    return is_layer(module) and any(parameter.ndim > 1 for parameter in module.parameters(recurse=False))


class _Recorder:
    """Hooks of one forward pass."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.operations: list[str] = []
        self.weighted: list[bool] = []
        self.strength: list[Floats] = []
        self.neurons: list[Floats] = []
        self._seen: list[weakref.ref[torch.Tensor]] = []

    def before(self, module: torch.nn.Module, arguments: tuple[Any, ...]) -> None:
        """Activities that a layer with weights is given, once where several layers are given the same."""
        given = arguments[0] if arguments else None
        if not isinstance(given, torch.Tensor) or not given.is_floating_point() or given.ndim < 2:
            return
        new = not any(one() is given for one in self._seen)
        # the first tensor is the input of the network
        if self._seen and new:
            self.neurons.append(_features(given, last=isinstance(module, torch.nn.Linear)))
        if new:
            self._seen.append(weakref.ref(given))

    def after(self, name: str, module: torch.nn.Module, output: Any) -> None:
        try:
            found = strengths(outputs_of(output))
        except JacobianError as error:
            raise SignalError(f"layer {name}: {error}") from error
        if not np.isfinite(found).all():
            raise SignalError(f"layer {len(self.names) + 1} ({name}): found a signal that is not finite")
        self.names.append(name)
        self.operations.append(type(module).__name__)
        self.weighted.append(has_weights(module))
        self.strength.append(found)


def _features(values: torch.Tensor, last: bool) -> Floats:
    """Mean over all axes but the batch and that of features, shape (batch, features)."""
    moved = values if last else values.movedim(1, -1)
    axes = tuple(range(1, moved.ndim - 1))
    return (moved.mean(dim=axes) if axes else moved).double().cpu().numpy()


def record_signals(network: torch.nn.Module, inputs: torch.Tensor) -> RecordedSignals:
    """Send inputs through a network in eval mode and keep a few numbers of every layer.

    Args:
        network: any module.
        inputs: shape (inputs, ...).

    Raises:
        SignalError: if the network cannot take the inputs, calls no modules, or signals are not finite.
    """
    if any(isinstance(module, torch.jit.ScriptModule) for module in network.modules()):
        raise SignalError(f"{type(network).__name__}: found a scripted module, expected layers that can be followed")
    parts = [_record_batch(network, batch) for batch in torch.split(inputs, _BATCH)]
    first = parts[0]
    if not first.names:
        raise SignalError(f"{type(network).__name__}: found no call of a module without parts, expected layers")
    if any(part.names != first.names for part in parts):
        raise SignalError(f"{type(network).__name__}: found other layers for other inputs, expected the same")
    neurons = [np.concatenate(part.neurons, axis=1) for part in parts]
    return RecordedSignals(
        first.names, first.operations, first.weighted,
        np.concatenate([np.stack(part.strength, axis=1) for part in parts]), np.concatenate(neurons),
    )  # fmt: skip


def _record_batch(network: torch.nn.Module, batch: torch.Tensor) -> _Recorder:
    recorder = _Recorder()
    hooks = []
    for name, module in network.named_modules():
        if not is_layer(module):
            continue
        if has_weights(module):
            hooks.append(module.register_forward_pre_hook(recorder.before))
        hooks.append(
            module.register_forward_hook(
                lambda called, _, output, name=name: recorder.after(name or type(called).__name__, called, output)
            )
        )
    try:
        with torch.inference_mode(), in_eval_mode(network):
            # the network may change its input in place
            output = outputs_of(network(batch.clone()))
    # what torch raises of inputs that do not fit depends on the layer that they do not fit
    except (RuntimeError, TypeError, LookupError, AssertionError, JacobianError) as error:
        what = " x ".join(map(str, batch.shape[1:]))
        found = str(error).strip().splitlines() or [type(error).__name__]
        raise SignalError(f"{type(network).__name__} cannot take inputs of shape {what}: {found[0]}") from error
    finally:
        for hook in hooks:
            hook.remove()
    if len(output) != len(batch):
        raise SignalError(f"output: found shape {tuple(output.shape)}, expected a batch of {len(batch)}")
    recorder.neurons.append(_features(output, last=output.ndim < 4) if output.ndim > 1 else output[:, None].numpy())
    return recorder
