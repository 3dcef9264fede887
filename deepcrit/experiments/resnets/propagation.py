"""Signal strengths of whole batches, layer by layer: their moments, and avalanches above thresholds.

Nothing is kept of a layer but one number an input, so that memory does not grow with the number of inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.core.devices import placed
from deepcrit.experiments.resnets.tracing import Keep, TracedNetwork
from deepcrit.pretrained.strengths import strengths


class LayerMoments(NamedTuple):
    """Moments of one block's strengths, ||x_l|| / N_l, each of shape (layers,).

    Components N_l, mean, and sum of squared deviations from the mean.
    """

    components: NDArray[np.int64]
    mean: Floats
    squares: Floats


class LayerAvalanches(NamedTuple):
    """Avalanches of one block, one entry an avalanche and multiplier.

    Attributes:
        multiplier: n of the thresholds, as an index into them.
        duration: layers above the threshold, all layers where censored.
        size: summed excess of ||x_l|| / N_l.
        size_rms: summed excess of ||x_l|| / sqrt(N_l).
        censored: alive at the last layer.
    """

    multiplier: NDArray[np.int64]
    duration: NDArray[np.int64]
    size: Floats
    size_rms: Floats
    censored: NDArray[np.bool_]


def calibrate(network: TracedNetwork, inputs: torch.Tensor) -> LayerMoments:
    """Moments of the strengths of every layer over a block of inputs.

    Raises:
        FloatingPointError: naming the first layer with a strength that is not finite.
    """
    components, means, squares = [], [], []

    def visit(layer: int, output: torch.Tensor) -> Keep:
        found = _finite(strengths(output), network, layer)
        mean = found.mean()
        components.append(output[0].numel())
        means.append(mean)
        squares.append(((found - mean) ** 2).sum())
        return None

    with torch.inference_mode():
        network.propagate(inputs, visit)
    return LayerMoments(np.array(components), np.array(means), np.array(squares))


def launch(
    network: TracedNetwork, inputs: torch.Tensor, thresholds: Floats, launched: Sequence[int], drop: bool
) -> LayerAvalanches:
    """Avalanches of a block of inputs above several sets of thresholds.

    An avalanche starts at the first layer if strength_1 >= theta_1, and lives until the strength of a layer is below
    its threshold (Ghavasieh et al. 2025, Methods). Thresholds rise with n, so that an avalanche at one n lies within
    that at any smaller one: an input is followed while it lives at the smallest n that counts it.

    Args:
        network: the traced network.
        inputs: shape (batch, channels, height, width).
        thresholds: theta_l of ||x_l|| / N_l, shape (multipliers, layers), rising with the multiplier.
        launched: of the first how many inputs each multiplier counts avalanches, not falling.
        drop: whether ended inputs leave the batch, which is exact unless inputs are normalised together.

    Raises:
        FloatingPointError: naming the first layer with a strength that is not finite.
    """
    many, batch = len(launched), len(inputs)
    counted = np.arange(batch) < np.asarray(launched)[:, np.newaxis]
    alive = counted.copy()
    duration = np.zeros((many, batch), np.int64)
    size, size_rms = np.zeros((many, batch)), np.zeros((many, batch))
    followed = np.arange(batch)

    def visit(layer: int, output: torch.Tensor) -> Keep:
        nonlocal followed
        found = _finite(strengths(output), network, layer)
        excess = found - thresholds[:, layer, np.newaxis]
        alive[:, followed] &= excess >= 0
        living = alive[:, followed]
        duration[:, followed] += living
        excess = np.where(living, excess, 0.0)
        size[:, followed] += excess
        size_rms[:, followed] += excess * np.sqrt(output[0].numel())
        if not drop:
            return None
        kept = np.flatnonzero(living.any(axis=0))
        if len(kept) == len(followed):
            return None
        followed = followed[kept]
        return placed(torch.from_numpy(kept))

    with torch.inference_mode():
        network.propagate(inputs, visit)
    multiplier, index = np.nonzero(duration)
    return LayerAvalanches(multiplier, duration[multiplier, index], size[multiplier, index],
                           size_rms[multiplier, index], alive[multiplier, index])  # fmt: skip


def _finite(found: Floats, network: TracedNetwork, layer: int) -> Floats:
    if not np.isfinite(found).all():
        where = f"layer {layer + 1} of {len(network.layers)} ({network.layers[layer]})"
        raise FloatingPointError(f"{where}: found a signal strength that is not finite")
    return found
