"""Where torch computes: on one thread of the processor, or on a CUDA device where the configuration asks for one.

Initial weights, inputs and orders are drawn on the processor and then placed, so that a device changes rounding alone.
"""

from __future__ import annotations

import torch
from torch import Tensor


class DeviceError(RuntimeError):
    """A device that is not there."""


def use_device(name: str) -> str:
    """Set torch up for a job: one thread, and new tensors on this device.

    Args:
        name: ``cpu`` or ``cuda``, as ``execution.device`` of the configuration.

    Returns:
        What tables record: ``cpu``, or the name of the CUDA device.

    Raises:
        DeviceError: if torch finds no CUDA device and one is asked for.
    """
    torch.set_num_threads(1)
    if name == "cpu":
        return name
    if not torch.cuda.is_available():
        raise DeviceError(
            f"execution.device: found {name}, expected cpu: torch {torch.__version__} finds no CUDA device"
        )
    torch.set_default_device(name)
    return f"{name} {torch.cuda.get_device_name()}"


def placed(tensor: Tensor) -> Tensor:
    """A tensor made on the processor, where this job computes."""
    return tensor.to(torch.get_default_device())


def placed_network(network: torch.nn.Module) -> torch.nn.Module:
    """A network built on the processor, where this job computes."""
    return network.to(torch.get_default_device())
