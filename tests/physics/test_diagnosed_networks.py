"""Diagnoses of networks that are critical, chaotic, ordered or heavy-tailed by construction."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from deepcrit.diagnosis.avalanches import launched, measure_avalanches
from deepcrit.diagnosis.dynamics import measure_dynamics, phase
from deepcrit.diagnosis.graphs import measure_graph
from deepcrit.diagnosis.measuring import quiet
from deepcrit.diagnosis.multifractality import LayerJacobians, measure_multifractality
from deepcrit.diagnosis.nulls import randomised
from deepcrit.diagnosis.results import GAUSSIAN, SHUFFLED, Notion
from deepcrit.diagnosis.signals import record_signals
from deepcrit.diagnosis.tails import measure_tails
from deepcrit.physics.meanfield import steady_state
from deepcrit.stats import stable

WIDTH, DEPTH = 100, 20


def perceptron(weights: list[np.ndarray], phi: type[nn.Module] = nn.Tanh) -> nn.Sequential:
    """Layers of these weights, each followed by the activation, without biases."""
    layers: list[nn.Module] = []
    for matrix in weights:
        linear = nn.Linear(matrix.shape[1], matrix.shape[0], bias=False)
        linear.weight.data = torch.from_numpy(matrix).float()
        layers += [linear, phi()]
    return nn.Sequential(*layers).eval()


def gaussian_weights(weight_variance: float, width: int = WIDTH, depth: int = DEPTH) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [np.sqrt(weight_variance / width) * rng.standard_normal((width, width)) for _ in range(depth)]


def some_inputs(number: int, scale: float, width: int = WIDTH) -> torch.Tensor:
    return scale * torch.randn(number, width, generator=torch.Generator().manual_seed(1))


def dynamics_of(weight_variance: float, scale: float) -> Notion:
    network = perceptron(gaussian_weights(weight_variance))
    return measure_dynamics(network, some_inputs(8, scale), DEPTH, 0, quiet)


def test_at_the_edge_signals_branch_about_once() -> None:
    """Small signals in a tanh network of weight variance 1/N: both rates are those of a critical branching process."""
    found = dynamics_of(1.0, 0.1)
    assert found["branching_parameter"].value == pytest.approx(1.0, abs=0.02)
    assert found["growth_rate"].value == pytest.approx(0.0, abs=0.02)
    assert phase(found["growth_rate"], DEPTH) == "edge"
    assert "At the edge of chaos" in found["growth_rate"].meaning


def test_far_in_chaos_is_told_chaotic_at_the_rate_of_mean_field() -> None:
    """Differences grow by sw2 <phi'^2> at the fixed point, up to 1/N; the sentence says so."""
    fixed = steady_state(4.0, 0.0, "tanh")
    found = dynamics_of(4.0, float(np.sqrt(fixed.q / 4.0)))
    assert found["growth_rate"].value == pytest.approx(float(0.5 * np.log(fixed.chi_1)), rel=0.15)
    assert found["growth_rate"].meaning.startswith("Chaotic")
    assert found["lyapunov_exponent"].value > found["growth_rate"].value


def test_far_in_order_is_told_ordered() -> None:
    """A tanh network of weight variance 0.25/N shrinks differences by a half in every layer."""
    found = dynamics_of(0.25, 0.1)
    assert found["growth_rate"].value == pytest.approx(-np.log(2), abs=0.03)
    assert found["growth_rate"].meaning.startswith("Ordered")
    assert found["branching_parameter"].value == pytest.approx(0.5, abs=0.02)


def test_scaled_rotations_have_exact_exponents() -> None:
    """c times an orthogonal matrix stretches every direction by c: growth and Lyapunov exponent are ln c."""
    rng = np.random.default_rng(2)
    rotations = [1.1 * np.linalg.qr(rng.standard_normal((30, 30)))[0] for _ in range(5)]
    found = measure_dynamics(perceptron(rotations, nn.Identity), some_inputs(3, 1.0, 30), 5, 0, quiet)
    for name in ("growth_rate", "lyapunov_exponent"):
        assert found[name].value == pytest.approx(np.log(1.1), abs=1e-5)


def test_gaussian_weights_are_like_their_nulls() -> None:
    """A Gaussian network is no different from others of its kind, nor from itself shuffled."""
    found = dynamics_of(1.5, 0.5)
    for quantity in found.quantities:
        for null in quantity.nulls:
            assert quantity.ci_high >= null.low
            assert quantity.ci_low <= null.high


def test_gaussian_weights_are_not_told_heavy_tailed() -> None:
    """None of a dozen Gaussian tensors of several sizes."""
    rng = np.random.default_rng(3)
    network = nn.ModuleList([nn.Linear(20 + 4 * k, 30, bias=False) for k in range(12)])
    for part in network:
        part.weight.data = torch.from_numpy(rng.standard_normal(tuple(part.weight.shape))).float()
    found = measure_tails(network, 0, quiet)
    assert found["share_heavy"].value == 0
    assert not (found.tables["tensors"]["tail"] == "heavy").any()


def test_planted_stable_weights_are_recovered() -> None:
    """Tail index and scale g of stable weights, which are heavy-tailed, stable, and in the extended regime."""
    rng = np.random.default_rng(4)
    alpha, gain, width = 1.5, 1.3, 150
    weights = [stable.sample(rng, (width, width), alpha, gain * (2 * width) ** (-1 / alpha)) for _ in range(4)]
    found = measure_tails(perceptron(weights), 0, quiet)
    tensors = found.tables["tensors"]
    assert found["share_heavy"].value == 1
    assert ((tensors["alpha_low"] < alpha) & (alpha < tensors["alpha_high"])).sum() >= 3
    np.testing.assert_allclose(tensors["gain"], gain, rtol=0.1)
    assert set(tensors["best"]) == {"stable"}
    assert set(tensors["place"]) == {"extended"}
    assert (tensors["null_tail"] != "heavy").all()


def test_layer_jacobians_are_weights_times_slopes() -> None:
    """d h_2 / d h_1 = W_2 diag(phi'(h_1)), also where the activation works in place."""
    rng = np.random.default_rng(5)
    first, second = (rng.standard_normal((12, 12)) / 3 for _ in range(2))
    x = torch.from_numpy(rng.standard_normal(12)).float()
    h = first @ x.double().numpy()
    for phi, slope in ((nn.Tanh(), 1 - np.tanh(h) ** 2), (nn.ReLU(inplace=True), (h > 0).astype(float))):
        network = perceptron([first, second])
        network[1] = phi
        jacobians = LayerJacobians(network, x)
        assert jacobians.squares() == [(0, "2", 12)]
        slopes = jacobians.slopes(0)
        assert slopes is not None
        np.testing.assert_allclose(jacobians.matrix(0, slopes), second * slope, atol=1e-6)


def test_jacobians_of_convolutions_are_those_of_autograd() -> None:
    """d h_2 / d h_1 of two convolutions with biases and an activation between them."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.Tanh(), nn.Conv2d(2, 2, 3, padding=1)).eval()
    image = torch.randn(1, 4, 4)
    jacobians = LayerJacobians(network, image)
    slopes = jacobians.slopes(0)
    assert slopes is not None
    h = network[0](image.unsqueeze(0)).detach()
    expected = torch.autograd.functional.jacobian(lambda h: network[2](torch.tanh(h)), h).reshape(32, 32)
    np.testing.assert_allclose(jacobians.matrix(0, slopes), expected, atol=1e-6)


def test_eigenvectors_of_gaussian_jacobians_are_those_of_their_null_and_of_stable_ones_are_not() -> None:
    """D_2 of a Gaussian network is like that of Gaussian weights; stable weights localise eigenvectors (qu2022)."""
    rng = np.random.default_rng(6)
    heavy = [stable.sample(rng, (80, 80), 1.2, 160 ** (-1 / 1.2)) for _ in range(6)]
    means = {}
    for name, weights in (("gaussian", gaussian_weights(1.5, 80, 6)), ("heavy", heavy)):
        found = measure_multifractality(perceptron(weights), some_inputs(2, 1.0, 80), 0, quiet)
        means[name] = found["dimension_less_gaussian"]
    assert "spread as with Gaussian weights" in means["gaussian"].meaning
    assert "more localised" in means["heavy"].meaning


def test_avalanches_by_hand() -> None:
    """Durations and sizes above the mean of each layer, of four inputs and three layers."""
    strength = np.array([[3.0, 3.0, 0.0], [3.0, 0.0, 4.0], [0.0, 4.0, 4.0], [2.0, 1.0, 0.0]])
    found = launched(strength)  # means 2, 2 and 2
    assert found.duration.tolist() == [2, 1, 0, 1]
    assert found.size.tolist() == [2.0, 1.0, 0.0, 0.0]
    assert not found.censored.any()


def test_random_walks_have_the_exponent_three_halves() -> None:
    """P(D) ~ D^-3/2 of symmetric walks, far from that of the same strengths dealt at random."""
    walks = 100 + np.random.default_rng(7).standard_normal((4000, 100)).cumsum(axis=1)
    found = measure_avalanches(walks, 0)
    assert found["tau_duration"].value == pytest.approx(1.5, abs=0.12)
    assert found["likelihood_ratio"].ci_low > 0
    assert found["tau_duration"].ci_high < found["tau_duration"].nulls[0].low


def test_independent_signals_last_exponentially() -> None:
    """Above the mean with probability 1 - 1/e in every layer: the sentence says that there is no power law."""
    strengths = 10 - np.random.default_rng(7).standard_exponential((10_000, 40))
    found = measure_avalanches(strengths, 0)
    assert found["mean_duration"].value == pytest.approx(np.e, rel=0.03)
    assert "exponentially" in found["likelihood_ratio"].meaning
    assert "independent signals" in found["mean_duration"].meaning


def test_planted_groups_are_the_components() -> None:
    """Ten groups of four noisy copies: every neuron has three neighbours; independent neurons have none."""
    rng = np.random.default_rng(8)
    signals = rng.standard_normal((200, 10))
    copies = np.repeat(signals, 4, axis=1) + 0.1 * rng.standard_normal((200, 40))
    found = measure_graph(copies, 0)
    assert found["mean_degree"].value == 3.0
    assert found["largest_component"].value == 0.1
    assert found["mean_degree"].nulls[0].value == 0.0
    assert measure_graph(rng.standard_normal((200, 40)), 0)["norm"].meaning.startswith("Neurons are as little")


def test_random_weights_keep_what_they_should() -> None:
    """Gaussian ones mean and spread, shuffled ones every entry; the network itself stays as it is."""
    network = perceptron(gaussian_weights(1.0, 60, 2))
    before = network[0].weight.clone()
    gaussian, shuffled = (randomised(network, kind, 0, 0, some_inputs(4, 1.0, 60)) for kind in (GAUSSIAN, SHUFFLED))
    torch.testing.assert_close(network[0].weight, before)
    assert gaussian[0].weight.std().item() == pytest.approx(before.std().item(), rel=0.05)
    torch.testing.assert_close(shuffled[0].weight.flatten().sort().values, before.flatten().sort().values)
    assert not torch.equal(shuffled[0].weight, before)


def test_batch_normalisation_counts_again_for_other_weights() -> None:
    """Statistics that belong to the trained weights are replaced; those that were never counted stay."""
    network = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 8), nn.BatchNorm1d(8))
    untouched = randomised(network.eval(), GAUSSIAN, 0, 0, some_inputs(64, 1.0, 8))
    assert untouched[1].running_var.tolist() == [1.0] * 8
    network.train()
    network(100 * some_inputs(64, 1.0, 8))
    changed = randomised(network.eval(), GAUSSIAN, 0, 0, some_inputs(64, 1.0, 8))
    hidden = changed[0](some_inputs(64, 1.0, 8))
    torch.testing.assert_close(changed[1].running_var, hidden.var(dim=0), rtol=1e-4, atol=1e-6)
    assert not changed.training


def test_neurons_are_what_layers_with_weights_are_given() -> None:
    """Once where two layers are given the same, as by a skip connection; functional activations count, too."""

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second, self.beside = nn.Linear(5, 4), nn.Linear(4, 4), nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = torch.tanh(self.first(x))
            return self.second(h) + self.beside(h)

    block, inputs = Block().eval(), some_inputs(40, 1.0, 5)
    found = record_signals(block, inputs)
    with torch.inference_mode():
        h = torch.tanh(block.first(inputs))
        expected = torch.cat([h, block(inputs)], dim=1).double().numpy()
    np.testing.assert_allclose(found.neurons, expected, rtol=1e-5, atol=1e-6)
    assert found.weighted == [True, True, True]
    np.testing.assert_allclose(found.strength[:, 0], block.first(inputs).norm(dim=1).detach() / 4, rtol=1e-5)
