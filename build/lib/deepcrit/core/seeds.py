"""Seeds that belong to the sample: a function of what is drawn, never of which worker draws it."""

from __future__ import annotations

import hashlib

import numpy as np


def _word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


def seed_key(root: int, experiment: str, point: str, block: int) -> str:
    """Key of one block of samples, as stored in a manifest: ``root:experiment:point:block`` as integers.

    Args:
        root: the seed in the configuration.
        experiment: name of the experiment.
        point: name of the grid point, e.g. ``"radial/N100"``.
        block: index of the block or network at that point.
    """
    return f"{root}:{_word(experiment)}:{_word(point)}:{block}"


def generator(key: str) -> np.random.Generator:
    """Random generator of a key from :func:`seed_key`.

    Raises:
        ValueError: if the key is not four integers joined by colons.
    """
    parts = key.split(":")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        raise ValueError(f"seed_key: found {key!r}, expected root:experiment:point:block as integers")
    root, experiment, point, block = map(int, parts)
    sequence = np.random.SeedSequence(root, spawn_key=(experiment, point, block))
    return np.random.Generator(np.random.SFC64(sequence))
