"""Files like MNIST's, which a network learns within seconds."""

import struct
from pathlib import Path

import numpy as np


def idx(array: np.ndarray) -> bytes:
    """An array of bytes in the format of MNIST's files."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_digits(directory: Path, rng: np.random.Generator, train: np.ndarray, test: np.ndarray) -> None:
    """The four files for these labels: images are noise with a bright row that tells the class."""
    for prefix, labels in (("train", train), ("t10k", test)):
        pixels = rng.integers(0, 60, (len(labels), 28, 28), dtype=np.uint8)
        pixels[np.arange(len(labels)), 2 * labels] = 255
        (directory / f"{prefix}-images-idx3-ubyte").write_bytes(idx(pixels))
        (directory / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(labels.astype(np.uint8)))
