"""What torchvision says of its own classifiers: accuracies, parameters and modules, without any weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import torch
import torchvision
from torch.overrides import TorchFunctionMode

from deepcrit.pretrained.networks import model_names

# as torchvision builds them for their trained weights; neither draws its initial weights
_OPTIONS: dict[str, dict[str, bool]] = {
    "googlenet": {"init_weights": False, "aux_logits": False},
    "inception_v3": {"init_weights": False},
}


def weight_sets() -> pd.DataFrame:
    """Every published set of ImageNet-1k classifier weights, torchvision's order kept within a model.

    Returns:
        Schema ``weight_sets``. Sets without a classifier, which have no accuracy, are left out.
    """
    rows = []
    for model in model_names():
        for weights in torchvision.models.get_model_weights(model):
            accuracy = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
            if np.isfinite(accuracy):
                shown = weights.transforms()
                rows.append(
                    {
                        "model": model,
                        "weights": weights.name,
                        "accuracy": accuracy,
                        "parameters": weights.meta["num_params"],
                        "resize_size": shown.resize_size[0],
                        "crop_size": shown.crop_size[0],
                    }
                )
    return pd.DataFrame(rows)


def count_modules(model: str) -> tuple[int, int, int]:
    """Leaf modules, all modules, and parameters of a classifier, counted without its memory."""
    with _EmptyOnMeta():
        network = torchvision.models.get_model(model, weights=None, **_OPTIONS.get(model, {}))
    modules = list(network.modules())
    leaf_modules = sum(not any(module.children()) for module in modules)
    return leaf_modules, len(modules), sum(tensor.numel() for tensor in network.parameters())


class _EmptyOnMeta(TorchFunctionMode):
    """Weights have a shape and no memory; tensors with values, from which some architectures are computed, keep them.

    The device ``meta`` for all tensors would do but for RegNet, which computes its widths with tensors.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = dict(kwargs or {})
        if func is torch.empty:
            options["device"] = "meta"
        return func(*args, **options)
