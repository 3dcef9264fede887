"""Continual backpropagation: units of little use are drawn anew (Dohare et al. 2024, Nature 632, 768, Algorithm 1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from deepcrit.experiments.continual.networks import ConvolutionalNetworks, ConvolutionalShape, uniform
from deepcrit.training.networks import SideBySide


class Replacement(SideBySide):
    """Utilities and ages of the hidden units of several networks, and what is owed to each layer.

    Attributes:
        rates: replacement rate of each network, rho; zero replaces nothing; shape (networks,).
        utilities, ages: one tensor a hidden layer, shape (networks, units).
        owed: units to replace that have accumulated, fractions included, shape (networks, hidden layers).
        replaced: units replaced so far, shape (networks,).
    """

    def __init__(self, shape: ConvolutionalShape, rates: Tensor, decay: float, maturity: int) -> None:
        """All units of age and utility zero.

        Args:
            shape: of each network.
            rates: of each network, double precision.
            decay: of the running mean of utilities, eta.
            maturity: updates that a unit is spared for.
        """
        self.shape, self.rates, self.decay, self.maturity = shape, rates, decay, maturity
        self.utilities = [torch.zeros(len(rates), units) for units in shape.units]
        self.ages = [torch.zeros(len(rates), units, dtype=torch.int64) for units in shape.units]
        self.owed = torch.zeros(len(rates), len(shape.units), dtype=torch.float64)
        self.replaced = torch.zeros(len(rates), dtype=torch.int64)

    def state(self) -> dict[str, Tensor]:
        """All that changes, by name."""
        named = {"owed": self.owed, "replaced": self.replaced}
        for layer, (utilities, ages) in enumerate(zip(self.utilities, self.ages, strict=True)):
            named |= {f"utilities{layer}": utilities, f"ages{layer}": ages}
        return named

    def select(self, chosen: Sequence[int]) -> Replacement:
        """What belongs to some of the networks, by position."""
        index = list(chosen)
        fewer = Replacement(self.shape, self.rates[index], self.decay, self.maturity)
        fewer.load({name: values[index] for name, values in self.state().items()})
        return fewer

    def step(
        self,
        networks: ConvolutionalNetworks,
        momenta: ConvolutionalNetworks,
        features: Sequence[Tensor],
        generators: Sequence[np.random.Generator],
    ) -> None:
        """After an update of the weights: age all units, and replace those that are due.

        A replaced unit has incoming weights drawn as at the beginning, no bias and no outgoing weights; its utility,
        age and momenta are zero.

        Args:
            networks: changed in place.
            momenta: of the optimiser, in the shape of the networks; changed in place.
            features: activity of every hidden layer before the update, see :meth:`ConvolutionalNetworks.forward`.
            generators: random numbers of each network.
        """
        for layer, activity in enumerate(features):
            self.ages[layer] += 1
            gained = contribution(networks, layer, activity)
            self.utilities[layer].mul_(self.decay).add_(gained, alpha=1.0 - self.decay)
            mature = self.ages[layer] > self.maturity
            self.owed[:, layer] += self.rates * mature.sum(dim=1)
            for network in torch.nonzero(self.owed[:, layer] >= 1.0).flatten().tolist():
                units = self._due(network, layer, mature[network])
                _draw_anew(networks, momenta, network, layer, units, generators[network])
                self.utilities[layer][network, units] = 0.0
                self.ages[layer][network, units] = 0
                self.owed[network, layer] -= len(units)
                self.replaced[network] += len(units)

    def _due(self, network: int, layer: int, mature: Tensor) -> Tensor:
        """The mature units of least utility, as many as are owed."""
        count = min(int(self.owed[network, layer]), int(mature.sum()))
        corrected = self.utilities[layer][network] / (1.0 - self.decay ** self.ages[layer][network].double())
        return torch.where(mature, corrected, torch.inf).argsort(stable=True)[:count]


def contribution(networks: ConvolutionalNetworks, layer: int, activity: Tensor) -> Tensor:
    """Mean |h| times the sum of the outgoing |w| of every unit of a hidden layer, shape (networks, units).

    A unit of a convolution is a channel: before another convolution, |h| is its mean over places; before a fully
    connected layer every place has weights of its own, and products are summed over places.
    """
    size = activity.abs().mean(dim=2)
    weights = networks.outgoing(layer).abs().sum(dim=1)
    if layer + 1 < len(networks.shape.kernels):
        return size.mean(dim=2) * weights.sum(dim=2)
    return (size * weights).sum(dim=2)


def _draw_anew(
    networks: ConvolutionalNetworks,
    momenta: ConvolutionalNetworks,
    network: int,
    layer: int,
    units: Tensor,
    rng: np.random.Generator,
) -> None:
    fan_in = networks.weights[layer].shape[2]
    networks.weights[layer][network, units] = uniform(rng, (len(units), fan_in), fan_in, networks.shape.initial_bound)
    momenta.weights[layer][network, units] = 0.0
    for side in (networks, momenta):
        side.biases[layer][network, units] = 0.0
        side.outgoing(layer)[network][:, units] = 0.0
