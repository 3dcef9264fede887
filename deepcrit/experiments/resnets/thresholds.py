"""Thresholds of every layer, from the moments of strengths in blocks of inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats


def merge_moments(inputs: NDArray[np.int64], mean: Floats, squares: Floats) -> tuple[int, Floats, Floats]:
    """Number, mean and sum of squared deviations of all blocks together, folded in block order.

    Chan, Golub and LeVeque (1983), pairwise update. The order of folding fixes the rounding.

    Args:
        inputs: inputs of each block, shape (blocks,).
        mean: of each block, shape (blocks, layers).
        squares: sum of squared deviations from it, shape (blocks, layers).

    Raises:
        ValueError: without a block.
    """
    if not len(inputs):
        raise ValueError("inputs: found no block, expected at least one")
    total, middle, spread = int(inputs[0]), mean[0], squares[0]
    for more, its_mean, its_squares in zip(inputs[1:].tolist(), mean[1:], squares[1:], strict=True):
        shift = its_mean - middle
        together = total + more
        spread = spread + its_squares + shift**2 * (total * more / together)
        middle = middle + shift * (more / together)
        total = together
    return total, middle, spread


def calibrated(moments: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation of every layer of every network.

    Args:
        moments: schema ``layer_moments``, in block order.

    Returns:
        Columns ``network``, ``layer``, ``components``, ``inputs``, ``mean`` and ``standard_deviation``.

    Raises:
        ValueError: if a block lacks a layer.
    """
    parts = []
    for network, rows in moments.groupby("network", sort=True):
        layers = rows["layer"].nunique()
        if len(rows) % layers:
            raise ValueError(f"network {network}: found {len(rows)} rows, expected a multiple of its {layers} layers")
        shape = (-1, layers)
        mean, squares = (rows[name].to_numpy().reshape(shape) for name in ("mean", "squares"))
        total, middle, spread = merge_moments(rows["inputs"].to_numpy()[::layers], mean, squares)
        parts.append(
            pd.DataFrame(
                {
                    "network": network,
                    "layer": rows["layer"].to_numpy()[:layers],
                    "components": rows["components"].to_numpy()[:layers],
                    "inputs": total,
                    "mean": middle,
                    "standard_deviation": np.sqrt(spread / (total - 1)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def threshold_matrix(calibration: pd.DataFrame, network: int, multipliers: int) -> Floats:
    """theta_l = mu_l + n sd_l for n = 0, 1, ..., shape (multipliers, layers).

    Ghavasieh et al. (2025), Methods, "ResNet statistics".
    """
    rows = calibration[calibration["network"] == network].sort_values("layer")
    n = np.arange(multipliers)[:, np.newaxis]
    return rows["mean"].to_numpy() + n * rows["standard_deviation"].to_numpy()
