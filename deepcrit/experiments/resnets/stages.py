"""The two simulated stages of a shard: strengths of every layer, and avalanches above thresholds."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from deepcrit.core.devices import placed_network
from deepcrit.experiments.resnets.blocks import Block, network_seed
from deepcrit.experiments.resnets.inputs import gaussian_images, real_images
from deepcrit.experiments.resnets.propagation import calibrate, launch
from deepcrit.experiments.resnets.thresholds import threshold_matrix
from deepcrit.experiments.resnets.tracing import TracedNetwork
from deepcrit.pretrained.networks import random_network
from deepcrit.pretrained.weights import load_weights

logger = logging.getLogger(__name__)


def calibrate_blocks(
    keys: Mapping[str, Any], blocks: list[Block], seed: int, images: NDArray[np.uint8] | None, weights: Path | None
) -> pd.DataFrame:
    """Moments of the strengths of every layer in every block: schema ``layer_moments``.

    Args:
        keys: leaves of the configuration that define the sample: ``model``, ``mode``, ``image_size`` and
            ``calibration_inputs``.
        blocks: what to do.
        seed: the seed of the configuration, for the weights.
        images: real inputs, shape (images, rows, columns); None for Gaussian ones.
        weights: file of trained weights; None for random ones.
    """
    parts = []
    number = keys["calibration_inputs"]
    for block, network, inputs in _batches(keys, blocks, seed, images, weights, number):
        moments = calibrate(network, inputs)
        columns = {
            "network": block.network,
            "block": block.block,
            "layer": np.arange(1, len(moments.mean) + 1),
            "inputs": number,
        }
        parts.append(pd.DataFrame(columns | moments._asdict()))
    return pd.concat(parts, ignore_index=True)


def launch_blocks(
    keys: Mapping[str, Any],
    blocks: list[Block],
    seed: int,
    calibration: pd.DataFrame,
    images: NDArray[np.uint8] | None,
    weights: Path | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Avalanches of every block and their counts: schemas ``layer_avalanches`` and ``launches``.

    Args:
        keys: leaves of the configuration that define the sample: ``model``, ``mode``, ``image_size`` and ``launched``,
            how many inputs each multiplier counts.
        blocks: as in :func:`calibrate_blocks`.
        seed: likewise.
        images: likewise.
        weights: likewise.
        calibration: schema ``calibration``.
    """
    launched = keys["launched"]
    avalanches, counts = [], []
    for block, network, inputs in _batches(keys, blocks, seed, images, weights, max(launched)):
        thresholds = threshold_matrix(calibration, block.network, len(launched))
        found = launch(network, inputs, thresholds, launched, drop=keys["mode"] == "eval")
        where = {"network": block.network, "block": block.block}
        avalanches.append(pd.DataFrame(where | found._asdict()))
        started, censored = (
            np.bincount(found.multiplier[chosen], minlength=len(launched))
            for chosen in (np.ones_like(found.censored), found.censored)
        )
        columns = {
            "multiplier": range(len(launched)),
            "launched": launched,
            "started": started,
            "censored": censored,
        }
        counts.append(pd.DataFrame(where | columns))
    return pd.concat(avalanches, ignore_index=True), pd.concat(counts, ignore_index=True)


def _batches(
    keys: Mapping[str, Any],
    blocks: list[Block],
    seed: int,
    images: NDArray[np.uint8] | None,
    weights: Path | None,
    number: int,
) -> Iterator[tuple[Block, TracedNetwork, torch.Tensor]]:
    """Each block with its network, built when it changes, and its inputs, where this job computes."""
    # modules such as dropout draw from torch's global generator in train mode, which is left as it was
    with torch.random.fork_rng():
        built: int | None = None
        for block in blocks:
            if block.network != built:
                module = random_network(keys["model"], network_seed(seed, keys["model"], block.network))
                if weights:
                    load_weights(module, weights)
                traced, built = TracedNetwork(placed_network(module.train(keys["mode"] == "train"))), block.network
                logger.info("network %d", block.network)
            torch.manual_seed(block.seed)
            if images is None:
                yield block, traced, gaussian_images(number, keys["image_size"], block.seed)
            else:
                yield block, traced, real_images(images, number, keys["image_size"], block.seed)
