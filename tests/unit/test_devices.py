"""The device that torch computes on, as far as a machine without one can tell."""

import pytest
import torch

from deepcrit.devices import DeviceError, placed, placed_network, use_device


def test_the_processor_is_left_as_it_is() -> None:
    """On the processor nothing is moved or copied, and one thread is used."""
    before = torch.get_num_threads()
    try:
        assert use_device("cpu") == "cpu"
        assert torch.get_num_threads() == 1
        assert torch.get_default_device().type == "cpu"
        tensor, network = torch.ones(2), torch.nn.Linear(2, 2)
        assert placed(tensor) is tensor
        assert placed_network(network) is network
    finally:
        torch.set_num_threads(before)


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
