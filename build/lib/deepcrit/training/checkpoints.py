"""Checkpoints: what a group of networks needs to go on where a killed job left it."""

from __future__ import annotations

import hashlib
import io
import logging
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from deepcrit.core.tables import written_aside

logger = logging.getLogger(__name__)


class CheckpointError(ValueError):
    """A checkpoint that cannot be gone on from; the message names the file."""


def save_checkpoint(path: str | Path, digest: str, state: Mapping[str, Any]) -> None:
    """Write a state of tensors and plain values, aside and renamed.

    Args:
        path: of the file.
        digest: of all that defines the training.
        state: what is kept.
    """
    with written_aside(path) as aside:
        torch.save({"digest": digest, **state}, aside)


def load_checkpoint(path: str | Path, digest: str) -> dict[str, Any] | None:
    """The state that was saved, or None, which costs time only, where there is no file or one that is not whole.

    Tensors are on the processor, whatever device they were saved from.

    Raises:
        CheckpointError: naming the file, if it is of another configuration, code or device than ``digest``.
        OSError: if the file cannot be read; it may be whole.
    """
    if not Path(path).exists():
        return None
    content = Path(path).read_bytes()
    try:
        state: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    # of bytes that end too soon torch says one or another of these, by where they end
    except (RuntimeError, EOFError, OSError, ValueError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
        logger.warning("%s: not a whole checkpoint (%s), starting anew", path, error)
        return None
    found = state.pop("digest", "none")
    if found != digest:
        raise CheckpointError(
            f"{path}: found a checkpoint of another configuration, code or device (digest {found}), "
            f"expected {digest}; "
            "delete it to start these networks anew, or put the configuration back to go on"
        )
    return state


def training_digest(*defined: object) -> str:
    """Digest of all that defines the result of a training: tables by what they hold, all else by how it is printed."""
    told = [part.to_csv(index=False) if isinstance(part, pd.DataFrame) else repr(part) for part in defined]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
