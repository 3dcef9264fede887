"""The device that torch computes on, as far as a machine without one can tell, and products that are reproducible."""

import os
from contextlib import suppress

import pytest
import torch

from deepcrit.core.devices import REPRODUCIBLE, DeviceError, placed, placed_network, training_on, use_device

pytestmark = pytest.mark.usefixtures("torch_of_a_job")


def test_the_processor_is_left_as_it_is() -> None:
    """On the processor nothing is moved or copied, and one thread is used."""
    torch.set_num_threads(2)
    assert use_device("cpu") == "cpu"
    assert torch.get_num_threads() == 1
    assert torch.get_default_device().type == "cpu"
    tensor, network = torch.ones(2), torch.nn.Linear(2, 2)
    assert placed(tensor) is tensor
    assert placed_network(network) is network


def test_reproducible_products_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs ask MKL for the mode that these tests run in, unless their user has chosen another."""
    name, mode = REPRODUCIBLE
    assert os.environ[name] == mode
    monkeypatch.delenv(name)
    use_device("cpu")
    assert os.environ[name] == mode
    monkeypatch.setenv(name, "COMPATIBLE")
    use_device("cpu")
    assert os.environ[name] == "COMPATIBLE"


@pytest.mark.parametrize("together", [2, 3, 4, 16])
@pytest.mark.parametrize("fan_out", [2, 10, 32])
def test_products_do_not_depend_on_company(together: int, fan_out: int) -> None:
    """To the last bit, a product is the same alone and among others, whose sizes shift it in memory.

    Without that mode, processors without AVX-512 fail for ten classes and these batches.
    """
    torch.manual_seed(0)
    for batch in (5, 15):
        x, weights = torch.randn(together, batch, 20), torch.randn(together, 20, fan_out)
        products = torch.bmm(x, weights)
        for place in range(together):
            alone = torch.bmm(x[place : place + 1].clone(), weights[place : place + 1].clone())
            assert torch.equal(alone[0], products[place])


def test_training_leaves_the_process_as_it_was() -> None:
    """Threads, gradients and the numbers below 1e-308 are after training what they were before, if it fails, too."""

    def process() -> tuple[int, bool, bool, torch.device]:
        keeps_tiny = bool(torch.tensor(1e-310, dtype=torch.float64).mul(1.0))
        return torch.get_num_threads(), torch.is_grad_enabled(), keeps_tiny, torch.get_default_device()

    torch.set_num_threads(2)
    with torch.enable_grad():
        before = process()
        assert before[:3] == (2, True, True)
        with training_on("cpu") as device:
            assert device == "cpu"
            assert process()[:3] == (1, True, False)
        assert process() == before
        with suppress(ZeroDivisionError), training_on("cpu"):
            raise ZeroDivisionError
        assert process() == before


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused() -> None:
    """The message names the key, what was found and what was expected."""
    with pytest.raises(DeviceError, match=r"execution.device: found cuda, expected cpu: torch .* finds no CUDA device"):
        use_device("cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
def test_tensors_and_networks_are_placed() -> None:
    """What is made and what is placed meet on the device."""
    try:
        assert use_device("cuda").startswith("cuda ")
        network = placed_network(torch.nn.Linear(2, 2, device="cpu"))
        assert network(placed(torch.ones(1, 2, device="cpu")) + torch.ones(2)).device.type == "cuda"
    finally:
        torch.set_default_device("cpu")
