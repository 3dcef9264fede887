"""Torchvision classifiers by name, with random weights, and their layers: every call of a leaf module."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import NamedTuple

import torch
import torchvision

from deepcrit.core.modes import in_eval_mode


class UnknownModelError(ValueError):
    """A name that torchvision has no classifier of."""


class ImageSizeError(ValueError):
    """Images of a size that a model cannot take."""


class LayerCall(NamedTuple):
    """One call of a leaf module in a forward pass."""

    name: str
    operation: str


def model_names() -> list[str]:
    """Names of torchvision's classifiers."""
    return torchvision.models.list_models(module=torchvision.models)


def random_network(model: str, seed: int) -> torch.nn.Module:
    """A classifier with torchvision's default random initialisation, drawn from ``seed``; in eval mode.

    The state of torch's global generator is left as it was.

    Raises:
        UnknownModelError: naming the models of the most similar names.
    """
    names = model_names()
    if model not in names:
        nearest = difflib.get_close_matches(model, names, n=3) or names[:3]
        raise UnknownModelError(
            f"found model {model!r}, expected one of torchvision {torchvision.__version__}, the nearest: "
            f"{', '.join(nearest)}"
        )
    with torch.device("cpu"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        # two of torchvision's models warn unless told how to be initialised; theirs is the default all the same
        extra = {"init_weights": True} if model in ("googlenet", "inception_v3") else {}
        return torchvision.models.get_model(model, weights=None, **extra).eval()


def is_layer(module: torch.nn.Module) -> bool:
    """Whether a call of this module is one operation: it has no parts, or calls them as functions (attention)."""
    return not any(module.children()) or isinstance(module, torch.nn.MultiheadAttention)


def layer_calls(network: torch.nn.Module, image_size: int) -> list[LayerCall]:
    """The layers of one forward pass, in order, found by hooks on every leaf module.

    Ghavasieh et al. (2025), Methods, "ResNet statistics": each operation is a layer, whether convolution,
    normalisation, non-linearity or pooling. A module that is used again is a layer again; sums and reshapes are
    no modules.

    Raises:
        ImageSizeError: if the network cannot take images of ``image_size`` x ``image_size`` pixels.
    """
    calls: list[LayerCall] = []
    hooks = [
        module.register_forward_hook(
            lambda called, _, __, name=name: calls.append(LayerCall(name, type(called).__name__))
        )
        for name, module in network.named_modules()
        if is_layer(module)
    ]
    try:
        with torch.inference_mode(), in_eval_mode(network):
            network(torch.zeros(1, 3, image_size, image_size))
    except (RuntimeError, AssertionError) as error:
        found = f"images of {image_size} x {image_size} pixels"
        raise ImageSizeError(f"{type(network).__name__} cannot take {found}: {str(error).splitlines()[0]}") from error
    finally:
        for hook in hooks:
            hook.remove()
    return calls


def operations(calls: list[LayerCall]) -> str:
    """How many layers there are of each kind, such as ``20 Conv2d, 20 BatchNorm2d``."""
    return ", ".join(f"{count} {kind}" for kind, count in Counter(call.operation for call in calls).most_common())
