"""Continual backpropagation against a literal reading of its definition, and exponents against full Jacobians."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn

from deepcrit.experiments.continual.networks import ConvolutionalNetworks, ConvolutionalShape
from deepcrit.experiments.continual.replacement import Replacement, contribution
from deepcrit.physics.lyapunov.differentiable import differentiable_exponents

CONVOLUTIONS = ConvolutionalShape(1, 14, (3, 4, 5), (5, 3, 3), (0, 1, 1), (6, 4), 2, 2.0)
CONNECTED = ConvolutionalShape(1, 6, (), (), (), (7, 5), 3, 2.0)


@pytest.fixture(autouse=True)
def _without_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


def networks_of(shape: ConvolutionalShape, count: int = 2, seed: int = 0) -> ConvolutionalNetworks:
    """Networks that differ from each other."""
    drawn = [ConvolutionalNetworks.drawn(shape, 1, np.random.default_rng((seed, number))) for number in range(count)]
    layers = range(shape.layers)
    return ConvolutionalNetworks(
        shape,
        [torch.cat([one.weights[layer] for one in drawn]) for layer in layers],
        [torch.cat([one.biases[layer] for one in drawn]) for layer in layers],
    )


def images_of(shape: ConvolutionalShape, count: int = 8, seed: int = 1) -> torch.Tensor:
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.random((count, shape.colours, shape.side, shape.side), dtype=np.float32))


def as_module(networks: ConvolutionalNetworks, number: int) -> nn.Sequential:
    """One of the networks as torch's own layers."""
    shape = networks.shape
    modules: list[nn.Module] = []
    before = shape.colours
    for layer, (count, kernel, padding) in enumerate(zip(shape.channels, shape.kernels, shape.paddings, strict=True)):
        convolution = nn.Conv2d(before, count, kernel, padding=padding)
        convolution.weight.copy_(networks.weights[layer][number].view_as(convolution.weight))
        convolution.bias.copy_(networks.biases[layer][number].flatten())
        modules += [convolution, nn.ReLU(), nn.MaxPool2d(2)]
        before = count
    modules.append(nn.Flatten())
    for layer in range(len(shape.kernels), shape.layers):
        weights = networks.weights[layer][number]
        linear = nn.Linear(weights.shape[1], weights.shape[0])
        linear.weight.copy_(weights)
        linear.bias.copy_(networks.biases[layer][number].flatten())
        modules += [linear, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


@pytest.mark.parametrize("shape", [CONVOLUTIONS, CONNECTED], ids=["convolutions", "connected"])
def test_forward_and_exponents(shape: ConvolutionalShape) -> None:
    """Logits are those of torch's layers, and exponents those of their full Jacobians, network by network."""
    networks, images = networks_of(shape), images_of(shape, 4)
    logits, features = networks.forward(images.unsqueeze(0))
    assert [f.shape[1] for f in features] == shape.units
    each = images.expand(2, -1, -1, -1, -1).flatten(0, 1)
    exponents = differentiable_exponents(networks.logits_of_each, each, shape.layers).view(2, -1)
    for number in range(2):
        module = as_module(networks, number)
        assert torch.allclose(logits[number].T, module(images), atol=1e-5)
        with torch.enable_grad():
            full = torch.autograd.functional.jacobian(lambda x, m=module: m(x).sum(dim=0), images)
        jacobians = full.movedim(1, 0).flatten(2)
        expected = torch.linalg.svdvals(jacobians)[:, 0].log() / shape.layers
        assert torch.allclose(exponents[number].detach(), expected, atol=1e-5)


def literal_contribution(
    networks: ConvolutionalNetworks, number: int, layer: int, activity: torch.Tensor
) -> list[float]:
    """Unit by unit: mean |h| times the sum of |w| that leave it; across a flattening, place by place."""
    weights = networks.outgoing(layer)[number]
    found = []
    for unit in range(networks.shape.units[layer]):
        h = activity[number, unit].abs()
        if layer + 1 < len(networks.shape.kernels):
            found.append(float(h.mean() * weights[:, unit].abs().sum()))
        else:
            places = range(h.shape[1])
            found.append(sum(float(h[:, p].mean() * weights[:, unit, p].abs().sum()) for p in places))
    return found


@pytest.mark.parametrize("shape", [CONVOLUTIONS, CONNECTED], ids=["convolutions", "connected"])
def test_replacement_against_a_literal_reference(shape: ConvolutionalShape) -> None:
    """Utilities, ages, what is owed and who is replaced follow Algorithm 1 of Dohare et al., unit by unit."""
    rates, decay, maturity = [0.04, 0.0], 0.9, 4
    networks = networks_of(shape)
    momenta = networks_of(shape, seed=5)
    replacement = Replacement(shape, torch.tensor(rates, dtype=torch.float64), decay, maturity)
    utilities = [[[0.0] * units for units in shape.units] for _ in rates]
    ages = [[[0] * units for units in shape.units] for _ in rates]
    owed = [[0.0] * len(shape.units) for _ in rates]
    generators = [np.random.default_rng(number) for number in range(2)]
    total = 0
    for step in range(40):
        _, features = networks.forward(images_of(shape, seed=step).unsqueeze(0))
        expected: list[tuple[int, int, int]] = []
        for layer, activity in enumerate(features):
            for number, rate in enumerate(rates):
                gained = literal_contribution(networks, number, layer, activity)
                mature = []
                for unit, gain in enumerate(gained):
                    ages[number][layer][unit] += 1
                    utilities[number][layer][unit] = decay * utilities[number][layer][unit] + (1 - decay) * gain
                    if ages[number][layer][unit] > maturity:
                        mature.append(unit)
                owed[number][layer] += rate * len(mature)
                while owed[number][layer] >= 1 and mature:
                    corrected = {u: utilities[number][layer][u] / (1 - decay ** ages[number][layer][u]) for u in mature}
                    worst = min(corrected, key=lambda u, c=corrected: c[u])
                    mature.remove(worst)
                    expected.append((number, layer, worst))
                    utilities[number][layer][worst], ages[number][layer][worst] = 0.0, 0
                    owed[number][layer] -= 1
        before = [w.clone() for w in networks.weights]
        replacement.step(networks, momenta, features, generators)
        for number, layer, unit in expected:
            # towards a unit that is as fresh there are weights, which end there
            older = [u for u in range(networks.weights[layer + 1].shape[1]) if (number, layer + 1, u) not in expected]
            assert not networks.outgoing(layer)[number][older][:, unit].any()
            assert not networks.biases[layer][number, unit].any()
            for parameter in (momenta.weights[layer], momenta.biases[layer]):
                assert not parameter[number, unit].any()
            assert not momenta.outgoing(layer)[number][:, unit].any()
            fresh = networks.weights[layer][number, unit]
            assert fresh.abs().max() <= shape.initial_bound / fresh.numel() ** 0.5
            assert not torch.equal(fresh, before[layer][number, unit])
        total += len(expected)
        for layer in range(len(shape.units)):
            for number in range(2):
                assert replacement.ages[layer][number].tolist() == ages[number][layer]
                assert replacement.utilities[layer][number].tolist() == pytest.approx(
                    utilities[number][layer], rel=1e-4
                )
    assert replacement.replaced.tolist() == [total, 0]
    assert total > 10


def test_replaced_units_say_nothing() -> None:
    """A network with fresh units computes what it computes without them, convolutions and flattening included."""
    networks = networks_of(CONVOLUTIONS, 1)
    replacement = Replacement(CONVOLUTIONS, torch.tensor([0.999], dtype=torch.float64), 0.99, 0)
    images = images_of(CONVOLUTIONS)
    _, features = networks.forward(images.unsqueeze(0))
    replacement.step(networks, networks_of(CONVOLUTIONS, 1), features, [np.random.default_rng(0)])
    fresh = [torch.nonzero(ages[0] == 0).flatten() for ages in replacement.ages]
    assert all(len(units) for units in fresh)
    logits, _ = networks.forward(images.unsqueeze(0))
    for layer, units in enumerate(fresh):
        networks.weights[layer][0, units] = 7.0
        networks.biases[layer][0, units] = 1.0
    assert torch.equal(networks.forward(images.unsqueeze(0))[0], logits)


def test_as_many_are_replaced_as_the_rate_says() -> None:
    """In the long run rho times the mature units are replaced at each update, in every layer."""
    shape, rate, steps, maturity = CONNECTED, 0.01, 600, 10
    networks = networks_of(shape, 1)
    replacement = Replacement(shape, torch.tensor([rate], dtype=torch.float64), 0.99, maturity)
    mature = 0
    rng = [np.random.default_rng(3)]
    _, features = networks.forward(images_of(shape).unsqueeze(0))
    for _ in range(steps):
        mature += sum(int((ages + 1 > maturity).sum()) for ages in replacement.ages)
        replacement.step(networks, networks, features, rng)
    assert abs(int(replacement.replaced) - rate * mature) <= len(shape.units)


def test_utility_of_known_weights() -> None:
    """A unit of activity 2 with outgoing weights 1, -3 and 0.5 contributes 9."""
    networks = networks_of(CONNECTED, 1)
    networks.weights[-1][0, :, 0] = torch.tensor([1.0, -3.0, 0.5])
    activity = torch.zeros(1, 5, 4, 1)
    activity[0, 0] = -2.0
    assert contribution(networks, 1, activity)[0].tolist() == [9.0, 0.0, 0.0, 0.0, 0.0]
