"""Modules in eval mode for as long as they are measured."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def in_eval_mode(network: Any) -> Iterator[None]:
    """Within this block a module, scripted ones included, is in eval mode; after it every part is in the mode it had.

    A module that was left in training mode, with dropout and statistics of the batch, is told of by a warning. What is
    no module has no mode.
    """
    modules = network.modules() if isinstance(network, torch.nn.Module) else ()
    # frozen modules have no mode any more
    training = [module for module in modules if getattr(module, "training", False)]
    if not training:
        yield
        return
    warnings.warn(f"{type(network).__name__}: found in training mode, measured in eval mode and put back",
                  stacklevel=5)  # fmt: skip
    network.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True
