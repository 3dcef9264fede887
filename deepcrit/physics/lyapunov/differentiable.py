"""The largest Lyapunov exponent as a term of a loss: differentiable by whatever the network is made of."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from deepcrit.physics.lyapunov.exponent import lyapunov_exponent
from deepcrit.physics.lyapunov.products import require_finite, tracked_outputs
from deepcrit.physics.lyapunov.scaling import faint_exponents, moderate_exponents, powers_of_two


def differentiable_exponents(
    function: Callable[[torch.Tensor], Any], inputs: torch.Tensor, layers: int
) -> torch.Tensor:
    """lambda_0 = ln(s_max) / layers of the Jacobian J at every input (vock2025, Methods), with a gradient by autograd.

    The rows of J are the derivatives of the outputs, one backward pass each. The largest eigenvector u of the small
    matrix J J^T is the left singular vector. A change of J changes a simple singular value by ds = u^T dJ v, as if u
    and v were constants (Magnus 1985, Econometric Theory 1, 179), so that s_max = |J^T u| with u held constant has the
    right value and the right gradient: one more backward pass, the only one that is itself differentiated. No singular
    vector is differentiated, which would divide by the gaps between singular values.

    Args:
        function: see `deepcrit.physics.lyapunov.products.JacobianProducts`; of few outputs, since J is formed.
        inputs: floating, shape (batch, ...).
        layers: by which the logarithm is divided.

    Returns:
        Shape (batch,). Where J is exactly zero, as behind dead rectifiers, -inf, with a gradient of zero.

    Raises:
        JacobianError: if the output is no tensor, has another batch size, does not depend on the input, or if outputs
            or derivatives are not finite.

    Examples:
        >>> import torch
        >>> from deepcrit import differentiable_exponents
        >>> gain = torch.tensor(2.0, requires_grad=True)
        >>> exponent = differentiable_exponents(lambda x: gain * x, torch.ones(1, 5), layers=1).sum()
        >>> exponent.backward()
        >>> print(f"{exponent.item():.4f}, derivative {gain.grad.item():.4f}")  # ln 2, and 1/2
        0.6931, derivative 0.5000
    """
    # the caller may be a training that is written out by hand, with gradients off
    with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):
        followed, outputs = tracked_outputs(function, inputs)
        outputs = outputs.flatten(1)
        jacobian = _jacobian(followed, outputs)
        raise_by = faint_exponents(jacobian)
        if raise_by.any():
            outputs = outputs * powers_of_two(raise_by, outputs)
            jacobian = _jacobian(followed, outputs)
        # squares of singular values leave single precision long before these do
        jacobian = jacobian * powers_of_two(-moderate_exponents(jacobian), jacobian)
        _, vectors = torch.linalg.eigh((jacobian @ jacobian.mT).double())
        largest = vectors[..., -1].to(outputs.dtype)
        pulled = torch.autograd.grad(outputs, followed, largest, create_graph=True)[0]
        # some layouts are summed in another order, and that of a derivative depends on the size of the batch
        pulled = pulled.flatten(1).contiguous()
        unit = moderate_exponents(pulled)
        squared = (pulled * powers_of_two(-unit, pulled)).square().sum(dim=1)
        alive = squared > 0
        shift = torch.from_numpy((unit - raise_by) * math.log(4.0)).to(squared)
        # the derivative of log(0) is not finite, and would stay so if only the result were chosen from
        logarithm = 0.5 * (torch.where(alive, squared, 1.0).log() + shift)
        return torch.where(alive, lyapunov_exponent(logarithm, layers), -torch.inf)


def _jacobian(followed: torch.Tensor, outputs: torch.Tensor) -> torch.Tensor:
    """J of every input, shape (batch, outputs, inputs), one backward pass an output."""
    rows = [
        torch.autograd.grad(outputs, followed, row.expand_as(outputs), retain_graph=True)[0]
        for row in torch.eye(outputs.shape[1], dtype=outputs.dtype, device=outputs.device)
    ]
    jacobian = torch.stack(rows, dim=1).flatten(2)
    require_finite("Jacobian", jacobian)
    return jacobian
