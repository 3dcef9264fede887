"""The networks of a manifest."""

from __future__ import annotations

import pandas as pd

from deepcrit.data.mnist import CLASSES
from deepcrit.training.initial import gaussian_parameters
from deepcrit.training.networks import FullyConnected, Shape


def initial_networks(points: pd.DataFrame, inputs: int) -> FullyConnected:
    """Tanh networks as they are before training.

    Args:
        points: schema ``training_manifest``, all of one width and depth.
        inputs: pixels of an image.
    """
    width, depth = (int(points[name].iloc[0]) for name in ("width", "depth"))
    sizes = (inputs, *[width] * depth, CLASSES)
    columns = (points[name] for name in ("seed_key", "weight_variance", "bias_variance"))
    initial = (gaussian_parameters(sizes, *defined) for defined in zip(*columns, strict=True))
    return FullyConnected.drawn(Shape(sizes, "tanh"), len(points), initial)
