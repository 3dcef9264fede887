"""Classifiers of scaled tanh neurons side by side, trained on cross-entropy and the criticality loss.

The criticality loss is L = CE + alpha (lambda_t - lambda_0)^2 with lambda_0 = ln(s_max(J)) / layers, averaged over the
minibatch before it is squared, and J the Jacobian of the logits in the input (vock2025, main text: lambda_0 of a
training iteration; Methods print the square of every image's own). As in
:mod:`deepcrit.physics.lyapunov.differentiable` the singular vectors u and v of s_max come from the small matrix J J^T
and are constants of the gradient: ds = u^T dJ v. With J = W_n D_{n-1} ... D_1 W_1 the number u^T J v depends on the
weights as they stand in the product, which needs u carried down the layers and v carried up, and through the slopes
D = g'(z), which adds to what is carried down for the cross-entropy anyway.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from deepcrit.training.activations import AMPLITUDE, STEEPNESS
from deepcrit.training.networks import AddedGradient, FullyConnected, Passed, cross_entropy


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


class CriticalityNetworks(FullyConnected):
    """Fully connected networks of the activation ``scaled_tanh``, which may be trained on the criticality loss."""

    def exponents(self, images: Tensor) -> Tensor:
        """lambda_0 at every image, shape (networks, images); NaN where activities are not finite."""
        return self._stretched(self.forward(images)).log_largest / len(self.weights)

    def penalised_step(
        self, images: Tensor, labels: Tensor, learning_rate: float, penalty: Penalty
    ) -> tuple[Tensor, Tensor]:
        """One step of stochastic gradient descent on the criticality loss, see :meth:`FullyConnected.sgd_step`.

        Returns:
            Summed cross-entropy and mean lambda_0 before the step, shapes (networks,), double precision.
        """
        batch, layers = len(labels), len(self.weights)
        passed = self.forward(images)
        loss, gradient = cross_entropy(passed.logits, labels)
        log_largest, down, up, entering = self._stretched(passed)
        exponent = log_largest.double().mean(dim=1) / layers
        # derivative of the penalty by every ln(s_max), over s_max
        share = (penalty.derivative(exponent) / (batch * layers)).float()
        pushes = (share[:, None] * torch.exp(-log_largest))[..., None]
        leaving = [carried * pushes for carried in down]
        # g'' / g' = -2 (B / A) g
        through_slopes = [(left * up[at], passed.entering[at + 1]) for at, left in enumerate(leaving[:-1])]
        added = AddedGradient(entering, leaving, through_slopes, -2.0 * STEEPNESS / AMPLITUDE)
        self.backward(passed, gradient, learning_rate, added)
        return loss.total, exponent

    def _stretched(self, passed: Passed) -> _Stretching:
        """The largest singular value of every Jacobian, and its singular vectors carried through the layers."""
        slopes = passed.remembered
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
            rows = (rows @ weights[place].T).view(len(slope), self.shape.sizes[-1], -1)
        return torch.bmm(rows, rows.mT).double()
