"""The weight tensors of the ten networks from their architectures alone, without weights and without memory."""

from __future__ import annotations

import pandas as pd
import torch
import torchvision
from torchvision.models.resnet import Bottleneck, ResNet

from deepcrit.experiments.weight_tails.networks import NAMED
from deepcrit.pretrained.weight_files import is_weight

PRINTED_ONLY = "resnext101_32x4d"
"""The printed ResNet101-32x4d taken literally: no network of torchvision."""

MISPRINTED_AS = {"ResNeXt-50-32x4d of torchvision": "resnext50_32x4d", "101 layers, as printed": PRINTED_ONLY}


def weight_architectures() -> pd.DataFrame:
    """Schema ``weight_architectures``: the ten networks, and the printed one that torchvision does not have."""
    rows = []
    for name in [*NAMED, PRINTED_ONLY]:
        with torch.device("meta"):
            network = (
                ResNet(Bottleneck, [3, 4, 23, 3], groups=32, width_per_group=4)
                if name == PRINTED_ONLY
                else torchvision.models.get_model(name, weights=None)
            )
        counts = [p.numel() for key, p in network.named_parameters() if is_weight(key, tuple(p.shape))]
        printed = NAMED.get(name, NAMED["resnext50_32x4d"])
        rows.append((name, printed, name in NAMED, len(counts), sum(counts), max(counts), counts[2]))
    columns = ["network", "printed", "torchvision", "tensors", "entries", "largest", "third"]
    return pd.DataFrame(rows, columns=columns)


def weight_counts(architectures: pd.DataFrame) -> pd.DataFrame:
    """Schema ``weight_counts``: all tensors of ten networks, in both readings of the one that is misprinted."""
    by_name = architectures.set_index("network")
    rows = []
    for reading, taken in MISPRINTED_AS.items():
        chosen = by_name.loc[[taken if name == "resnext50_32x4d" else name for name in NAMED]]
        rows.append((reading, len(chosen), int(chosen["tensors"].sum()), int(chosen["entries"].sum())))
    return pd.DataFrame(rows, columns=["reading", "networks", "tensors", "entries"])
