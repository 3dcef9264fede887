"""Training in stages with a checkpoint after each, so that a killed job loses one stage at most.

A stage is an epoch, a task, or the iterations up to one at which something is measured or kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import pandas as pd
from torch import Tensor

from deepcrit.training.checkpoints import load_checkpoint, save_checkpoint

logger = logging.getLogger(__name__)


class SideBySide(Protocol):
    """Whatever belongs to several networks, in tensors with networks along the first axis."""

    def __len__(self) -> int: ...

    def state(self) -> dict[str, Tensor]:
        """All tensors that training changes, by name."""
        ...

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Take over the values of a :meth:`state`."""
        ...

    def select(self, chosen: Sequence[int]) -> Self:
        """What belongs to some of the networks, by position."""
        ...


NetworksT = TypeVar("NetworksT", bound=SideBySide)


class Group(Generic[NetworksT]):
    """Networks that are trained side by side, fewer and fewer of them.

    Attributes:
        networks: those that are trained still.
        left: their places among all there were.
    """

    def __init__(self, networks: NetworksT) -> None:
        self.networks, self.left = networks, list(range(len(networks)))

    def rows(self, names: Sequence[str], columns: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Rows of plain values of the networks that are left.

        Args:
            names: of all networks, for the column ``point``.
            columns: of the others, by name, a value a network or one for all.
        """
        named = {"point": [names[place] for place in self.left]}
        plain = {name: values.tolist() if isinstance(values, Tensor) else values for name, values in columns.items()}
        return [
            {str(name): value for name, value in row.items()} for row in pd.DataFrame(named | plain).to_dict("records")
        ]

    def end(self, ended: Collection[int]) -> None:
        """Train some of the networks that are left no further, by position."""
        if ended:
            going = [position for position in range(len(self.left)) if position not in ended]
            self.left = [self.left[position] for position in going]
            self.networks = self.networks.select(going)


def train_resumably(
    group: Group[Any],
    stages: Iterable[int],
    advance: Callable[[int], list[dict[str, Any]]],
    checkpoint: Path,
    digest: str,
) -> pd.DataFrame:
    """Train until the last stage or until every network has ended, from the beginning or from where a job was killed.

    Args:
        group: of which nothing is trained yet.
        stages: numbers of all of them, in order.
        advance: trains the networks of the group that are left through a stage, ends those that are done or lost, and
            returns rows of plain values. What else it writes it may write twice.
        checkpoint: file of the state.
        digest: of all that defines the training, see :func:`deepcrit.training.checkpoints.training_digest`.

    Returns:
        All rows.

    Raises:
        CheckpointError: if the file is there and is not a checkpoint of this training.
    """
    rows: list[dict[str, Any]] = []
    waiting, done = list(stages), 0
    state = load_checkpoint(checkpoint, digest)
    if state is not None:
        rows, done = state["rows"], state["done"]
        group.left, group.networks = state["left"], group.networks.select(state["left"])
        group.networks.load(state["networks"])
        logger.info("going on after %d of %d stages with %d networks", done, len(waiting), len(group.left))
    while done < len(waiting) and group.left:
        rows += advance(waiting[done])
        done += 1
        logger.info("%d of %d stages are done, %d networks go on", done, len(waiting), len(group.left))
        state = {"done": done, "left": group.left, "rows": rows, "networks": group.networks.state()}
        save_checkpoint(checkpoint, digest, state)
    return pd.DataFrame(rows)
