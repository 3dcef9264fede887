"""Networks of the population as they are drawn, measured, and made ready for training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor

from deepcrit.core.seeds import generator
from deepcrit.data.mnist import CLASSES
from deepcrit.experiments.agreement.notions import measured_notions
from deepcrit.training.initial import stable_parameters
from deepcrit.training.networks import Parameters, Shape, SharedInputs


def layer_sizes(settings: Mapping[str, Any]) -> tuple[int, ...]:
    """Neurons of all layers, pixels and classes included."""
    return (settings["side"] ** 2, *[settings["width"]] * settings["hidden_layers"], CLASSES)


def initial_population(points: pd.DataFrame, settings: Mapping[str, Any]) -> list[Parameters]:
    """Parameters of every network before training, biases of zero included.

    Args:
        points: schema ``agreement_manifest``.
        settings: keys of the configuration.
    """
    sizes, found = layer_sizes(settings), []
    columns = (points[name] for name in ("seed_key", "alpha", "gain", "bias"))
    for defined in zip(*columns, strict=True):
        weights, biases = stable_parameters(sizes, *defined)
        found.append((weights, biases or [np.zeros(neurons, np.float32) for neurons in sizes[1:]]))
    return found


def population_notions(
    points: pd.DataFrame, images: Tensor, settings: Mapping[str, Any], signals: Sequence[str]
) -> pd.DataFrame:
    """What is measured of every network, as often as there are seeds of signals, schema ``agreement_notions``.

    Args:
        points: schema ``agreement_manifest``.
        images: unseen ones, shape (images, pixels); each repetition has its own.
        settings: keys of the configuration.
        signals: seeds of the signals whose avalanches are followed, the same for all networks.
    """
    rows = []
    for point, parameters in zip(points["point"], initial_population(points, settings), strict=True):
        for repeat, key in enumerate(signals):
            found = measured_notions(parameters, images[repeat :: len(signals)], settings, generator(key))
            rows.append({"point": point, "repeat": repeat, **found})
    return pd.DataFrame(rows)


def population(points: pd.DataFrame, settings: Mapping[str, Any]) -> SharedInputs:
    """Networks of tanh neurons side by side, whose biases are trained too."""
    initial = initial_population(points, settings)
    return SharedInputs.drawn(Shape(layer_sizes(settings), "tanh"), len(points), initial)
