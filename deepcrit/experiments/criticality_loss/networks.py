"""Classifiers of scaled tanh neurons side by side, trained on cross-entropy and the criticality loss.

As in :mod:`deepcrit.training.networks` every product of matrices with a minibatch is done for all networks in one call,
every gradient is written out, and what a network computes does not depend, to the last bit, on which others are beside
it.

The criticality loss is L = CE + alpha (lambda_t - lambda_0)^2 with lambda_0 = ln(s_max(J)) / layers, averaged over the
minibatch before it is squared, and J the Jacobian of the logits in the input (vock2025, main text: lambda_0 of a
training iteration; Methods print the square of every image's own). As in
:mod:`deepcrit.physics.lyapunov.differentiable` the singular vectors u and v of s_max come from the small matrix J J^T
and are constants of the gradient: ds = u^T dJ v. With J = W_n D_{n-1} ... D_1 W_1 the number u^T J v depends on the
weights as they stand in the product, which needs u carried down the layers and v carried up, and through the slopes
D = g'(z), which adds to what is carried down for the cross-entropy anyway.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from deepcrit.core.seeds import generator
from deepcrit.experiments.criticality_loss.initial import draw_weights
from deepcrit.training.networks import correct_answers

AMPLITUDE, STEEPNESS = 1.7159, 0.6666  # g(z) = A tanh(B z), vock2025, Methods


class Penalty(NamedTuple):
    """Targets lambda_t and strengths alpha, one each a network, shapes (networks,), double precision."""

    targets: Tensor
    strengths: Tensor

    def of(self, exponents: Tensor) -> Tensor:
        """alpha (lambda_t - lambda_0)^2, shape (networks,)."""
        return self.strengths * (self.targets - exponents) ** 2

    def derivative(self, exponents: Tensor) -> Tensor:
        """Of the penalty by lambda_0, shape (networks,)."""
        return 2.0 * self.strengths * (exponents - self.targets)


class Step(NamedTuple):
    """What a minibatch came to before the step, shapes (networks,): summed cross-entropy, images classified correctly,
    and the mean exponent lambda_0, NaN where it is not part of the loss."""

    cross_entropy: Tensor
    correct: Tensor
    exponent: Tensor


class _Stretching(NamedTuple):
    """The direction of maximal stretching, carried through every layer.

    ``log_largest`` is ln(s_max), shape (networks, batch). ``down`` is u^T times what stands left of each weight matrix,
    from the first matrix to the last, ``up`` what stands right of each slope times v, without the slope, from the first
    slope on, and ``entering`` the same with it, beginning with v; shapes (networks, batch, neurons).
    """

    log_largest: Tensor
    down: list[Tensor]
    up: list[Tensor]
    entering: list[Tensor]


class ScaledTanhNetworks:
    """Networks z_1 = x W_1 + b_1, z_l = g(z_{l-1}) W_l + b_l, whose last z are logits, all single precision.

    Attributes:
        sizes: neurons of the layers, inputs and classes included.
        weights: of every layer, shapes (networks, fan in, fan out), multiplied from the right.
        biases: of every layer, shapes (networks, 1, fan out).
    """

    def __init__(self, sizes: Sequence[int], networks: int) -> None:
        """Networks without biases, of which no weight is set."""
        self.sizes = tuple(sizes)
        pairs = list(itertools.pairwise(self.sizes))
        self.weights = [torch.empty(networks, fan_in, fan_out) for fan_in, fan_out in pairs]
        self.biases = [torch.zeros(networks, 1, fan_out) for _, fan_out in pairs]

    @classmethod
    def drawn(
        cls,
        sizes: Sequence[int],
        seed_keys: Sequence[str],
        initialisations: Sequence[str],
        half_widths: Sequence[float],
    ) -> ScaledTanhNetworks:
        """Random networks, one for each seed and initialisation of the same place; biases start at zero.

        Args:
            sizes: neurons of the layers, inputs and classes included.
            seed_keys: one a network, see :mod:`deepcrit.core.seeds`.
            initialisations: one a network, see :mod:`deepcrit.experiments.criticality_loss.initial`.
            half_widths: of the uniform weights of init0, one a layer of weights.
        """
        networks = cls(sizes, len(seed_keys))
        for place, (key, initialisation) in enumerate(zip(seed_keys, initialisations, strict=True)):
            rng = generator(key)
            for layer, half_width in zip(networks.weights, half_widths, strict=True):
                fan_in, fan_out = layer.shape[1:]
                layer[place] = torch.from_numpy(draw_weights(initialisation, fan_in, fan_out, half_width, rng))
        return networks

    def __len__(self) -> int:
        return len(self.weights[0])

    def named(self) -> dict[str, Tensor]:
        """All parameters by name."""
        weights = {f"weights_{layer}": values for layer, values in enumerate(self.weights, start=1)}
        return weights | {f"biases_{layer}": values for layer, values in enumerate(self.biases, start=1)}

    def kept(self, chosen: Sequence[int]) -> ScaledTanhNetworks:
        """Some of the networks, by position."""
        fewer = ScaledTanhNetworks(self.sizes, len(chosen))
        index = torch.tensor(list(chosen), dtype=torch.int64)
        for name, into in fewer.named().items():
            into.copy_(self.named()[name].index_select(0, index))
        return fewer

    def finite(self) -> Tensor:
        """Whether all parameters of a network are finite, shape (networks,)."""
        whole = [values.isfinite().flatten(1).all(dim=1) for values in self.named().values()]
        return torch.stack(whole).all(dim=0)

    def logits(self, images: Tensor) -> Tensor:
        """Logits of images of shape (images, inputs): shape (networks, images, classes)."""
        return self._forward(images)[1]

    def exponents(self, images: Tensor) -> Tensor:
        """lambda_0 at every image, shape (networks, images); NaN where activities are not finite."""
        _, _, slopes = self._forward(images)
        return self._stretched(slopes).log_largest / len(self.weights)

    def descend(self, images: Tensor, labels: Tensor, learning_rate: float, penalty: Penalty | None = None) -> Step:
        """One step of gradient descent on the mean cross-entropy of a minibatch, with the penalty if there is one.

        Args:
            images: shape (batch, inputs).
            labels: classes, shape (batch,).
            learning_rate: by which gradients are multiplied.
            penalty: of every network.
        """
        batch, layers = len(labels), len(self.weights)
        activities, logits, slopes = self._forward(images)
        log_probability = torch.log_softmax(logits, dim=-1)
        cross_entropy = -log_probability[:, torch.arange(batch), labels].double().sum(dim=1)
        correct = correct_answers(logits, labels)
        force = log_probability.exp_()
        force[:, torch.arange(batch), labels] -= 1.0
        force /= batch
        exponent = torch.full((len(self),), torch.nan, dtype=torch.float64)
        stretching = None
        if penalty is not None:
            stretching = self._stretched(slopes)
            exponent = stretching.log_largest.double().mean(dim=1) / layers
            # derivative of the penalty by every ln(s_max), over s_max
            share = (penalty.derivative(exponent) / (batch * layers)).float()
            pushes = (share[:, None] * torch.exp(-stretching.log_largest))[..., None]
        # weights move after the derivative was passed on through them
        for layer in reversed(range(layers)):
            passed = torch.bmm(force, self.weights[layer].mT) if layer else None
            self.biases[layer].add_(force.sum(dim=1, keepdim=True), alpha=-learning_rate)
            entering, leaving = activities[layer], force
            if stretching is not None:
                entering = torch.cat([entering, stretching.entering[layer]], dim=1)
                leaving = torch.cat([leaving, stretching.down[layer] * pushes], dim=1)
            self.weights[layer].baddbmm_(entering.mT, leaving, alpha=-learning_rate)
            if passed is not None:
                force = passed.mul_(slopes[layer - 1])
                if stretching is not None:
                    # g'' / g' = -2 (B / A) g
                    bent = stretching.down[layer - 1] * pushes * stretching.up[layer - 1]
                    force.addcmul_(bent, activities[layer], value=-2.0 * STEEPNESS / AMPLITUDE)
        return Step(cross_entropy, correct, exponent)

    def _forward(self, images: Tensor) -> tuple[list[Tensor], Tensor, list[Tensor]]:
        """What enters every layer, logits, and the slopes of every hidden layer."""
        activities, slopes = [images.expand(len(self), -1, -1)], []
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            bent = torch.baddbmm(bias, activities[-1], weights).mul_(STEEPNESS).tanh_()
            # zero, and not a rounding error of either sign, where a neuron is saturated
            slopes.append((1.0 - bent.square()).mul_(AMPLITUDE * STEEPNESS))
            activities.append(bent.mul_(AMPLITUDE))
        return activities, torch.baddbmm(self.biases[-1], activities[-1], self.weights[-1]), slopes

    def _stretched(self, slopes: list[Tensor]) -> _Stretching:
        """The largest singular value of every Jacobian, and its singular vectors carried through the layers."""
        gram = torch.stack([self._gram(place, [slope[place] for slope in slopes]) for place in range(len(self))])
        # LAPACK refuses what is not finite; the norm below is NaN there all the same
        gram.masked_fill_(~gram.isfinite(), 0.0)
        down = [torch.linalg.eigh(gram)[1][..., -1].float()]
        for weights, slope in zip(reversed(self.weights[1:]), reversed(slopes), strict=True):
            down.insert(0, torch.bmm(down[0], weights.mT).mul_(slope))
        pulled = torch.bmm(down[0], self.weights[0].mT)
        largest = pulled.norm(dim=-1, keepdim=True)
        entering, up = [pulled / largest], []
        for weights, slope in zip(self.weights[:-1], slopes, strict=True):
            up.append(torch.bmm(entering[-1], weights))
            entering.append(up[-1] * slope)
        return _Stretching(largest[..., 0].log(), down, up, entering)

    def _gram(self, place: int, slopes: list[Tensor]) -> Tensor:
        """J J^T of one network at every image, shape (batch, classes, classes), double precision.

        One network at a time, because the rows of all Jacobians of one stay in the cache.
        """
        rows = self.weights[-1][place].T.contiguous()[None]
        for weights, slope in zip(reversed(self.weights[:-1]), reversed(slopes), strict=True):
            rows = (rows * slope[:, None]).flatten(0, 1)
            rows = (rows @ weights[place].T).view(len(slope), self.sizes[-1], -1)
        return torch.bmm(rows, rows.mT).double()
