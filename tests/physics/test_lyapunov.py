"""Largest singular values without Jacobians, against full Jacobians and known spectra."""

from collections.abc import Callable
from dataclasses import make_dataclass

import numpy as np
import pytest
import torch
import torchvision.models as zoo
from torch import nn

from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.physics.lyapunov.exponent import lyapunov_exponent
from deepcrit.physics.lyapunov.products import JacobianError, JacobianProducts
from deepcrit.physics.lyapunov.singular import largest_singular_values


def exact(function: Callable[[torch.Tensor], torch.Tensor], inputs: torch.Tensor) -> list[float]:
    """Largest singular values of full Jacobians, by the reverse mode and a decomposition."""
    found = []
    for single in inputs:
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
            full = torch.func.jacrev(lambda x: function(x[None])[0].flatten())(single)
        found.append(float(torch.linalg.svdvals(full.detach().flatten(1).double())[0]))
    return found


def mlp() -> nn.Module:
    layers = [layer for _ in range(4) for layer in (nn.Linear(40, 40), nn.Tanh())]
    return nn.Sequential(*layers, nn.Linear(40, 10))


def convolutions() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.GELU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 8, 3, padding=1), nn.LayerNorm([8, 8, 8]), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10),
    )  # fmt: skip


def transformer() -> nn.Module:
    network = zoo.VisionTransformer(
        image_size=32, patch_size=8, num_layers=2, num_heads=4, hidden_dim=64, mlp_dim=128, num_classes=20
    )
    # torchvision starts from a head of zeros
    nn.init.normal_(network.heads.head.weight)
    return network


ARCHITECTURES = {
    "mlp": (mlp, (40,)),
    "convolutions": (convolutions, (3, 16, 16)),
    "resnet18": (lambda: zoo.resnet18(num_classes=20), (3, 64, 64)),
    "transformer": (transformer, (3, 32, 32)),
    "mobilenet": (lambda: zoo.mobilenet_v2(num_classes=20), (3, 32, 32)),
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_value_is_that_of_the_full_jacobian(name: str) -> None:
    """Relative error below 1e-5 at every input of a batch, and within the stated error where rounding allows."""
    torch.manual_seed(1)
    make, shape = ARCHITECTURES[name]
    network, inputs = make().eval(), torch.randn(2, *shape)
    found = largest_singular_values(network, inputs)
    truth = exact(network, inputs)
    assert found.converged.all()
    assert found.value == pytest.approx(truth, rel=1e-5)
    assert (np.abs(found.value / truth - 1) <= found.error + 2e-6).all()
    assert lyapunov_exponent(found.log_value, 4) == pytest.approx(np.log(truth) / 4, abs=1e-5)


def test_known_spectrum_and_stated_error() -> None:
    """In double precision errors are below the bound, and one iteration is not called converged."""
    torch.manual_seed(2)
    left, right = (torch.linalg.qr(torch.randn(60, 60, dtype=torch.float64))[0] for _ in range(2))
    matrix = left @ torch.diag(torch.linspace(0.1, 2.5, 60, dtype=torch.float64)) @ right
    inputs = torch.randn(3, 60, dtype=torch.float64)
    for tolerance in (1e-2, 1e-6, 1e-12):
        found = largest_singular_values(lambda x: x @ matrix.T, inputs, tolerance)
        assert found.converged.all()
        assert (found.error <= tolerance).all()
    assert found.value == pytest.approx(2.5, rel=1e-11)
    once = largest_singular_values(lambda x: x @ matrix.T, inputs, 1e-6, most_iterations=1)
    assert not once.converged.any()
    assert (once.error > 1e-6).all()


def test_products_are_adjoint_and_batches_are_independent() -> None:
    """u J v = v J^T u, and an input has the same value alone as beside others; a constant has the value zero."""
    torch.manual_seed(3)
    network, inputs = mlp().double().eval(), torch.randn(3, 40, dtype=torch.float64)
    products = JacobianProducts(network, inputs)
    u, v = torch.randn(3, 10, dtype=torch.float64), torch.randn(3, 40, dtype=torch.float64)
    left, right = (u * products.push(v)).sum(dim=1), (v * products.pull(u)).sum(dim=1)
    assert left.numpy() == pytest.approx(right.numpy(), rel=1e-12)
    together = largest_singular_values(network, inputs, 1e-10).value
    alone = [largest_singular_values(network, single[None], 1e-10).value[0] for single in inputs]
    assert together == pytest.approx(alone, rel=1e-9)
    nothing = largest_singular_values(lambda x: 0.0 * x, inputs)
    assert nothing.converged.all()
    assert (nothing.value == 0).all()


def test_rank_one_ends_at_once() -> None:
    """A Krylov space that is complete after one step gives the exact value and no rounding noise."""
    ones = torch.ones(5, 7, dtype=torch.float64)
    found = largest_singular_values(lambda x: x @ ones.T, torch.randn(2, 7, dtype=torch.float64), 1e-10)
    assert found.value == pytest.approx(np.sqrt(35), rel=1e-10)
    assert (found.iterations <= 2).all()


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: (None, "x"), "found tuple, expected a tensor"),
        (lambda x: {"features": x}, "found dict, expected a tensor"),
        (lambda x: make_dataclass("Empty", ["loss"])(None), "found Empty, expected a tensor"),
        (lambda x: torch.log(x - 100.0), "output: found values that are not finite for inputs"),
        (lambda x: torch.sqrt(0.0 * x), "J\\^T u: found values that are not finite"),
        (lambda x: x.sum(dim=0), "expected a batch of 2"),
        (lambda x: x.sum(dim=1), r"output: found shape \(2,\), expected shape \(batch, outputs\)"),
        (lambda x: torch.ones(2, 3), "without gradient"),
    ],
)
def test_what_has_no_jacobian_is_refused(function: Callable[[torch.Tensor], torch.Tensor], message: str) -> None:
    """Each message says what was found."""
    with pytest.raises(JacobianError, match=message):
        largest_singular_values(function, torch.randn(2, 6))


NAMED = make_dataclass("Named", ["hidden", "logits"])
PLAIN = make_dataclass("Plain", ["loss", "scores", "hidden"])


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda y, other: (y, None),
        lambda y, other: [None, y, other],
        lambda y, other: {"aux": other, "out": y},
        lambda y, other: {"out": other, "logits": y},
        lambda y, other: NAMED(other, y),
        lambda y, other: PLAIN(None, y, other),
    ],
)
def test_logits_are_found_in_what_networks_return(wrapped: Callable[[torch.Tensor, torch.Tensor], object]) -> None:
    """Tuples, lists, mappings and dataclasses give what their logits alone give, in every public function."""
    torch.manual_seed(6)
    network, inputs, cotangents = mlp().eval(), torch.randn(3, 40), torch.randn(3, 10)

    def whole(x: torch.Tensor) -> object:
        return wrapped(network(x), x)

    found, plain = largest_singular_values(whole, inputs), largest_singular_values(network, inputs)
    assert found.value.tolist() == plain.value.tolist()
    assert torch.equal(differentiable_exponents(whole, inputs, 5), differentiable_exponents(network, inputs, 5))
    products = JacobianProducts(whole, inputs)
    assert torch.equal(products.pull(cotangents), JacobianProducts(network, inputs).pull(cotangents))
