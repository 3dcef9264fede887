"""Jacobians beyond the range of single precision, and functions that are not as pure as they might be."""

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from deepcrit.core.modes import in_eval_mode
from deepcrit.experiments.uniform_networks.propagation import _chain
from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.physics.lyapunov.products import JacobianError, JacobianProducts
from deepcrit.physics.lyapunov.singular import largest_singular_values
from deepcrit.physics.propagation.paths import _mean_square
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.pretrained.dynamics import measure_network

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.* is deprecated")


class Chain(nn.Module):
    """Orthogonal layers times a gain: every singular value of the Jacobian is gain^layers."""

    def __init__(self, gain: float, layers: int) -> None:
        super().__init__()
        torch.manual_seed(layers)
        drawn = (torch.linalg.qr(torch.randn(8, 8, dtype=torch.float64))[0] for _ in range(layers))
        self.weights = nn.ParameterList([nn.Parameter((gain * matrix).float()) for matrix in drawn])

    def forward(self, x: Tensor) -> Tensor:
        for weight in self.weights:
            x = x @ weight.T
        return x


@pytest.mark.parametrize(
    ("gain", "layers"), [(0.4, 60), (0.4, 100), (1e-3, 12), (1e-3, 18), (0.9, 60), (2.0, 60), (2.0, 100), (2.0, 120)]
)
def test_squares_do_not_leave_the_range(gain: float, layers: int) -> None:
    """ln s of orthogonal chains is layers ln(gain) from 1e-54 to 1e36, in both functions, with its gradient.

    The mean exponent changes by 1 / layers with the logarithm of a factor of the first weights.
    """
    network, inputs = Chain(gain, layers).eval(), torch.randn(3, 8)
    found = largest_singular_values(network, inputs)
    assert found.converged.all()
    np.testing.assert_allclose(found.log_value, layers * math.log(gain), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found.value, gain**layers, rtol=1e-4)
    exponents = differentiable_exponents(network, inputs, layers)
    assert exponents.detach().numpy() == pytest.approx(math.log(gain), abs=1e-5)
    first = network.weights[0]
    (slope,) = torch.autograd.grad(exponents.mean(), first)
    assert float((slope * first).sum()) == pytest.approx(1 / layers, rel=1e-4)


def test_double_precision_goes_as_far() -> None:
    """s = 1e-200, whose square is zero in double precision."""
    network = nn.Sequential(*(nn.Linear(4, 4, bias=False) for _ in range(2))).double().eval()
    for layer in network:
        nn.init.eye_(layer.weight).data.mul_(1e-100)
    inputs = torch.randn(2, 4, dtype=torch.float64)
    assert largest_singular_values(network, inputs).log_value == pytest.approx(-200 * math.log(10))
    assert differentiable_exponents(network, inputs, 1).detach().numpy() == pytest.approx(-200 * math.log(10))


def test_a_dead_network_is_still_dead() -> None:
    """A Jacobian of zeros has a largest singular value of zero, beside one that has not."""
    network = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 3)).eval()
    nn.init.eye_(network[0].weight)
    nn.init.zeros_(network[0].bias)
    inputs = torch.stack([-torch.ones(4), torch.ones(4)])
    found = largest_singular_values(network, inputs)
    assert (found.log_value == -math.inf).tolist() == [True, False]
    assert torch.isneginf(differentiable_exponents(network, inputs, 2)).tolist() == [True, False]


class Shifted(nn.Module):
    """Normalises its input in place, or not."""

    def __init__(self, in_place: bool) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.in_place, self.linear = in_place, nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = x.sub_(0.5).div_(2.0) if self.in_place else (x - 0.5) / 2.0
        return torch.tanh(self.linear(x))


def rectified(in_place: bool) -> nn.Module:
    torch.manual_seed(4)
    return nn.Sequential(nn.ReLU(inplace=in_place), nn.Linear(6, 5), nn.ReLU(inplace=in_place), nn.Linear(5, 4))


@pytest.mark.parametrize("make", [Shifted, rectified])
def test_functions_may_change_their_input(make: Callable[[bool], nn.Module]) -> None:
    """A first operation in place has the value of its pure twin in all functions, and leaves the inputs alone."""
    impure, pure = make(True).eval(), make(False).eval()
    inputs = torch.randn(3, 6)
    before = inputs.clone()
    np.testing.assert_array_equal(
        largest_singular_values(impure, inputs).value, largest_singular_values(pure, inputs).value
    )
    assert torch.equal(differentiable_exponents(impure, inputs, 2), differentiable_exponents(pure, inputs, 2))
    cotangents = torch.ones(3, 4)
    products = JacobianProducts(impure, inputs)
    assert torch.equal(products.pull(cotangents), JacobianProducts(pure, inputs).pull(cotangents))
    found, expected = (measure_network(network, inputs, 1e-5, 20, 0) for network in (impure, pure))
    assert found.equals(expected)
    assert torch.equal(inputs, before)


def classifier() -> nn.Sequential:
    torch.manual_seed(5)
    return nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Flatten(), nn.Linear(64, 3)
    )


def test_scripted_modules_are_measured_as_eager_ones() -> None:
    """Scripted, traced and frozen, once and again, by the functions and as an own model of the zoo."""
    network, inputs = classifier().eval(), torch.randn(3, 2, 6, 6)
    expected = largest_singular_values(network, inputs).value
    rows = measure_network(classifier().eval(), inputs, 1e-5, 20, 0)["top_singular_value"]
    scripted = torch.jit.script(network)
    for compiled in (scripted, torch.jit.trace(network, inputs[:1]), torch.jit.freeze(scripted)):
        for _ in range(2):
            np.testing.assert_allclose(largest_singular_values(compiled, inputs).value, expected, rtol=1e-5)
            exponents = differentiable_exponents(compiled, inputs, 1).detach().numpy()
            np.testing.assert_allclose(np.exp(exponents), expected, rtol=1e-5)
            found = measure_network(compiled, inputs, 1e-5, 20, 0)["top_singular_value"]
            np.testing.assert_allclose(found, rows, rtol=1e-5)


@pytest.mark.parametrize("scripted", [False, True])
def test_outputs_that_depend_on_the_batch_are_refused(scripted: bool) -> None:
    """Batch normalisation without running statistics is named, in eval mode, of one input and of several."""
    network: nn.Module = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4, track_running_stats=False), nn.Flatten())
    network = torch.jit.script(network.eval()) if scripted else network.eval()
    message = "1: found BatchNorm2d without running statistics"
    for inputs in (torch.randn(1, 2, 6, 6), torch.randn(3, 2, 6, 6)):
        for call in (
            lambda x=inputs: JacobianProducts(network, x),
            lambda x=inputs: largest_singular_values(network, x),
            lambda x=inputs: differentiable_exponents(network, x, 1),
            lambda x=inputs: measure_network(network, x, 1e-5, 5, 0),
        ):
            with pytest.raises(JacobianError, match=message):
                call()


def test_rows_that_meet_in_a_function_are_seen() -> None:
    """A function that is no module tells by its derivatives: the mean over a batch of the inputs enters all outputs."""
    with pytest.raises(JacobianError, match="found that of one input to depend on others of its batch"):
        largest_singular_values(lambda x: torch.tanh(x - x.mean(dim=0)), torch.randn(4, 5))


@pytest.mark.parametrize("name", ["products", "singular", "exponents", "measure"])
def test_networks_in_training_mode_are_put_into_eval_mode_and_back(name: str) -> None:
    """With a warning, the value of eval mode, running statistics untouched, and every module in the mode it had."""
    network, inputs = classifier(), torch.randn(3, 2, 6, 6)
    network[3].eval()
    modes = [module.training for module in network.modules()]
    calls: dict[str, Callable[[], object]] = {
        "products": lambda: JacobianProducts(network, inputs).pull(torch.ones(3, 3)).tolist(),
        "singular": lambda: largest_singular_values(network, inputs).value.tolist(),
        "exponents": lambda: differentiable_exponents(network, inputs, 1).tolist(),
        "measure": lambda: measure_network(network, inputs, 1e-5, 20, 0).to_dict(),
    }
    with pytest.warns(UserWarning, match="Sequential: found in training mode, measured in eval mode and put back"):
        found = calls[name]()
    assert [module.training for module in network.modules()] == modes
    assert network[1].num_batches_tracked == 0
    network.eval()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert calls[name]() == found


def test_modes_are_restored_after_an_error() -> None:
    """What is measured may fail; the module is in its mode all the same."""
    network = classifier()

    def fail() -> None:
        with in_eval_mode(network):
            raise RuntimeError(f"training: {network.training}")

    with pytest.warns(UserWarning, match="put back"), pytest.raises(RuntimeError, match="training: False"):
        fail()
    assert all(module.training for module in network.modules())


def test_norms_and_mean_squares_of_signals_keep_their_range() -> None:
    """Layers that shrink or stretch by 1e25 have the logarithm of their norm, and paths their mean square.

    An input too faint to be squared is refused.
    """
    for scale in (1e-25, 1e25):
        _, path = _chain(lambda _, vector, by=scale: vector * np.float32(by), range(3), np.ones((1, 4, 2)) / 2)  # type: ignore[misc]
        np.testing.assert_allclose(path[:, 0, 0], np.log(scale) * np.arange(1, 4), rtol=1e-6)
        np.testing.assert_allclose(_mean_square(np.full((2, 3), scale, np.float32)), scale**2, rtol=1e-6)
    with pytest.raises(ValueError, match="input_strength: found 1e-20"):
        NetworkSpec(width=100, depth=5, weight_variance=1.0, input_strength=1e-20)
