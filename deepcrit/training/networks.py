"""Several tanh networks of one shape side by side, trained by the same minibatches.

Every product of matrices is done for all networks in one call, every gradient is written out, and a weight is moved
by the product that makes its gradient: no graph is recorded and no gradient is stored. What a network computes does
not depend, to the last bit, on which others are beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from deepcrit.core.seeds import generator


@dataclass(frozen=True)
class NetworkShape:
    """Neurons of the layers: inputs, then ``depth`` hidden layers of ``width``, then classes."""

    inputs: int
    width: int
    depth: int
    classes: int

    @property
    def parameters(self) -> int:
        """Weights and biases of one network."""
        hidden = (self.depth - 1) * self.width * (self.width + 1)
        return (self.inputs + 1) * self.width + hidden + (self.width + 1) * self.classes


class TanhNetworks:
    """Networks z^1 = W^1 x + b^1, z^l = W^l tanh(z^{l-1}) + b^l, and logits W tanh(z^L) + b, all single precision.

    Attributes:
        shape: of each network.
        first, hidden, last: weights, shapes (networks, inputs, width), (depth - 1, networks, width, width) and
            (networks, width, classes), to be multiplied from the right.
        biases, last_bias: shapes (depth, networks, 1, width) and (networks, 1, classes).
    """

    def __init__(self, shape: NetworkShape, networks: int) -> None:
        """Networks of which nothing is set."""
        self.shape = shape
        self.first = torch.empty(networks, shape.inputs, shape.width)
        self.hidden = torch.empty(shape.depth - 1, networks, shape.width, shape.width)
        self.last = torch.empty(networks, shape.width, shape.classes)
        self.biases = torch.empty(shape.depth, networks, 1, shape.width)
        self.last_bias = torch.empty(networks, 1, shape.classes)
        self._workspace: tuple[Tensor, Tensor, Tensor] | None = None

    @classmethod
    def drawn(
        cls,
        shape: NetworkShape,
        seed_keys: Sequence[str],
        weight_variances: Sequence[float],
        bias_variances: Sequence[float],
    ) -> TanhNetworks:
        """Random networks: weights of variance sw2 over fan-in and biases of variance sb2, all Gaussian.

        Args:
            shape: of each network.
            seed_keys: one a network, see :mod:`deepcrit.core.seeds`.
            weight_variances, bias_variances: sw2 and sb2, one each a network.
        """
        drawn = cls(shape, len(seed_keys))
        for network, (key, sw2, sb2) in enumerate(zip(seed_keys, weight_variances, bias_variances, strict=True)):
            rng = generator(key)

            def normals(like: Tensor, variance: float) -> Tensor:
                values = rng.standard_normal(tuple(like.shape), dtype="float32")  # noqa: B023 (used in this turn only)
                return torch.from_numpy(values).mul_(math.sqrt(variance))

            drawn.first[network] = normals(drawn.first[network], sw2 / shape.inputs)
            for layer in drawn.hidden:
                layer[network] = normals(layer[network], sw2 / shape.width)
            drawn.last[network] = normals(drawn.last[network], sw2 / shape.width)
            drawn.biases[:, network] = normals(drawn.biases[:, network], sb2)
            drawn.last_bias[network] = normals(drawn.last_bias[network], sb2)
        return drawn

    def __len__(self) -> int:
        return len(self.first)

    def named(self) -> dict[str, Tensor]:
        """All parameters by name."""
        return {name: getattr(self, name) for name in ("first", "hidden", "last", "biases", "last_bias")}

    def kept(self, chosen: Sequence[int]) -> TanhNetworks:
        """Some of the networks, by position."""
        fewer = TanhNetworks(self.shape, len(chosen))
        index = torch.tensor(list(chosen), dtype=torch.int64)
        for name, into in fewer.named().items():
            axis = 1 if name in ("hidden", "biases") else 0
            into.copy_(getattr(self, name).index_select(axis, index))
        return fewer

    def finite(self) -> Tensor:
        """Whether all parameters of a network are finite, shape (networks,)."""
        whole = torch.ones(len(self), dtype=torch.bool)
        for name, parameter in self.named().items():
            by_network = parameter.transpose(0, 1) if name in ("hidden", "biases") else parameter
            whole &= by_network.isfinite().all(dim=-1).all(dim=-1).reshape(len(self), -1).all(dim=-1)
        return whole

    def logits(self, images: Tensor) -> Tensor:
        """Logits of images of shape (images, inputs): shape (networks, images, classes)."""
        y = torch.baddbmm(self.biases[0], images.expand(len(self), -1, -1), self.first).tanh_()
        for weights, bias in zip(self.hidden, self.biases[1:], strict=True):
            y = torch.baddbmm(bias, y, weights).tanh_()
        return torch.baddbmm(self.last_bias, y, self.last)

    def descend(self, images: Tensor, labels: Tensor, learning_rate: float) -> tuple[Tensor, Tensor]:
        """One step of gradient descent on the mean cross-entropy of a minibatch.

        Args:
            images: shape (batch, inputs).
            labels: classes, shape (batch,).
            learning_rate: by which gradients are multiplied.

        Returns:
            Summed cross-entropy and number of images classified correctly, before the step, shapes (networks,).
            Logits that are not finite classify nothing.
        """
        rate = -learning_rate
        y, below, above = self._buffers(len(images))
        torch.baddbmm(self.biases[0], images.expand(len(self), -1, -1), self.first, out=y[0]).tanh_()
        for layer, weights in enumerate(self.hidden, start=1):
            torch.baddbmm(self.biases[layer], y[layer - 1], weights, out=y[layer]).tanh_()
        logits = torch.baddbmm(self.last_bias, y[-1], self.last)
        log_probability = torch.log_softmax(logits, dim=-1)
        loss = -log_probability[:, torch.arange(len(labels)), labels].double().sum(dim=1)
        correct = correct_answers(logits, labels)

        # derivative by the logits, then down through the layers; weights move after their derivative was passed on
        force = log_probability.exp_()
        force[:, torch.arange(len(labels)), labels] -= 1.0
        force /= len(labels)
        torch.bmm(force, self.last.mT, out=below)
        self.last.baddbmm_(y[-1].mT, force, alpha=rate)
        self.last_bias.add_(force.sum(dim=1, keepdim=True), alpha=rate)
        for layer in range(self.shape.depth - 1, 0, -1):
            torch.ops.aten.tanh_backward.grad_input(below, y[layer], grad_input=below)
            weights = self.hidden[layer - 1]
            torch.bmm(below, weights.mT, out=above)
            weights.baddbmm_(y[layer - 1].mT, below, alpha=rate)
            self.biases[layer].add_(below.sum(dim=1, keepdim=True), alpha=rate)
            below, above = above, below
        torch.ops.aten.tanh_backward.grad_input(below, y[0], grad_input=below)
        self.first.baddbmm_(images.mT.expand(len(self), -1, -1), below, alpha=rate)
        self.biases[0].add_(below.sum(dim=1, keepdim=True), alpha=rate)
        return loss, correct

    def _buffers(self, batch: int) -> tuple[Tensor, Tensor, Tensor]:
        """Activities of all layers and two layers of derivatives, made once."""
        if self._workspace is None or self._workspace[1].shape[1] != batch:
            layer = (len(self), batch, self.shape.width)
            self._workspace = torch.empty(self.shape.depth, *layer), torch.empty(layer), torch.empty(layer)
        return self._workspace


def correct_answers(logits: Tensor, labels: Tensor) -> Tensor:
    """Images classified correctly, shape (networks,); logits that are not finite classify nothing."""
    right = (logits.argmax(dim=-1) == labels) & logits.isfinite().all(dim=-1)
    return right.sum(dim=1)
