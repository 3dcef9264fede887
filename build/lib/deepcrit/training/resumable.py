"""Training in stages with a checkpoint after each, so that a killed job loses one stage at most.

A stage is an epoch, a task, or the iterations up to one at which something is measured or kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd
from torch import Tensor

from deepcrit.training.checkpoints import load_checkpoint, save_checkpoint
from deepcrit.training.networks import Networks, SideBySide

logger = logging.getLogger(__name__)


NetworksT = TypeVar("NetworksT", bound=Networks)


class Group(Generic[NetworksT]):
    """Networks that are trained side by side, fewer and fewer of them.

    Attributes:
        networks: those that are trained still.
        beside: what else training changes, of the same networks.
        left: their places among all there were.
    """

    def __init__(self, networks: NetworksT, *beside: SideBySide) -> None:
        self.networks, self.left = networks, list(range(len(networks)))
        self.beside: tuple[Any, ...] = beside

    def rows(self, names: Sequence[str], columns: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Rows of plain values of the networks that are left.

        Args:
            names: of all networks, for the column ``point``.
            columns: of the others, by name, a value a network or one for all.
        """
        named = {"point": [names[place] for place in self.left]}
        plain = {name: values.tolist() if isinstance(values, Tensor) else values for name, values in columns.items()}
        return pd.DataFrame(named | plain).to_dict("records")  # type: ignore[return-value]

    def end(self, ended: Collection[int]) -> None:
        """Train some of the networks that are left no further, by position."""
        if ended:
            self._select([position for position in range(len(self.left)) if position not in ended])

    def state(self) -> dict[str, Any]:
        """All that a checkpoint has to hold."""
        return {"left": self.left, "tensors": [part.state() for part in self._parts]}

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on from a :meth:`state`, with all networks still there."""
        self._select(state["left"])
        for part, tensors in zip(self._parts, state["tensors"], strict=True):
            part.load(tensors)

    @property
    def _parts(self) -> tuple[SideBySide, ...]:
        return self.networks, *self.beside

    def _select(self, chosen: Sequence[int]) -> None:
        self.left = [self.left[position] for position in chosen]
        self.networks = self.networks.select(chosen)
        self.beside = tuple(part.select(chosen) for part in self.beside)


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
        group.load(state)
        logger.info("going on after %d of %d stages with %d networks", done, len(waiting), len(group.left))
    while done < len(waiting) and group.left:
        rows += advance(waiting[done])
        done += 1
        logger.info("%d of %d stages are done, %d networks go on", done, len(waiting), len(group.left))
        save_checkpoint(checkpoint, digest, {"done": done, "rows": rows, **group.state()})
    return pd.DataFrame(rows)
