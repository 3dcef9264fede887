"""Where torch computes: on one thread of the processor, or on a CUDA device where the configuration asks for one.

Initial weights, inputs and orders are drawn on the processor and then placed, so that a device changes rounding alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

# A product of matrices by MKL depends, on some processors, on where in memory its factors lie, hence on which networks
# are beside one. In this mode it does not, at no cost. MKL reads it once, at the first product.
REPRODUCIBLE = ("MKL_CBWR", "AUTO,STRICT")


class DeviceError(RuntimeError):
    """A device that is not there."""


def use_device(name: str) -> str:
    """Set torch up for a job, before it computes: one thread, reproducible products, new tensors on this device.

    That lasts: it is for jobs alone.

    Args:
        name: ``cpu`` or ``cuda``, as ``execution.device`` of the configuration.

    Returns:
        What tables record: ``cpu``, or the name of the CUDA device.

    Raises:
        DeviceError: if torch finds no CUDA device and one is asked for.
    """
    os.environ.setdefault(*REPRODUCIBLE)
    torch.set_num_threads(1)
    if name == "cpu":
        return name
    if not torch.cuda.is_available():
        raise DeviceError(
            f"execution.device: found {name}, expected cpu: torch {torch.__version__} finds no CUDA device"
        )
    torch.set_default_device(name)
    return f"{name} {torch.cuda.get_device_name()}"


@contextmanager
def training_on(name: str) -> Iterator[str]:
    """While networks are trained: :func:`use_device`, and numbers too small for a full mantissa taken as zero.

    Derivatives in the ordered phase underflow within some hundred layers, and arithmetic with such numbers is a
    hundred times slower. Afterwards all is as before, but for the mode of MKL.
    """
    threads, device = torch.get_num_threads(), torch.get_default_device()
    flushed = not torch.tensor(1e-310, dtype=torch.float64).mul(1.0)
    try:
        used = use_device(name)
        torch.set_flush_denormal(True)
        yield used
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(flushed)
        if torch.get_default_device() != device:
            torch.set_default_device(device)


def placed(tensor: Tensor) -> Tensor:
    """A tensor made on the processor, where this job computes."""
    return tensor.to(torch.get_default_device())


def placed_network(network: torch.nn.Module) -> torch.nn.Module:
    """A network built on the processor, where this job computes."""
    return network.to(torch.get_default_device())
