"""The exponent as a term of a loss, against autograd through full Jacobians and their decomposition."""

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.physics.lyapunov.exponent import lyapunov_exponent
from deepcrit.physics.lyapunov.products import JacobianError
from deepcrit.physics.lyapunov.singular import largest_singular_values


def classifier() -> nn.Module:
    return nn.Sequential(nn.Linear(30, 40), nn.Tanh(), nn.Linear(40, 20), nn.Tanh(), nn.Linear(20, 10))


def binary_convolutions() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 4, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(96, 20), nn.ReLU(), nn.Linear(20, 2),
    )  # fmt: skip


NETWORKS = {"classifier": (classifier, (30,), 3), "binary": (binary_convolutions, (3, 16, 16), 4)}


@pytest.fixture(autouse=True)
def recorded() -> Iterator[None]:
    """Graphs are recorded, whatever scripts that train without them left behind."""
    with torch.enable_grad():
        yield


def exact(network: nn.Module, inputs: Tensor, layers: int) -> Tensor:
    """By the reverse mode for every output, and a differentiated decomposition, one input at a time."""
    jacobians = [torch.func.jacrev(lambda x: network(x[None])[0])(single).flatten(1) for single in inputs]
    return torch.stack([torch.linalg.svdvals(jacobian)[0].log() / layers for jacobian in jacobians])


@pytest.mark.parametrize("name", NETWORKS)
def test_value_and_gradient_are_those_of_the_full_jacobian(name: str) -> None:
    """In double precision: exponents to 1e-12, and the gradient by every parameter of the squared distance to 1e-9."""
    torch.manual_seed(4)
    make, shape, layers = NETWORKS[name]
    network, inputs = make().double(), torch.randn(6, *shape, dtype=torch.float64)
    found, expected = differentiable_exponents(network, inputs, layers), exact(network, inputs, layers)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    weights = [parameter for parameter in network.parameters() if parameter.dim() > 1]
    ours = torch.autograd.grad((found.mean() - 0.2) ** 2, weights)
    for one, other in zip(ours, torch.autograd.grad((expected.mean() - 0.2) ** 2, weights), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-9 * float(other.norm()))


def test_single_precision_gradient() -> None:
    """A gradient in single precision is within 1e-5 of that in double precision, in the norm."""
    torch.manual_seed(5)
    network, inputs = classifier(), torch.randn(50, 30)
    found = torch.autograd.grad(differentiable_exponents(network, inputs, 3).mean(), network[0].weight)[0]
    network.double()
    exact_gradient = torch.autograd.grad(exact(network, inputs.double(), 3).mean(), network[0].weight)[0]
    assert float((found - exact_gradient).norm() / exact_gradient.norm()) < 1e-5


def test_linear_map() -> None:
    """Of a matrix with singular values 3, 2, 1 it is ln 3 / 2, and its gradient u v^T / (2 * 3)."""
    torch.manual_seed(6)
    left, right = (torch.linalg.qr(torch.randn(n, 3, dtype=torch.float64))[0] for n in (4, 7))
    matrix = (left @ torch.diag(torch.tensor([3.0, 2.0, 1.0], dtype=torch.float64)) @ right.T).requires_grad_(True)
    found = differentiable_exponents(lambda x: x @ matrix.T, torch.randn(2, 7, dtype=torch.float64), 2)
    torch.testing.assert_close(found.detach(), torch.full((2,), math.log(3) / 2, dtype=torch.float64))
    gradient = torch.autograd.grad(found[0], matrix)[0]
    torch.testing.assert_close(gradient, torch.outer(left[:, 0], right[:, 0]) / 6)


def test_degenerate_singular_values_leave_the_gradient_finite() -> None:
    """At the identity every singular value is the same; differentiated singular vectors would divide by zero."""
    matrix = torch.eye(3, dtype=torch.float64, requires_grad=True)
    found = differentiable_exponents(lambda x: x @ matrix, torch.ones(1, 3, dtype=torch.float64), 1)
    assert float(torch.autograd.grad(found.sum(), matrix)[0].trace()) == pytest.approx(1.0)


def test_it_works_with_gradients_off_and_agrees_with_the_measured_exponent() -> None:
    """Inside torch.no_grad, as in trainings written out by hand, with the value of the Lanczos iteration."""
    torch.manual_seed(7)
    network, inputs = classifier().eval(), torch.randn(5, 30)
    with torch.no_grad():
        found = differentiable_exponents(network, inputs, 3)
    assert found.requires_grad
    measured = torch.from_numpy(lyapunov_exponent(largest_singular_values(network, inputs).log_value, 3))
    torch.testing.assert_close(found.detach().double(), measured, rtol=0, atol=1e-5)


def test_dead_and_broken_networks() -> None:
    """A Jacobian of zeros has the exponent -inf; one that is not finite is refused, naming the inputs."""
    dead = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    with torch.no_grad():
        dead[0].weight.zero_()
        dead[0].bias.fill_(-1.0)
    assert differentiable_exponents(dead, torch.ones(2, 4), 2).tolist() == [-math.inf, -math.inf]
    with pytest.raises(JacobianError, match=r"inputs \[1\]"):
        differentiable_exponents(lambda x: x.sqrt(), torch.tensor([[1.0, 2.0], [0.0, 1.0]]), 1)
