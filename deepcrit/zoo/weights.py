"""Trained weights of torchvision's classifiers: fetched, accepted by checksum, and loaded."""

from __future__ import annotations

import re
from pathlib import Path

import torch
import torchvision

from deepcrit.datasets.fetch import WantedFile, fetch
from deepcrit.datasets.sources import LocalDirectory, PublicUrl, Source


def weights_url(model: str, weights: str) -> str:
    """Where torchvision keeps trained weights of a model.

    Raises:
        ValueError: naming the weights that there are, if there are none of this name.
    """
    known = torchvision.models.get_model_weights(model).__members__
    if weights not in known:
        raise ValueError(f"found weights {weights!r}, expected one of {sorted(known)} for {model}")
    return str(known[weights].url)


def fetch_weights(url: str, output: Path, local_directory: Path | None, timeout_seconds: float) -> None:
    """Have the file of a URL at ``output``, if its sha256 begins with the digits that end its name.

    Args:
        url: as from :func:`weights_url`; its file is named ``...-<digits>.pth``.
        output: where the file shall be.
        local_directory: the only source, when given; it holds the file under its own name.
        timeout_seconds: how long the server may take to answer.

    Raises:
        ValueError: if the name of the file holds no checksum.
        FetchError: naming the source tried and why it failed.
    """
    base, _, name = url.rpartition("/")
    digits = re.search(r"-([0-9a-f]{8,64})\.pth$", name)
    if not digits:
        raise ValueError(f"found weights file {name!r}, expected a name that ends in -<sha256 digits>.pth")
    source: Source = (
        LocalDirectory(local_directory)
        if local_directory is not None
        else PublicUrl(f"{base}/", suffix="", timeout_seconds=timeout_seconds)
    )
    (arrived,) = fetch([WantedFile(name, "sha256", digits[1])], [source], output.parent)
    arrived.replace(output)


def load_weights(network: torch.nn.Module, path: Path) -> None:
    """Give a network the weights of a file.

    Raises:
        RuntimeError: naming the tensors that do not fit, if the file belongs to another network.
    """
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
