"""Several rectified networks of one shape side by side: convolutions with pooling, then fully connected layers.

A convolution is written as a product of matrices, so that every layer is one batched product for all networks, and
differentiable twice, as a loss on the Jacobian needs it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from deepcrit.core.devices import placed
from deepcrit.training.networks import Networks

POOLED = 2  # side of the squares of which the largest activity is kept


@dataclass(frozen=True)
class ConvolutionalShape:
    """Layers of one network.

    Attributes:
        colours: channels of an image.
        side: pixels of a side of an image.
        channels: output channels of the convolutions, each followed by a rectifier and pooling over 2 x 2.
        kernels: sides of their kernels.
        paddings: zeros around their inputs.
        hidden: neurons of the fully connected hidden layers.
        outputs: classes.
        initial_bound: weights are drawn uniformly within this over sqrt(fan-in), biases within 1 / sqrt(fan-in).
    """

    colours: int
    side: int
    channels: tuple[int, ...]
    kernels: tuple[int, ...]
    paddings: tuple[int, ...]
    hidden: tuple[int, ...]
    outputs: int
    initial_bound: float

    @property
    def layers(self) -> int:
        """Layers with weights, by which an exponent is divided."""
        return len(self.channels) + len(self.hidden) + 1

    @property
    def units(self) -> list[int]:
        """Hidden units of every hidden layer: channels of convolutions, then neurons."""
        return [*self.channels, *self.hidden]

    def sides(self) -> list[int]:
        """Sides of the maps that enter each convolution, and of the last ones, pooled.

        Raises:
            ValueError: if a map is smaller than the kernel, or nothing is left of it.
        """
        sides = [self.side]
        for kernel, padding in zip(self.kernels, self.paddings, strict=True):
            left = (sides[-1] + 2 * padding - kernel + 1) // POOLED
            if left < 1:
                raise ValueError(f"side: found {self.side}, of which these kernels leave nothing")
            sides.append(left)
        return sides

    def fan_ins(self) -> list[int]:
        """Inputs of a unit of every layer, outputs included."""
        before = [self.colours, *self.channels]
        inputs = [count * kernel**2 for count, kernel in zip(before, self.kernels, strict=False)]
        flat = before[-1] * self.sides()[-1] ** 2
        return [*inputs, flat, *self.hidden]


class ConvolutionalNetworks(Networks):
    """Rectified networks with weights W^l of shape (networks, units, fan-in) and biases (networks, units, 1).

    A fan-in is ordered by unit of the layer before, then by place.
    """

    shape: ConvolutionalShape

    @classmethod
    def drawn(cls, shape: ConvolutionalShape, networks: int, rng: np.random.Generator) -> Self:
        """Equal networks; a bound of 1 is torch's own default, sqrt(6) is Kaiming's (He et al. 2015)."""
        units = [*shape.units, shape.outputs]
        weights, biases = [], []
        for count, fan_in in zip(units, shape.fan_ins(), strict=True):
            weights.append(uniform(rng, (count, fan_in), fan_in, shape.initial_bound).expand(networks, -1, -1).clone())
            biases.append(uniform(rng, (count, 1), fan_in).expand(networks, -1, -1).clone())
        return cls(shape, weights, biases)

    def zeros_like(self) -> Self:
        """As many of the same shape, with all parameters zero."""
        return type(self)(self.shape, *([torch.zeros_like(x) for x in kind] for kind in (self.weights, self.biases)))

    def outgoing(self, layer: int) -> Tensor:
        """Weights that leave a hidden layer, a view of shape (networks, next units, units, places)."""
        weights = self.weights[layer + 1]
        return weights.view(*weights.shape[:2], self.shape.units[layer], -1)

    def reset_head(self, rng: np.random.Generator) -> None:
        """Draw the output layer anew, the same for all networks."""
        fan_in, outputs = self.weights[-1].shape[2], self.shape.outputs
        self.weights[-1].copy_(uniform(rng, (outputs, fan_in), fan_in, self.shape.initial_bound))
        self.biases[-1].copy_(uniform(rng, (outputs, 1), fan_in))

    def forward(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits and the activity of every hidden layer.

        Args:
            images: shape (1 or networks, images, colours, side, side); the first stands for the same images to all.

        Returns:
            Logits of shape (networks, outputs, images); activities of shape (networks, units, images, places).
        """
        features = []
        x = images.transpose(1, 2)
        for layer, (kernel, padding) in enumerate(zip(self.shape.kernels, self.shape.paddings, strict=True)):
            x = _pooled(functional.relu(self._convolved(layer, x, kernel, padding)))
            features.append(x.flatten(3))
        x = x.permute(0, 1, 3, 4, 2).flatten(1, 3)
        for layer in range(len(self.shape.kernels), self.shape.layers):
            x = torch.baddbmm(self.biases[layer], self.weights[layer], x.expand(len(self), -1, -1))
            if layer < self.shape.layers - 1:
                x = functional.relu(x)
                features.append(x.unsqueeze(3))
        return x, features

    def logits_of_each(self, images: Tensor) -> Tensor:
        """Logits of shape (networks * images, outputs) for images of shape (networks * images, colours, side, side).

        Each network sees its own share of the images: what goes in and out is one batch, as Jacobians want it.
        """
        logits, _ = self.forward(images.view(len(self), -1, *images.shape[1:]))
        return logits.transpose(1, 2).flatten(0, 1)

    def _convolved(self, layer: int, x: Tensor, kernel: int, padding: int) -> Tensor:
        """One convolution of maps (1 or networks, channels, images, side, side)."""
        x = functional.pad(x, (padding,) * 4) if padding else x
        patches = x.unfold(3, kernel, 1).unfold(4, kernel, 1)
        images, high, wide = patches.shape[2:5]
        columns = patches.permute(0, 1, 5, 6, 2, 3, 4).flatten(1, 3).flatten(2)
        columns = columns.expand(len(self), -1, -1)
        return torch.baddbmm(self.biases[layer], self.weights[layer], columns).view(len(self), -1, images, high, wide)


def uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, bound: float = 1.0) -> Tensor:
    """Numbers uniform within ``bound`` / sqrt(fan-in)."""
    bound /= math.sqrt(fan_in)
    return placed(torch.from_numpy(rng.uniform(-bound, bound, shape).astype(np.float32)))


def _pooled(x: Tensor) -> Tensor:
    pooled = functional.max_pool2d(x.flatten(0, 1), POOLED)
    return pooled.view(*x.shape[:2], *pooled.shape[1:])
