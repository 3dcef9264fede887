"""Training on the criticality loss: gradients against autograd, networks side by side, and what the loss is for."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.criticality_loss.design import design_runs
from deepcrit.experiments.criticality_loss.initial import INITIALISATIONS, draw_initial_weights, initial_parameters
from deepcrit.experiments.criticality_loss.loop import TrainingProtocol, centred, train_runs
from deepcrit.experiments.criticality_loss.networks import CriticalityNetworks, Penalty
from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.training.activations import AMPLITUDE, STEEPNESS
from deepcrit.training.checkpoints import load_checkpoint
from deepcrit.training.epochs import Training
from deepcrit.training.images import LabelledImages, Minibatches
from deepcrit.training.networks import Shape

pytestmark = pytest.mark.usefixtures("torch_of_a_job")

SIZES = (20, 12, 8, 10)
KEYS = [seed_key(1, "test", "critical", index) for index in range(4)]
HALF_WIDTHS = (0.3, 0.4, 0.5)
PENALTY = Penalty(
    torch.tensor([-0.2, 0.0, 0.2, 0.2], dtype=torch.float64), torch.tensor([500.0, 1.0, 10.0, 0.0], dtype=torch.float64)
)


class ScaledTanh(nn.Module):
    def forward(self, z: Tensor) -> Tensor:
        return AMPLITUDE * torch.tanh(STEEPNESS * z)


def drawn(networks: int = 4) -> CriticalityNetworks:
    defined = list(zip(KEYS, sorted(INITIALISATIONS), strict=True))[:networks]
    initial = (initial_parameters(SIZES, *one, HALF_WIDTHS) for one in defined)
    return CriticalityNetworks.drawn(Shape(SIZES, "scaled_tanh"), networks, initial)


def sequential(networks: CriticalityNetworks, index: int) -> nn.Sequential:
    """One of the networks as torch has it, in double precision."""
    layers: list[nn.Module] = []
    for weights, bias in zip(networks.weights, networks.biases, strict=True):
        layer = nn.Linear(*weights[index].shape).double()
        layer.weight.copy_(weights[index].T)
        layer.bias.copy_(bias[index, 0])
        layers += [layer, ScaledTanh()]
    return nn.Sequential(*layers[:-1]).eval()


def minibatch(images: int = 15) -> tuple[Tensor, Tensor]:
    torch.manual_seed(2)
    return 2.0 * torch.rand(images, 20) - 1.0, torch.randint(0, 10, (images,))


def data(images: int, seed: int) -> LabelledImages:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (images, 4, 5), dtype=np.uint8)
    return centred(LabelledImages.of(pixels, (pixels[:, 0, 0] // 26).astype(np.uint8)))


def test_step_is_that_of_autograd_through_full_jacobians() -> None:
    """Every parameter moves as by jacrev and a differentiated decomposition in double precision, to 1e-5."""
    networks, (images, labels) = drawn(), minibatch()
    before = drawn()
    rate = 1e-2
    _, exponents = networks.penalised_step(images, labels, rate, PENALTY)
    for index in range(4):
        model, x = sequential(before, index), images.double()
        with torch.enable_grad():
            jacobians = torch.func.vmap(torch.func.jacrev(lambda one, of=model: of(one)))(x)
            exponent = torch.linalg.svdvals(jacobians)[:, 0].log().mean() / 3
            target, strength = float(PENALTY.targets[index]), float(PENALTY.strengths[index])
            loss = nn.functional.cross_entropy(model(x), labels) + strength * (target - exponent) ** 2
            gradients = torch.autograd.grad(loss, list(model.parameters()))
        assert float(exponents[index]) == pytest.approx(float(exponent), abs=1e-6)
        moves = [
            moved
            for weights, old, bias, old_bias in zip(
                networks.weights, before.weights, networks.biases, before.biases, strict=True
            )
            for moved in ((weights - old)[index].T, (bias - old_bias)[index, 0])
        ]
        for move, gradient in zip(moves, gradients, strict=True):
            # parameters of size one are stored to 6e-8, which limits what a move says of its gradient
            rounding = 6e-8 * gradient.numel() ** 0.5 / rate
            assert float((move.double() / -rate - gradient).norm()) < 1e-5 * float(gradient.norm()) + rounding


def test_exponents_are_those_of_the_module() -> None:
    """At every image, as the function for any module has them."""
    networks, (images, _) = drawn(), minibatch()
    for index in range(4):
        expected = differentiable_exponents(sequential(networks, index), images.double(), 3).detach()
        torch.testing.assert_close(networks.exponents(images)[index].double(), expected, rtol=0, atol=1e-6)


def test_company_changes_no_bit() -> None:
    """Each of four networks is after ten steps what it is when trained alone."""
    together, alone = drawn(), [drawn().select([index]) for index in range(4)]
    images, labels = minibatch()
    for _ in range(10):
        together.penalised_step(images, labels, 1e-3, PENALTY)
        for index, single in enumerate(alone):
            penalty = Penalty(PENALTY.targets[[index]], PENALTY.strengths[[index]])
            single.penalised_step(images, labels, 1e-3, penalty)
    for index, single in enumerate(alone):
        for name, values in single.state().items():
            assert torch.equal(values[0], together.state()[name][index]), name


def test_strength_zero_is_cross_entropy() -> None:
    """A penalty without strength moves a network as none does."""
    plain, penalised = drawn(), drawn()
    images, labels = minibatch()
    zero = Penalty(torch.zeros(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64))
    plain.sgd_step(images, labels, 0.1)
    penalised.penalised_step(images, labels, 0.1, zero)
    for name, values in plain.state().items():
        torch.testing.assert_close(values, penalised.state()[name], rtol=0, atol=1e-6)


def test_the_penalty_drives_the_exponent_to_its_target() -> None:
    """With a strong penalty alone deciding, two hundred steps leave the exponent within 0.01 of three targets."""
    networks = drawn(3)
    images, labels = minibatch(40)
    targets = torch.tensor([-0.2, 0.0, 0.2], dtype=torch.float64)
    penalty = Penalty(targets, torch.full((3,), 500.0, dtype=torch.float64))
    for _ in range(200):
        networks.penalised_step(images, labels, 1e-3, penalty)
    torch.testing.assert_close(networks.exponents(images).double().mean(dim=1), targets, rtol=0, atol=0.01)


@pytest.mark.parametrize(
    ("name", "variance"),
    [("init0", 0.05**2 / 3), ("init1", 2 / 1500), ("init2", 2 / 1000), ("init3", 1 / 1000)],
)
def test_initialisations_have_their_variance(name: str, variance: float) -> None:
    """Of 1000 inputs and 500 outputs, to 1%; and uniform ones end at the root of three variances."""
    weights = draw_initial_weights(name, 1000, 500, 0.05, generator(KEYS[0]))
    assert float(weights.var()) == pytest.approx(variance, rel=0.01)
    assert float(weights.mean()) == pytest.approx(0.0, abs=4 * (variance / 5e5) ** 0.5)
    assert (float(abs(weights).max()) < (3 * variance) ** 0.5 * 1.0001) == (name != "init3")
    with pytest.raises(ValueError, match="init4"):
        draw_initial_weights("init4", 2, 2, 0.05, generator(KEYS[0]))


PROTOCOL = TrainingProtocol((12, 8), HALF_WIDTHS, Training(Minibatches(60, 10, 1), 3, 0.01, 0.9), 20)
RUNS = design_runs([-0.2, 0.0, 0.2], [1.0, 10.0], "init0", (0.0, 1.0), 1, 3)


@pytest.mark.parametrize("loss", ["CE", "CritL"])
def test_an_interrupted_training_goes_on_as_if_nothing_had_been(
    tmp_path: Path, loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after its first epoch and started again it leaves the same history, epoch 0 included."""
    runs, train, test = RUNS[RUNS["loss"] == loss], data(60, 1), data(50, 2)
    whole = train_runs(runs, PROTOCOL, train, test, tmp_path / "whole.pt", "digest")
    assert whole.groupby("point")["epoch"].apply(list).tolist() == [[0, 1, 2, 3]] * len(runs)
    steps = iter(range(len(train.labels) // 10))
    name = "penalised_step" if loss == "CritL" else "sgd_step"
    original = getattr(CriticalityNetworks, name)

    def killed(self: CriticalityNetworks, *arguments: object) -> object:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return original(self, *arguments)

    monkeypatch.setattr(CriticalityNetworks, name, killed)
    with pytest.raises(KeyboardInterrupt):
        train_runs(runs, PROTOCOL, train, test, tmp_path / "killed.pt", "digest")
    monkeypatch.setattr(CriticalityNetworks, name, original)
    state = load_checkpoint(tmp_path / "killed.pt", "digest")
    assert state is not None
    assert state["done"] == 2
    resumed = train_runs(runs, PROTOCOL, train, test, tmp_path / "killed.pt", "digest")
    assert resumed.equals(whole)


def test_a_diverging_network_is_left_at_that_and_the_others_go_on(tmp_path: Path) -> None:
    """With a strength beyond what the steps bear one network diverges, and says so; its neighbour is trained."""
    runs = RUNS[RUNS["loss"] == "CritL"].iloc[[0, 1]].assign(strength=[1.0, 1e9])
    found = train_runs(runs, PROTOCOL, data(60, 1), data(50, 2), tmp_path / "state.pt", "digest")
    first, second = (found[found["point"] == point] for point in runs["point"])
    assert first["epoch"].tolist() == [0, 1, 2, 3]
    assert not first["diverged"].any()
    assert second["diverged"].tolist()[-1]
    assert len(second) < 4
