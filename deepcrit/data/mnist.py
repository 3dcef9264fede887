"""The MNIST handwritten digits, or clothing in their form: reading and presenting them."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deepcrit.data.idx import read_idx

SIDE = 28
CLASSES = 10

_PREFIX = {"train": "train", "test": "t10k"}


def load(directory: Path, split: Literal["train", "test"] = "train") -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images of shape (n, 28, 28), 0 for background to 255 for ink, and their labels 0 to 9 of shape (n,).

    Raises:
        ValueError: when the files are not idx files or do not belong together.
    """
    if split not in _PREFIX:
        raise ValueError(f"split is 'train' or 'test', not {split!r}")
    images_path = directory / f"{_PREFIX[split]}-images-idx3-ubyte"
    labels_path = directory / f"{_PREFIX[split]}-labels-idx1-ubyte"
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"{images_path}: holds an array of shape {images.shape}, not (n, {SIDE}, {SIDE})")
    if labels.shape != images.shape[:1]:
        raise ValueError(f"{labels_path}: labels of shape {labels.shape} for {len(images)} images")
    if labels.size and labels.max() >= CLASSES:
        raise ValueError(f"{labels_path}: label {labels.max()} is not a digit")
    return images, labels


def images_at_strength(images: NDArray[Any], strength: float) -> NDArray[np.float64]:
    """Each image p, flattened to a row, as strength * p / ||p||: a signal of Euclidean norm `strength`.

    Takes shape (n, ...) and gives (n, pixels per image), 784 for MNIST. Pixels are of any real type; only their
    proportions matter.

    Raises:
        ValueError: when `strength` is not positive and finite, and, naming the image's index, when an image has no
            direction because all its pixels are zero or one is not finite.
    """
    if not (np.isfinite(strength) and strength > 0):
        raise ValueError(f"strength is positive and finite, not {strength!r}")
    if images.ndim < 2:
        raise ValueError(f"images have shape (n, ...), not {images.shape}")
    signals = images.reshape(len(images), -1).astype(np.float64)
    norms = np.linalg.norm(signals, axis=1)
    for index in np.flatnonzero(~(np.isfinite(norms) & (norms > 0)))[:1]:
        fault = "is all black" if norms[index] == 0 else "has a pixel that is not finite"
        raise ValueError(f"image {index} {fault}: it cannot be given a strength")
    signals *= (strength / norms)[:, np.newaxis]
    return signals


def shrunk(images: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Pixels of 0 to 255 as 0 to 1, averaged over squares so that ``side`` of them make a side.

    Args:
        images: shape (..., height, width), square.
        side: a divisor of the height.

    Raises:
        ValueError: if it is none.
    """
    height, width = images.shape[-2:]
    if height != width or height % side:
        raise ValueError(f"side: found {side}, expected a divisor of images of {height} x {width}")
    square = height // side
    means = images.reshape(*images.shape[:-2], side, square, side, square).mean(axis=(-3, -1), dtype=np.float64)
    return (means / 255.0).astype(np.float32)
