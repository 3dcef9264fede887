"""Products with the input-output Jacobian of every input of a batch, on one graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from deepcrit.core.modes import in_eval_mode

# derivatives by other inputs of a batch above this fraction of those by the own are no rounding
DEPENDENT = 1e-6


class JacobianError(ValueError):
    """A function whose Jacobian cannot be multiplied with; the message says what was found and what was expected."""


def require_own_statistics(network: torch.nn.Module) -> None:
    """Raise :class:`JacobianError` for a module that normalises by the statistics of its batch in eval mode too."""
    for name, module in network.named_modules():
        # a scripted module keeps the name of its class, but not the class
        kind = getattr(module, "original_name", type(module).__name__)
        if "BatchNorm" in kind and getattr(module, "running_mean", ...) is None:
            raise JacobianError(f"{name or kind}: found {kind} without running statistics, whose outputs depend on "
                                "the other inputs of the batch, expected track_running_stats=True")  # fmt: skip


def outputs_of(output: Any) -> torch.Tensor:
    """The outputs, or logits, in what a network returned.

    A mapping, or an object with such an attribute, gives ``logits`` or ``out``; a tuple, list or dataclass without
    them its first tensor.

    Raises:
        JacobianError: naming what was found instead.
    """
    if isinstance(output, torch.Tensor):
        return output
    for name in ("logits", "out"):
        found = output.get(name) if isinstance(output, Mapping) else getattr(output, name, None)
        if isinstance(found, torch.Tensor):
            return found
    parts = [getattr(output, field.name) for field in fields(output)] if is_dataclass(output) else output
    if isinstance(parts, tuple | list):
        for found in parts:
            if isinstance(found, torch.Tensor):
                return found
    raise JacobianError(
        f"output: found {type(output).__name__}, expected a tensor, a tuple with one, or a mapping with logits or out"
    )


def tracked_outputs(function: Callable[[torch.Tensor], Any], inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """A copy of the inputs that is differentiated by, and the outputs, checked. Call with gradients enabled.

    Raises:
        JacobianError: as :class:`JacobianProducts`.
    """
    followed = inputs.detach().clone().requires_grad_(True)
    network = function if isinstance(function, torch.nn.Module) else getattr(function, "__self__", None)
    if isinstance(network, torch.nn.Module):
        require_own_statistics(network)
    # the function may change what it is given in place, which neither a leaf nor the caller's inputs would survive
    with in_eval_mode(network):
        outputs = outputs_of(function(followed.clone()))
    if outputs.shape[:1] != inputs.shape[:1]:
        raise JacobianError(f"output: found shape {tuple(outputs.shape)}, expected a batch of {len(inputs)}")
    if outputs.ndim < 2:
        raise JacobianError(f"output: found shape {tuple(outputs.shape)}, expected shape (batch, outputs)")
    if not outputs.requires_grad:
        raise JacobianError("output: found one without gradient, expected one that depends on the input")
    require_finite("output", outputs)
    _require_own_rows(followed, outputs)
    return followed, outputs


def _require_own_rows(followed: torch.Tensor, outputs: torch.Tensor) -> None:
    """Raise :class:`JacobianError` if outputs of every second input depend on the inputs between them."""
    if len(outputs) < 2:
        return
    cotangents = torch.zeros_like(outputs)
    generator = torch.Generator("cpu").manual_seed(0)
    cotangents[::2] = torch.randn(cotangents[::2].shape, generator=generator).to(outputs)
    pulled = torch.autograd.grad(outputs, followed, cotangents, retain_graph=True)[0].flatten(1)
    own, others = pulled[::2].abs().amax(), pulled[1::2].abs().amax()
    if others > DEPENDENT * own:
        raise JacobianError("output: found that of one input to depend on others of its batch, as with batch "
                            "normalisation by the batch, expected inputs that do not meet")  # fmt: skip


class JacobianProducts:
    """J^T u by differentiating the outputs, and J v by differentiating J^T u with respect to u.

    J^T u is linear in u, so that its derivative is J^T whatever u is: the graph of both is built once.

    Args:
        function: a module, which is measured in eval mode, or a callable, from a batch of inputs to a batch of outputs.
            It may change its input in place, and return what :func:`outputs_of` finds outputs in. The output of an
            input may depend on that input alone, which batch normalisation by the statistics of the batch breaks.
        inputs: floating, shape (batch, ...).

    Raises:
        JacobianError: if the output holds no tensor, or one of another batch size or without an axis but the batch, or
            one that does not depend on the input, depends on other inputs too, or is not finite.
    """

    def __init__(self, function: Callable[[torch.Tensor], Any], inputs: torch.Tensor) -> None:
        # fused attention has no second derivative
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):
            self._inputs, outputs = tracked_outputs(function, inputs)
            self._outputs = outputs.flatten(1)
            self._cotangent = torch.zeros_like(self._outputs, requires_grad=True)
            self._pulled = torch.autograd.grad(self._outputs, self._inputs, self._cotangent, create_graph=True)[0]

    @property
    def output_shape(self) -> tuple[int, int]:
        """Inputs in the batch, and outputs of each."""
        return self._outputs.shape[0], self._outputs.shape[1]

    def pull(self, cotangents: torch.Tensor) -> torch.Tensor:
        """J^T u of every input, shape of the inputs, for u of shape (batch, outputs)."""
        cotangents = cotangents.to(self._outputs.dtype)
        product = torch.autograd.grad(self._outputs, self._inputs, cotangents, retain_graph=True)[0]
        require_finite("J^T u", product)
        return product

    def push(self, tangents: torch.Tensor) -> torch.Tensor:
        """J v of every input, shape (batch, outputs), for v of the shape of the inputs."""
        tangents = tangents.to(self._inputs.dtype)
        product = torch.autograd.grad(self._pulled, self._cotangent, tangents, retain_graph=True)[0]
        require_finite("J v", product)
        return product


def require_finite(name: str, values: torch.Tensor) -> None:
    """Raise :class:`JacobianError` that names which of several inputs have values, shape (batch, ...), not finite."""
    finite = torch.isfinite(values.detach()).flatten(1).all(dim=1)
    if not finite.all():
        bad = torch.nonzero(~finite).flatten().tolist()
        # of a single input the caller knows which it is
        which = f" for inputs {bad}" if len(finite) > 1 else ""
        raise JacobianError(f"{name}: found values that are not finite{which}, expected finite ones")
