"""Several networks of one shape side by side.

Every product of matrices is done for all networks in one call, every gradient is written out, and a weight is moved
by the product that makes its gradient: no graph is recorded and no gradient is stored. What a network computes does
not depend, to the last bit, on which others are beside it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepcrit.core.devices import placed
from deepcrit.training.activations import IN_PLACE_ACTIVATIONS

# MKL adds up a product of fewer columns than some ten in another order than one of more
LEAST_COLUMNS = 32

# weights of every layer, shape (fan in, fan out), and biases, shape (fan out,), or none
Parameters = tuple[Sequence[NDArray[np.floating]], Sequence[NDArray[np.floating]]]


class SideBySide(ABC):
    """What belongs to several networks, in tensors with networks along the first axis."""

    @abstractmethod
    def state(self) -> dict[str, Tensor]:
        """All that training changes, by name."""

    @abstractmethod
    def select(self, chosen: Sequence[int]) -> Self:
        """What belongs to some of the networks, by position, as copies."""

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Take over the values of a :meth:`state`, on whatever device they are."""
        for name, values in self.state().items():
            values.copy_(state[name])


class Networks(SideBySide):
    """Parameters of networks of one shape.

    Attributes:
        shape: whatever defines the layers of each network.
        weights, biases: of every layer, networks along the first axis.
    """

    def __init__(self, shape: Any, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> None:
        self.shape, self.weights, self.biases = shape, list(weights), list(biases)

    def __len__(self) -> int:
        return len(self.biases[0])

    @property
    def parameters(self) -> list[Tensor]:
        """Weights, then biases, each from the first layer on."""
        return [*self.weights, *self.biases]

    def state(self) -> dict[str, Tensor]:
        """All parameters by name."""
        kinds = {"weights": self.weights, "biases": self.biases}
        return {f"{kind}{layer}": values for kind, of in kinds.items() for layer, values in enumerate(of)}

    def select(self, chosen: Sequence[int]) -> Self:
        """Some of the networks, by position, as copies."""
        index = list(chosen)
        return type(self)(self.shape, [w[index] for w in self.weights], [b[index] for b in self.biases])

    def finite(self) -> Tensor:
        """Whether all parameters of a network are finite, shape (networks,)."""
        return torch.stack([values.isfinite().flatten(1).all(dim=1) for values in self.parameters]).all(dim=0)


class Shape(NamedTuple):
    """Fully connected layers.

    Attributes:
        sizes: neurons of the layers, inputs and classes included.
        activation: of all hidden layers, by its name in :data:`deepcrit.training.activations.ACTIVATIONS`.
        biased: whether biases are trained; if not, they stay as they are, zero unless others are given.
    """

    sizes: tuple[int, ...]
    activation: str
    biased: bool = True


class Passed(NamedTuple):
    """What a minibatch leaves behind, until the next one.

    What enters every layer, what the derivative of every hidden layer's activation is found from, and logits.
    """

    entering: list[Tensor]
    remembered: list[Tensor]
    logits: Tensor


class AddedGradient(NamedTuple):
    """Gradient of a further term of the loss.

    Attributes:
        entering, leaving: of every layer, shapes (networks, rows, fan in) and (networks, rows, fan out), whose product
            over the rows is the gradient by the weights.
        by_preactivation: of every hidden layer, two factors of shape (networks, batch, neurons), whose product times
            ``scale`` is the gradient by z.
        scale: a number.
    """

    entering: list[Tensor]
    leaving: list[Tensor]
    by_preactivation: list[tuple[Tensor, Tensor]]
    scale: float


class FullyConnected(Networks):
    """Networks z_1 = x W_1 + b_1, z_l = phi(z_{l-1}) W_l + b_l, whose last z are logits, all single precision.

    Weights have shape (networks, fan in, fan out), biases (networks, 1, fan out). Inputs have shape (batch, inputs) if
    all networks see the same, else (networks, batch, inputs); their classes, from 0, (batch,) or (networks, batch).
    """

    shape: Shape

    def __init__(self, shape: Shape, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> None:
        super().__init__(shape, weights, biases)
        self._activation = IN_PLACE_ACTIVATIONS[shape.activation]
        self._allocated: tuple[int, tuple[list[Tensor], list[Tensor]]] = 0, ([], [])

    @classmethod
    def drawn(cls, shape: Shape, networks: int, initial: Iterable[Parameters]) -> Self:
        """Networks with initial parameters.

        Args:
            shape: of each network.
            networks: how many.
            initial: parameters of each, taken one after another. A network of fewer neurons is filled up by neurons
                without weights, which stay so, since phi(0) = 0: networks of several widths may be side by side. Layers
                of one neuron have to be filled up, since their products depend on company in the last bit.
        """
        pairs = list(pairwise(shape.sizes))
        weights = [torch.zeros(networks, fan_in, fan_out) for fan_in, fan_out in pairs]
        biases = [torch.zeros(networks, 1, fan_out) for _, fan_out in pairs]
        for place, parameters in zip(range(networks), initial, strict=True):
            for into, values in zip((weights, biases), parameters, strict=True):
                for layer, array in zip(into, values, strict=True) if len(values) else ():
                    matrix = placed(torch.from_numpy(np.atleast_2d(array)))
                    layer[place, : len(matrix), : matrix.shape[1]] = matrix
        return cls(shape, weights, biases)

    def logits(self, inputs: Tensor) -> Tensor:
        """Logits of shape (networks, batch, classes)."""
        x = self._affine(0, inputs)
        for layer in range(1, len(self.weights)):
            x = self._affine(layer, self._activation.apply(x)[0])
        return x

    def forward(self, inputs: Tensor) -> Passed:
        """Pass a minibatch through the layers and keep what :meth:`backward` needs."""
        entering, remembered = [inputs], []
        for layer, out in enumerate(self._memory(inputs.shape[-2])[0]):
            activity, found_from = self._activation.apply(self._affine(layer, entering[-1], out))
            entering.append(activity)
            remembered.append(found_from)
        return Passed(entering, remembered, self._affine(len(self.weights) - 1, entering[-1]))

    def backward(
        self, passed: Passed, gradient: Tensor, learning_rate: float, added: AddedGradient | None = None
    ) -> None:
        """Move all parameters against the gradient of the loss.

        Args:
            passed: by :meth:`forward`, with the present parameters.
            gradient: of the loss by the logits, shape (networks, batch, classes).
            learning_rate: by which gradients are multiplied.
            added: gradient of a further term of the loss.
        """
        delta, memory = gradient, self._memory(gradient.shape[1])[1]
        # weights move after the derivative was passed on through them
        for layer in reversed(range(len(self.weights))):
            below = torch.bmm(delta, self.weights[layer].mT, out=memory[layer - 1]) if layer else None
            if self.shape.biased:
                self.biases[layer].add_(delta.sum(dim=1, keepdim=True), alpha=-learning_rate)
            entering = passed.entering[layer]
            if added is not None:
                entering = torch.cat([entering.expand(len(self), -1, -1), added.entering[layer]], dim=1)
                delta = torch.cat([delta, added.leaving[layer]], dim=1)
            self._move_weights(layer, entering, delta, -learning_rate)
            if below is not None:
                delta = self._activation.backward(below, passed.remembered[layer - 1])
                if added is not None:
                    delta.addcmul_(*added.by_preactivation[layer - 1], value=added.scale)

    def sgd_step(self, inputs: Tensor, labels: Tensor, learning_rate: float | Tensor) -> Loss:
        """One step of stochastic gradient descent on the mean cross-entropy of a minibatch.

        Args:
            inputs: of the minibatch.
            labels: of the minibatch.
            learning_rate: by which gradients are multiplied; of all networks, or one each, shape (networks,).

        Returns:
            What the minibatch came to before the step.
        """
        passed = self.forward(inputs)
        loss, gradient = cross_entropy(passed.logits, labels)
        if isinstance(learning_rate, Tensor):
            # all gradients are linear in the one by the logits
            gradient *= learning_rate[:, None, None]
        self.backward(passed, gradient, 1.0 if isinstance(learning_rate, Tensor) else learning_rate)
        return loss

    def _affine(self, layer: int, x: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.baddbmm(self.biases[layer], x.expand(len(self), -1, -1), self.weights[layer], out=out)

    def _move_weights(self, layer: int, entering: Tensor, delta: Tensor, rate: float) -> None:
        self.weights[layer].baddbmm_(entering.mT.expand(len(self), -1, -1), delta, alpha=rate)

    def _memory(self, batch: int) -> tuple[list[Tensor], list[Tensor]]:
        """For the activities of all hidden layers, and for derivatives, of which those of two are needed at once."""
        if self._allocated[0] != batch:
            hidden, rows = self.shape.sizes[1:-1], len(self) * batch
            pair = torch.empty(2, rows * max(hidden, default=0))
            activities = [torch.empty(len(self), batch, neurons) for neurons in hidden]
            deltas = [pair[at % 2, : rows * n].view(len(self), batch, n) for at, n in enumerate(hidden)]
            self._allocated = batch, (activities, deltas)
        return self._allocated[1]


class SharedInputs(FullyConnected):
    """Networks that all see the same inputs, of shape (batch, inputs), so that their first layer is one product.

    That takes a tenth of the time for networks of few neurons, and as long for wide ones.
    """

    def __init__(self, shape: Shape, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> None:
        super().__init__(shape, weights, biases)
        columns = max(len(self) * shape.sizes[1], LEAST_COLUMNS)
        self._columns, self._column_biases = torch.zeros(shape.sizes[0], columns), torch.zeros(1, columns)
        self.weights[0] = self._by_network(self._columns).copy_(weights[0])
        self.biases[0] = self._by_network(self._column_biases).copy_(biases[0])

    def _affine(self, layer: int, x: Tensor, out: Tensor | None = None) -> Tensor:
        if layer:
            return super()._affine(layer, x, out)
        return self._by_network(torch.addmm(self._column_biases, x, self._columns))

    def _move_weights(self, layer: int, entering: Tensor, delta: Tensor, rate: float) -> None:
        if layer:
            super()._move_weights(layer, entering, delta, rate)
        else:
            columns = delta.transpose(0, 1).flatten(1)
            if missing := self._columns.shape[1] - columns.shape[1]:
                columns = torch.nn.functional.pad(columns, (0, missing))
            self._columns.addmm_(entering.mT, columns, alpha=rate)

    def _by_network(self, columns: Tensor) -> Tensor:
        """A view of columns, shape (rows, columns), as (networks, rows, neurons)."""
        neurons = self.shape.sizes[1]
        return columns[:, : len(self) * neurons].view(len(columns), len(self), neurons).transpose(0, 1)


class Loss(NamedTuple):
    """What inputs came to, shapes (networks,): summed cross-entropy, and how many are classified correctly.

    The former is of double precision; logits that are not finite classify nothing.
    """

    total: Tensor
    correct: Tensor


def cross_entropy(logits: Tensor, labels: Tensor) -> tuple[Loss, Tensor]:
    """The loss, and the gradient of its mean by the logits.

    Args:
        logits: shape (networks, batch, classes).
        labels: shape (batch,) or (networks, batch).
    """
    expected = labels.expand(len(logits), -1)
    log_probability = torch.log_softmax(logits, dim=-1)
    total = -log_probability.gather(2, expected[..., None])[..., 0].double().sum(dim=1)
    # of logits that are not finite the sum is not, either
    right = (logits.argmax(dim=-1) == expected) & log_probability.sum(dim=-1).isfinite()
    gradient = log_probability.exp_()
    gradient.scatter_add_(2, expected[..., None], gradient.new_full((), -1.0).expand(*expected.shape, 1))
    return Loss(total, right.sum(dim=1)), gradient.div_(labels.shape[-1])
