"""Epoch by epoch with a checkpoint after each, so that a killed job loses one epoch at most."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import pandas as pd
from torch import Tensor

from deepcrit.training.checkpoints import load_checkpoint, save_checkpoint

logger = logging.getLogger(__name__)


class Networks(Protocol):
    """Networks of one shape side by side."""

    def __len__(self) -> int: ...

    def named(self) -> dict[str, Tensor]:
        """All parameters by name."""
        ...

    def kept(self, chosen: Sequence[int]) -> Self:
        """Some of the networks, by position."""
        ...


NetworksT = TypeVar("NetworksT", bound=Networks)


def train_resumably(
    names: Sequence[str],
    drawn: Callable[[], NetworksT],
    one_epoch: Callable[[NetworksT, int, list[int]], tuple[list[dict[str, Any]], list[int]]],
    epochs: tuple[int, int],
    checkpoint: Path,
    digest: str,
) -> pd.DataFrame:
    """Train networks until each has ended, from the beginning or from where a killed job left them.

    Args:
        names: of the networks.
        drawn: makes all networks as they are before the first epoch.
        one_epoch: trains the networks that are left, which it is given with the number of the epoch and their places
            among ``names``; returns a row for each, and the positions of those that are trained no further.
        epochs: the first and the last.
        checkpoint: file of the state.
        digest: of all that defines the result.

    Returns:
        One row a network and epoch, with columns ``point``, ``epoch`` and those of ``one_epoch``.

    Raises:
        CheckpointError: if the file is there and is not a whole checkpoint of this training.
    """
    first, last = epochs
    networks = drawn()
    state = load_checkpoint(checkpoint, digest)
    left, rows, done = list(range(len(names))), [], first - 1
    if state is not None:
        left, rows, done = state["left"], state["rows"], state["epoch"]
        networks = networks.kept(left)
        for name, parameter in networks.named().items():
            parameter.copy_(state[name])
        logger.info("going on after epoch %d with %d networks", done, len(left))
    while left and done < last:
        done += 1
        found, ended = one_epoch(networks, done, left)
        rows += [{"point": names[place], "epoch": done, **row} for place, row in zip(left, found, strict=True)]
        if ended:
            going = [position for position in range(len(left)) if position not in ended]
            left = [left[position] for position in going]
            networks = networks.kept(going)
        logger.info("epoch %d of %d, %d of %d networks go on", done, last, len(left), len(names))
        save_checkpoint(checkpoint, digest, {"left": left, "rows": rows, "epoch": done, **networks.named()})
    return pd.DataFrame(rows)
