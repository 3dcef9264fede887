"""Activation functions of trained networks, in place, with their derivatives; phi(0) = 0 for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

AMPLITUDE, STEEPNESS = 1.7159, 0.6666  # of the scaled tanh A tanh(B z), vock2025, Methods


class Activation(NamedTuple):
    """An activation function.

    Attributes:
        apply: of pre-activations z, which it overwrites by phi(z); returns this, and what the derivative is found from.
        backward: of the gradient by phi(z), what the derivative is found from, and where the gradient by z goes.
    """

    apply: Callable[[Tensor], tuple[Tensor, Tensor]]
    backward: Callable[[Tensor, Tensor, Tensor], Tensor]


def _tanh(z: Tensor) -> tuple[Tensor, Tensor]:
    return z.tanh_(), z


def _tanh_backward(gradient: Tensor, activity: Tensor, out: Tensor) -> Tensor:
    return torch.ops.aten.tanh_backward.grad_input(gradient, activity, grad_input=out)


def _relu(z: Tensor) -> tuple[Tensor, Tensor]:
    return z.relu_(), z


def _relu_backward(gradient: Tensor, activity: Tensor, out: Tensor) -> Tensor:
    return torch.ops.aten.threshold_backward.grad_input(gradient, activity, 0.0, grad_input=out)


def _scaled_tanh(z: Tensor) -> tuple[Tensor, Tensor]:
    y = z.mul_(STEEPNESS).tanh_()
    # the slope is zero, and not a rounding error of either sign, where a neuron is saturated
    slope = (1.0 - y.square()).mul_(AMPLITUDE * STEEPNESS)
    return y.mul_(AMPLITUDE), slope


def _times_slope(gradient: Tensor, slope: Tensor, out: Tensor) -> Tensor:
    return torch.mul(gradient, slope, out=out)


ACTIVATIONS = {
    "tanh": Activation(_tanh, _tanh_backward),
    "relu": Activation(_relu, _relu_backward),
    "scaled_tanh": Activation(_scaled_tanh, _times_slope),
}
