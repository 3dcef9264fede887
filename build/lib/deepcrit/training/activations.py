"""Activation functions of trained networks, in place, with their derivatives; phi(0) = 0 for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

AMPLITUDE, STEEPNESS = 1.7159, 0.6666  # of the scaled tanh A tanh(B z), vock2025, Methods
_tanh_backward = torch.ops.aten.tanh_backward.grad_input


class InPlaceActivation(NamedTuple):
    """An activation function.

    Attributes:
        apply: of pre-activations z, which it overwrites by phi(z); returns this, and what the derivative is found from.
        backward: from the gradient by phi(z), which it overwrites, and from the latter, the gradient by z.
    """

    apply: Callable[[Tensor], tuple[Tensor, Tensor]]
    backward: Callable[[Tensor, Tensor], Tensor]


def _scaled_tanh(z: Tensor) -> tuple[Tensor, Tensor]:
    y = z.mul_(STEEPNESS).tanh_()
    # the slope is zero, and not a rounding error of either sign, where a neuron is saturated
    slope = (1.0 - y.square()).mul_(AMPLITUDE * STEEPNESS)
    return y.mul_(AMPLITUDE), slope


IN_PLACE_ACTIVATIONS = {
    "tanh": InPlaceActivation(
        lambda z: (z.tanh_(), z), lambda d, y: torch.ops.aten.tanh_backward.grad_input(d, y, grad_input=d)
    ),
    "relu": InPlaceActivation(lambda z: (z.relu_(), z), lambda d, y: d.mul_(y > 0)),
    "scaled_tanh": InPlaceActivation(_scaled_tanh, lambda d, slope: d.mul_(slope)),
}
