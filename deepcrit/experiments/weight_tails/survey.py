"""Every tensor of every network of a shard measured, or the reason why not; one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.seeds import generator, seed_key
from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.wanted import FetchError
from deepcrit.experiments.weight_tails.networks import (
    NAMED,
    NAMED_WEIGHTS,
    ONE_OF_TEN,
    PACKAGED_NETWORKS,
    STANDS_IN,
    NetworkSource,
)
from deepcrit.experiments.weight_tails.schemas import WEIGHT_NETWORKS, WEIGHT_TENSORS
from deepcrit.physics.heavytails.weights import TensorSettings, measure_tensor
from deepcrit.pretrained.sources import OWN, TORCHVISION
from deepcrit.pretrained.weight_files import WeightsFileError, WeightTensor, weight_tensors
from deepcrit.pretrained.weights import cached_weights, wanted_weights, weights_url
from deepcrit.stats.stable import StableError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WeightFiles:
    """Where weights come from.

    Attributes:
        cache: directory of what was fetched.
        local: directory of files by their published names, the only source when given.
        own: directory of one's own weights.
        downloader: of all networks of a job.
    """

    cache: Path
    local: Path | None
    own: Path | None
    downloader: Downloader

    def of(self, one: NetworkSource) -> list[Path]:
        """The files of a network, fetched and verified.

        Raises:
            FetchError: naming the sources, and why each failed.
        """
        if one.source == OWN:
            assert self.own is not None
            return [self.own / one.network]
        if one.source == TORCHVISION:
            wanted = wanted_weights(weights_url(one.network, NAMED_WEIGHTS))
            return [cached_weights(wanted, self.cache, self.local, self.downloader)]
        packaged = PACKAGED_NETWORKS[one.network]
        files, sources = DATASETS[packaged.dataset]
        # what describes a model has its weights beside it, in a folder of its own
        wanted_files = [
            file for file in files if file.name in packaged.files or Path(file.name).parent in _folders(packaged.files)
        ]
        there = self.local is not None and all(file.is_at(self.local / file.name) for file in wanted_files)
        directory = self.local if there and self.local is not None else self.cache
        if not there:
            self.downloader.fetch(wanted_files, sources, self.cache, self.local)
        return [directory / name for name in packaged.files]


def _folders(names: Iterable[str]) -> set[Path]:
    return {Path(name).parent for name in names} - {Path()}


def tensors_of(one: NetworkSource, files: WeightFiles) -> Iterator[WeightTensor]:
    """All weight tensors of a network, one at a time, those of several files with the file's name before theirs.

    Raises:
        FetchError: naming the sources, and why each failed.
        WeightsFileError: naming the file that cannot be read.
    """
    paths = files.of(one)
    for path in paths:
        for name, values in weight_tensors(path):
            yield WeightTensor(f"{path.stem}.{name}" if len(paths) > 1 else name, values)


def fixed_part(one: NetworkSource) -> str:
    """Part of the names of tensors that were never trained; empty if there are none."""
    return PACKAGED_NETWORKS[one.network].fixed if one.network in PACKAGED_NETWORKS else ""


def measure_networks(
    chosen: Iterable[NetworkSource], files: WeightFiles, settings: TensorSettings, null_draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure some networks.

    Returns:
        Schemas ``weight_tensors`` and ``weight_networks``. A tensor that cannot be fitted, and a network that cannot be
        had or read, have a row that says why.
    """
    rows: list[dict[str, Any]] = []
    networks = []
    for one in chosen:
        reason = ""
        measured: list[dict[str, Any]] = []
        left_out: list[str] = []
        try:
            for tensor in tensors_of(one, files):
                if (fixed := fixed_part(one)) and fixed in tensor.name:
                    left_out.append(f"{tensor.name} (fixed)")
                    continue
                found = list(measured_draws(one, tensor, settings, null_draws, seed))
                left_out += [f"{tensor.name} ({row['reason']})" for row in found if not row["fitted"]]
                measured += found
            logger.info("%s: %d rows", one.network, len(measured))
        except (FetchError, WeightsFileError) as error:
            logger.warning("%s: not measured: %s", one.network, error)
            reason, measured, left_out = " ".join(str(error).split()), [], []
        rows += measured
        weights = [row for row in measured if row["draw"] == 0]
        networks.append(
            {
                "network": one.network,
                "source": one.source,
                "standing": ONE_OF_TEN if one.network in NAMED and one.source == TORCHVISION else STANDS_IN,
                "read": not reason,
                "reason": reason,
                "tensors": len(weights),
                "fitted": sum(row["fitted"] for row in weights),
                "entries": sum(row["n"] for row in weights),
                "left_out": "; ".join(left_out),
            }
        )
    columns = [column.name for column in WEIGHT_TENSORS.columns]
    return (
        pd.DataFrame(rows, columns=columns),
        pd.DataFrame(networks, columns=[column.name for column in WEIGHT_NETWORKS.columns]),
    )


def measured_draws(
    one: NetworkSource, tensor: WeightTensor, settings: TensorSettings, null_draws: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Rows of a tensor, and of Gaussian ones of its size and standard deviation if it can be fitted at all."""
    sd = np.float32(1.0)
    for draw in range(null_draws + 1):
        rng = generator(seed_key(seed, "weight_tails", f"{one.source}/{one.network}/{tensor.name}", draw))
        values = sd * rng.standard_normal(tensor.entries.size, dtype=np.float32) if draw else tensor.entries
        reason, found = "", {}
        try:
            found = measure_tensor(values, rng, settings, tested=draw == 0)
            sd = sd if draw else np.float32(found["sd"])
        except StableError as error:
            reason = str(error)
        yield {
            "network": one.network,
            "source": one.source,
            "tensor": tensor.name,
            "shape": "x".join(map(str, tensor.entries.shape)),
            "draw": draw,
            "n": tensor.entries.size,
            "fitted": not reason,
            "reason": reason,
            "normal": False,
            "best": "",
            **found,
        }
        if reason:
            return
