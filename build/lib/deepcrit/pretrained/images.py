"""Images that classifiers are shown: chosen once, each read before it is relied on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from PIL import Image

SUFFIXES = (".jpeg", ".jpg", ".png")
_LARGEST_GREY = 65_535  # of 16 bits
Prepare = Callable[[torch.Tensor], torch.Tensor]
"""From values 0 to 255, shape (3, rows, columns), to what a network takes, without the batch."""


class ImageError(ValueError):
    """Images that cannot be used; the message says what was found and what was expected."""


def read_image(path: str | Path) -> torch.Tensor:
    """Red, green and blue from 0 to 255, shape (3, rows, columns), of a JPEG or PNG file.

    Raises:
        ImageError: naming the file, if it cannot be read.
    """
    try:
        with Image.open(path) as file:
            pixels = _eight_bits(file) if file.mode[0] in "IF" else np.array(file.convert("RGB"))
    # Pillow calls some broken PNG files a SyntaxError, and refuses to unpack what may fill the memory
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ImageError(f"{path}: found {error}, expected a JPEG or PNG image") from error
    return torch.from_numpy(pixels).permute(2, 0, 1)


def _eight_bits(file: Image.Image) -> NDArray[np.uint8]:
    """Greys of 16 bits, which Pillow would clip to white, as red, green and blue of 8 bits."""
    grey = np.asarray(file)
    if not (np.issubdtype(grey.dtype, np.integer) and grey.min() >= 0 and grey.max() <= _LARGEST_GREY):
        raise ValueError(f"greys from {grey.min()} to {grey.max()} of type {grey.dtype}")
    grey = grey.astype(np.int64)
    eight = (grey * 255 + _LARGEST_GREY // 2) // _LARGEST_GREY
    return np.repeat(eight.astype(np.uint8)[..., np.newaxis], 3, axis=2)


def images_below(directory: str | Path, rng: np.random.Generator) -> list[Path]:
    """Every JPEG and PNG file below a directory, in an order that the generator draws; folders may be links.

    Raises:
        ImageError: if there is none.
    """
    found = sorted(path for path in _files_below(Path(directory)) if path.suffix.lower() in SUFFIXES)
    if not found:
        raise ImageError(f"{directory}: found no image, expected files that end in {', '.join(SUFFIXES)}")
    return [found[index] for index in rng.permutation(len(found))]


def _files_below(directory: Path) -> Iterator[Path]:
    """Files of a directory and its folders, links to either included, each folder once even if links go in circles."""
    seen: set[Path] = set()
    for above, folders, names in os.walk(directory, followlinks=True):
        here = Path(above)
        if here.resolve() in seen:
            folders.clear()
            continue
        seen.add(here.resolve())
        folders.sort()
        yield from (path for path in map(here.joinpath, names) if path.is_file())


def choose_images(candidates: Iterable[Path], number: int, kind: str) -> pd.DataFrame:
    """The first of the candidates that can be read, and those before them that cannot.

    Args:
        candidates: files in the order in which they are tried.
        number: how many are needed.
        kind: what they are, for schema ``zoo_images``.

    Returns:
        Schema ``zoo_images``.

    Raises:
        ImageError: if there are too few.
    """
    rows: list[dict[str, object]] = []
    chosen = 0
    for path in candidates:
        if chosen == number:
            break
        reason, digest = "", ""
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            read_image(path)
        except (ImageError, OSError) as error:
            reason = str(error)
        place = -1 if reason else chosen
        rows.append({"images": kind, "image": place, "path": str(path), "sha256": digest, "reason": reason})
        chosen += not reason
    if chosen < number:
        raise ImageError(f"found {chosen} images that can be read and {len(rows) - chosen} that cannot, "
                         f"expected {number}")  # fmt: skip
    return pd.DataFrame(rows)
