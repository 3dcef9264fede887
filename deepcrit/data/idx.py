"""The idx format of MNIST: a big-endian header of magic number and dimensions, then the values."""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_UNSIGNED_BYTE = 0x08


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of unsigned bytes in an uncompressed idx file, shaped as its header says.

    Raises:
        ValueError: naming the file, when the magic number is not that of unsigned bytes in at least one dimension, or
            when the file is shorter or longer than its header announces.
    """
    content = path.read_bytes()
    if len(content) < 4:
        raise ValueError(f"{path}: {len(content)} bytes are too few for an idx magic number")
    zeros, kind, dimensions = struct.unpack_from(">HBB", content)
    if zeros != 0 or kind != _UNSIGNED_BYTE or dimensions == 0:
        raise ValueError(f"{path}: magic number 0x{content[:4].hex()} is not 0x000008nn, unsigned bytes in idx form")
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise ValueError(f"{path}: ends within its header, which announces {dimensions} dimensions")
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    expected = header + math.prod(shape)
    if len(content) != expected:
        fault = "truncated" if len(content) < expected else "too long"
        raise ValueError(f"{path}: {fault}: {len(content)} bytes, but shape {shape} takes {expected}")
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape).copy()
