"""Signals through a network in eval mode, and the largest singular value of its Jacobian, at each of some inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import torch

from deepcrit.core.devices import placed, placed_network
from deepcrit.core.modes import in_eval_mode
from deepcrit.physics.lyapunov.products import JacobianError, outputs_of, require_own_statistics
from deepcrit.physics.lyapunov.singular import largest_singular_values


class OutputError(ValueError):
    """An output that has no dynamics; the message says what was found and what was expected."""


def measure_network(
    network: torch.nn.Module, inputs: Iterable[torch.Tensor], tolerance: float, maximum_products: int, seed: int
) -> pd.DataFrame:
    """Activities, and the largest singular value of the Jacobian of outputs in inputs, one input at a time.

    The activity of a layer is the mean of |x| over its values (Vock and Meisel, Methods); in and out are the input as
    the network sees it, normalised, and its logits.

    Args:
        network: measured in eval mode, without gradients of its parameters; modules and scripted modules.
        inputs: each without the batch.
        tolerance: relative error at which a singular value has converged.
        maximum_products: products with J J^T after which it is left as it is.
        seed: of the first vectors, which differ between inputs.

    Returns:
        One row an input: columns ``image`` to ``top_class`` of schema ``dynamics_inputs``, published values apart.

    Raises:
        OutputError: where signals or derivatives vanish.
        JacobianError: for an output that holds no tensor, and for outputs or derivatives that are not finite, or do not
            depend on the input alone.
    """
    network = _twice_differentiable(network)
    # scripted modules have no requires_grad_ of their own
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    placed_network(network)
    require_own_statistics(network)
    with in_eval_mode(network):
        return pd.DataFrame(_rows(network, inputs, tolerance, maximum_products, seed))


def _rows(
    network: torch.nn.Module, inputs: Iterable[torch.Tensor], tolerance: float, maximum_products: int, seed: int
) -> list[dict[str, Any]]:
    rows = []
    for index, values in enumerate(inputs):
        one = placed(values.unsqueeze(0))
        try:
            found = largest_singular_values(network, one, tolerance, maximum_products, seed + index)
        except JacobianError as error:
            raise JacobianError(f"input {index}: {error}") from error
        with torch.inference_mode():
            # the network may change its input in place
            logits = outputs_of(network(one.clone())).flatten()
        before, after = (float(signal.abs().mean(dtype=torch.float64)) for signal in (one, logits))
        top = float(found.value[0])
        if not (before > 0 and after > 0 and top > 0):
            raise OutputError(
                f"input {index}: found mean |x| of {before:g} in and {after:g} out, and a largest singular value of "
                f"{top:g}, expected all above 0"
            )
        rows.append(
            {
                "image": index,
                "activity_in": before,
                "activity_out": after,
                "top_singular_value": top,
                "products": int(found.iterations[0]),
                "converged": bool(found.converged[0]),
                "error": float(found.error[0]),
                "top_class": int(logits.argmax()),
            }
        )
    return rows


class _Hardsigmoid(torch.nn.Module):
    """The same function from ReLU6, which torch can differentiate twice, as products with J need."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.relu6(input + 3.0) / 6.0


def _twice_differentiable(network: torch.nn.Module) -> torch.nn.Module:
    """The network with modules that torch differentiates only once, as in MobileNetV3, exchanged for their equals."""
    for module in list(network.modules()):
        # named_children leaves out what occurs a second time
        for name, part in list(module._modules.items()):
            if isinstance(part, torch.nn.Hardsigmoid):
                setattr(module, name, _Hardsigmoid())
    return network
