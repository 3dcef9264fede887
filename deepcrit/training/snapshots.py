"""Networks as they were at some iterations: written as they are trained, read one network after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.core.tables import TableError, read_parquet
from deepcrit.training.networks import FullyConnected, Parameters, Shape, SharedInputs
from deepcrit.training.schemas import SNAPSHOTS

Singles = NDArray[np.float32]
LEAST_NEURONS = 2  # a layer of one is filled up, see FullyConnected.drawn


class Trajectory(NamedTuple):
    """A network through its training.

    Attributes:
        run: its name.
        sizes: neurons of its layers, inputs and classes included.
        iterations: at which it was kept, ascending.
        parameters: at each of them.
    """

    run: str
    sizes: tuple[int, ...]
    iterations: NDArray[np.int64]
    parameters: list[Parameters]

    def side_by_side(self, activation: str) -> SharedInputs:
        """The network at all its iterations, as networks that see the same inputs."""
        return SharedInputs.drawn(Shape(filled_up(self.sizes), activation), len(self.iterations), iter(self.parameters))

    def at(self, iterations: Collection[int]) -> Trajectory:
        """The network at those of some iterations at which it was kept."""
        places = [place for place, iteration in enumerate(self.iterations) if iteration in iterations]
        return self._replace(
            iterations=self.iterations[places], parameters=[self.parameters[place] for place in places]
        )

    def flat(self) -> Singles:
        """All parameters in one row an iteration, shape (iterations, parameters)."""
        return np.stack([flattened(parameters) for parameters in self.parameters])


def filled_up(sizes: Sequence[int]) -> tuple[int, ...]:
    """Layers with hidden ones of one neuron filled up."""
    return (sizes[0], *(max(size, LEAST_NEURONS) for size in sizes[1:-1]), sizes[-1])


def flattened(parameters: Parameters) -> Singles:
    """Weights of a layer, row by row of fan-in, its biases, and so on upwards."""
    parts = [np.ravel(part) for layer in zip(*parameters, strict=True) for part in layer]
    return np.concatenate(parts).astype(np.float32, copy=False)


def unflattened(flat: Singles, sizes: Sequence[int]) -> Parameters:
    """The inverse of :func:`flattened`: weights of shape (fan in, fan out) and biases of shape (fan out,).

    Raises:
        ValueError: if the number of parameters is not that of layers of these sizes.
    """
    expected = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(sizes))
    if flat.shape != (expected,):
        raise ValueError(f"parameters: found shape {flat.shape}, expected ({expected},) for layers of {tuple(sizes)}")
    weights, biases, start = [], [], 0
    for fan_in, fan_out in pairwise(sizes):
        middle = start + fan_in * fan_out
        weights.append(flat[start:middle].reshape(fan_in, fan_out))
        biases.append(flat[middle : middle + fan_out])
        start = middle + fan_out
    return weights, biases


def parameters_of(networks: FullyConnected, sizes: Sequence[int]) -> list[Parameters]:
    """Parameters of each of several networks, without neurons that fill up layers of ``sizes``."""
    found: list[Parameters] = []
    pairs = list(pairwise(sizes))
    weights = [
        w[:, :fan_in, :fan_out].cpu().numpy() for w, (fan_in, fan_out) in zip(networks.weights, pairs, strict=True)
    ]
    biases = [b[:, 0, :fan_out].cpu().numpy() for b, (_, fan_out) in zip(networks.biases, pairs, strict=True)]
    for network in range(len(networks)):
        found.append(([w[network] for w in weights], [b[network] for b in biases]))
    return found


def read_snapshots(
    paths: Sequence[str | Path],
    runs: pd.DataFrame,
    inputs: int,
    classes: int,
    iterations: Collection[int] | None = None,
) -> Iterator[tuple[Any, Trajectory]]:
    """Networks and what they were, one after another, so that few are held at once.

    Args:
        paths: of tables of schema ``snapshots``, each of which holds networks whole.
        runs: with columns ``run`` and ``hidden``, of the networks wanted; those that are in no table are left out.
        inputs: of all networks.
        classes: of all networks.
        iterations: of those wanted; all, if None.

    Yields:
        A row of ``runs``, as by ``itertuples``, and its network, table by table, in the order of ``runs`` in each.

    Raises:
        TableError: if a table is not whole, or holds parameters of other layers than ``runs`` says.
    """
    for path in paths:
        where = {"run": runs["run"].tolist()} | ({} if iterations is None else {"iteration": list(iterations)})
        table = read_parquet(path, SNAPSHOTS, where=where)
        parts = dict(list(table.groupby("run", sort=False)))
        for row in runs[runs["run"].isin(list(parts))].itertuples(index=False):
            part, hidden = parts[str(row.run)].sort_values("iteration"), int(str(row.hidden))
            sizes = (inputs, hidden, hidden, classes)
            try:
                parameters = [unflattened(flat, sizes) for flat in part["parameters"]]
            except ValueError as error:
                raise TableError(f"{path}: run {row.run}: {error}") from error
            yield row, Trajectory(str(row.run), sizes, part["iteration"].to_numpy(), parameters)
