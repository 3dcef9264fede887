"""Trained weights of torchvision's classifiers: fetched, and accepted by checksum."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import torch
import torchvision

from deepcrit.data.fetch.downloads import Downloads
from deepcrit.data.fetch.fetch import Attempt, FetchError, WantedFile


class PublishedWeights(NamedTuple):
    """A file of trained weights, and where torchvision keeps it."""

    file: WantedFile
    url: str


def weights_url(model: str, weights: str) -> str:
    """Where torchvision keeps trained weights of a model.

    Raises:
        ValueError: naming the weights that there are, if there are none of this name.
    """
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
    name = url.rpartition("/")[2]
    digits = re.search(r"-([0-9a-f]{8,64})\.pth$", name)
    if not digits:
        raise ValueError(f"found weights file {name!r}, expected a name that ends in -<sha256 digits>.pth")
    return PublishedWeights(WantedFile(name, "sha256", digits[1]), url)


def cached_weights(wanted: PublishedWeights, cache: Path, local: Path | None, downloads: Downloads) -> Path:
    """A verified file of weights: that in the local directory, where it stays, or one downloaded to the cache.

    Args:
        wanted: from :func:`wanted_weights`.
        cache: directory of downloads, each under its own name.
        local: the only source, when given; it holds the file under its own name.
        downloads: what is known of hosts.

    Raises:
        FetchError: naming the source tried and why it failed.
    """
    if local is None:
        return downloads.fetch(wanted.file, wanted.url, cache)
    path = local / wanted.file.name
    if not wanted.file.is_at(path):
        reason = "holds no such file"
        if path.is_file():
            with path.open("rb") as file:
                found = hashlib.file_digest(file, wanted.file.hasher).hexdigest()
            reason = f"holds another file of this name, found {wanted.file.algorithm} {found}"
        raise FetchError([Attempt(wanted.file, f"directory {local}", reason)])
    return path


def load_weights(network: torch.nn.Module, path: Path) -> None:
    """Give a network the weights of a file.

    Raises:
        RuntimeError: naming the tensors that do not fit, if the file belongs to another network.
    """
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
