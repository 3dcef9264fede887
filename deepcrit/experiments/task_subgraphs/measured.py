"""What is found in one network: a graph for every digit, what they tell, and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp

from deepcrit.core.arrays import Floats, Mask
from deepcrit.data.mnist import CLASSES
from deepcrit.experiments.task_subgraphs.coupling import LayerActivities, coupling
from deepcrit.experiments.task_subgraphs.readout import balanced_accuracies, balanced_offset, read_out, sample_losses
from deepcrit.experiments.task_subgraphs.schemas import (
    COUPLING_COSTS,
    SUBGRAPH_EDGES,
    SUBGRAPH_FAMILIES,
    SUBGRAPH_PIXELS,
    TASK_SUBGRAPHS,
)
from deepcrit.experiments.task_subgraphs.subgraphs import (
    DigitTask,
    Subgraph,
    activated,
    clustered,
    grown,
    pruned,
    selectivity,
)
from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.stats.positive_families import positive_family
from deepcrit.training.networks import Parameters
from deepcrit.training.snapshots import Trajectory

_LEAST_IMAGES = 10  # of a digit, without which there is nothing to be told
_STAGES = ("dense", "clustered", "grown")
_Integers = NDArray[np.int64]


class DigitImages(NamedTuple):
    """Images of shape (images, pixels) and their digits of shape (images,); digits of test images may be missing."""

    train: NDArray[np.float32]
    train_digits: _Integers
    test: NDArray[np.float32]
    test_digits: _Integers | None


class FoundGraph(NamedTuple):
    """A graph of one digit at one stage, with the signal that it sends to the digit's output.

    Attributes:
        graph: its edges; of the dense network none, whose signal is that of all its edges.
        train, test: signals, the offset included, shape (images,).
    """

    stage: str
    accuracy_loss: float
    graph: Subgraph | None
    train: Floats
    test: Floats


def layer_activities(parameters: Parameters, activation: str, images: NDArray[np.floating]) -> LayerActivities:
    """Activities of all neurons, in double precision."""
    weights, biases = ([part.astype(np.float64) for part in parts] for parts in parameters)
    first = activated(activation, (images @ parameters[0][0] + parameters[1][0]).astype(np.float64))
    second = activated(activation, first @ weights[1] + biases[1])
    return LayerActivities(first, second, second @ weights[2] + biases[2])


class NetworkGraphs:
    """Graphs of all digits in a network at one iteration.

    Args:
        row: of schema ``runs``.
        iteration: at which the network is looked at.
        parameters: its weights and biases then.
        data: by which digits are told.
        settings: ``task_subgraphs`` of the configuration.
    """

    def __init__(
        self, row: Any, iteration: int, parameters: Parameters, data: DigitImages, settings: Mapping[str, Any]
    ) -> None:
        self._row, self._iteration, self._parameters = row, int(iteration), parameters
        self._data, self._settings = data, settings
        self._train = layer_activities(parameters, row.activation, data.train)
        self._test = layer_activities(parameters, row.activation, data.test)
        correlations = pearson_correlations(self._train.neurons)
        self._correlations, self._silent = correlations.matrix, correlations.silent
        self._weights = [part.astype(np.float64) for part in parameters[0]]
        self._biases = [part.astype(np.float64) for part in parameters[1]]
        self._found: dict[int, list[FoundGraph]] = {}
        self._reasons: dict[int, str] = {}
        for digit in range(CLASSES):
            reason = self._without(digit)
            self._reasons[digit] = reason
            self._found[digit] = [] if reason else list(self._stages(digit))

    def graphs(self) -> pd.DataFrame:
        """Every stage of every digit; schema ``task_subgraphs``."""
        rows = [
            row
            for digit in range(CLASSES)
            for row in ([self._graph_row(digit, found) for found in self._found[digit]] or [self._missing(digit)])
        ]
        return pd.DataFrame(rows, columns=[column.name for column in TASK_SUBGRAPHS.columns])

    def families(self) -> pd.DataFrame:
        """All digits of every stage together; schema ``subgraph_families``."""
        complete = all(self._found.values())
        rows = []
        for place, (stage, accuracy_loss) in enumerate(self._named_stages()):
            of = {digit: found[place] for digit, found in self._found.items() if found}
            row = {"run": self._row.run, "iteration": self._iteration, "stage": stage, "accuracy_loss": accuracy_loss}
            if complete:
                row["train_accuracy"] = _together([found.train for found in of.values()], self._data.train_digits)
                if self._data.test_digits is not None:
                    row["test_accuracy"] = _together([found.test for found in of.values()], self._data.test_digits)
            graphs = {digit: found.graph for digit, found in of.items() if found.graph is not None}
            graphs = {digit: graph for digit, graph in graphs.items() if graph.edges}
            rows.append(row | {"digits": len(graphs)} | self._shared(graphs))
        return pd.DataFrame(rows, columns=[column.name for column in SUBGRAPH_FAMILIES.columns])

    def edges(self) -> pd.DataFrame:
        """Edges of the graphs that are judged; schema ``subgraph_edges``."""
        hidden, parts = len(self._biases[0]), []
        for digit, graph in self.judged():
            selective = selectivity(self._train.neurons, self._data.train_digits == digit)
            rows, columns = np.nonzero(graph.lower)
            (neurons,) = np.nonzero(graph.upper)
            start = np.concatenate([rows, hidden + neurons])
            end = np.concatenate([hidden + columns, np.full(neurons.size, 2 * hidden + digit)])
            weight = np.concatenate([self._weights[1][rows, columns], self._weights[2][neurons, digit]])
            parts.append(
                pd.DataFrame(
                    {"run": self._row.run, "iteration": self._iteration, "digit": digit, "start": start, "end": end,
                     "weight": weight, "start_selectivity": selective[start], "end_selectivity": selective[end]}
                )
            )  # fmt: skip
        return pd.concat(parts) if parts else pd.DataFrame({column.name: [] for column in SUBGRAPH_EDGES.columns})

    def pixels(self) -> pd.DataFrame:
        """What pixels weigh by all paths of a graph; schema ``subgraph_pixels``."""
        parts = [pd.DataFrame({column.name: [] for column in SUBGRAPH_PIXELS.columns})]
        for digit, graph in self.judged():
            paths = np.where(graph.lower, self._weights[1], 0.0) @ np.where(
                graph.upper, self._weights[2][:, digit], 0.0
            )
            weight = self._weights[0] @ paths
            parts.append(pd.DataFrame({"run": self._row.run, "iteration": self._iteration, "digit": digit,
                                       "pixel": np.arange(weight.size), "weight": weight}))  # fmt: skip
        return pd.concat(parts[1:] or parts)

    def judged(self) -> Iterator[tuple[int, Subgraph]]:
        """Digits and their graphs, pruned by the first of the losses of accuracy, if they have an edge."""
        for digit, found in self._found.items():
            for stage in found:
                if stage.stage == "pruned" and stage.accuracy_loss == self._settings["accuracy_losses"][0]:
                    assert stage.graph is not None
                    if stage.graph.edges:
                        yield digit, stage.graph

    def _without(self, digit: int) -> str:
        count = int((self._data.train_digits == digit).sum())
        if count < _LEAST_IMAGES:
            return f"{count} images of the digit, fewer than {_LEAST_IMAGES}"
        return ""

    def _named_stages(self) -> list[tuple[str, float]]:
        return [*((stage, 0.0) for stage in _STAGES), *(("pruned", loss) for loss in self._settings["accuracy_losses"])]

    def _stages(self, digit: int) -> Iterator[FoundGraph]:
        settings, on = self._settings, self._data.train_digits == digit
        yield self._dense(digit, on)
        chosen = balanced_images(on, settings["growing_images"])
        task = self._task(digit, self._train.first[chosen], on[chosen])
        hidden = len(self._biases[0])
        cluster = clustered(
            self._correlations, selectivity(self._train.neurons, on), 2 * hidden + digit,
            settings["threshold"], settings["selectivity"],
        )  # fmt: skip
        yield self._at_stage("clustered", 0.0, cluster, digit, on)
        graph = grown(task, cluster, settings["least_gain"], settings["candidates"], settings["most_edges"])
        yield self._at_stage("grown", 0.0, graph, digit, on)
        signal = task.signal(graph)
        accuracy = float(balanced_accuracies(signal, task.on, balanced_offset(signal, task.on)))
        for accuracy_loss in settings["accuracy_losses"]:
            graph = pruned(task, graph, accuracy - accuracy_loss)
            yield self._at_stage("pruned", accuracy_loss, graph, digit, on)

    def _task(self, digit: int, first: Floats, on: Mask) -> DigitTask:
        outward = self._weights[2][:, digit]
        return DigitTask(first, on, self._weights[1], self._biases[1], outward, self._row.activation)

    def _dense(self, digit: int, on: Mask) -> FoundGraph:
        train, test = (_against_others(part.logits, digit) for part in (self._train, self._test))
        offset = float(balanced_offset(train, on))
        return FoundGraph("dense", 0.0, None, train + offset, test + offset)

    def _at_stage(self, stage: str, accuracy_loss: float, graph: Subgraph, digit: int, on: Mask) -> FoundGraph:
        train = self._task(digit, self._train.first, on).signal(graph)
        test = self._task(digit, self._test.first, on).signal(graph)
        offset = float(balanced_offset(train, on))
        return FoundGraph(stage, accuracy_loss, graph, train + offset, test + offset)

    def _missing(self, digit: int) -> dict[str, Any]:
        counts = dict.fromkeys(["vertices", "edges", "lower_edges", "pixel_edges", "suppressors"], 0)
        return {"run": self._row.run, "iteration": self._iteration, "digit": digit, "stage": "pruned",
                "accuracy_loss": self._settings["accuracy_losses"][0], **counts, "loss_family": "",
                "reason": self._reasons[digit]}  # fmt: skip

    def _graph_row(self, digit: int, found: FoundGraph) -> dict[str, Any]:
        hidden, pixels = len(self._biases[0]), len(self._weights[0])
        graph = found.graph or Subgraph(np.ones((hidden, hidden), bool), np.ones(hidden, bool))
        on, data = self._data.train_digits == digit, self._data
        share = float(on.mean())
        row = {
            "run": self._row.run,
            "iteration": self._iteration,
            "digit": digit,
            "stage": found.stage,
            "accuracy_loss": found.accuracy_loss,
            "vertices": graph.vertices,
            "edges": graph.edges,
            "lower_edges": int(graph.lower.sum()),
            "pixel_edges": pixels * int(graph.lower.any(axis=1).sum()),
            "suppressors": self._suppressors(digit, graph, on),
            "loss_family": "",
            "reason": "" if graph.edges else "no edge lowers the loss enough",
        }
        row |= {f"train_{name}": value for name, value in read_out(found.train, on, 0.0, share)._asdict().items()}
        if data.test_digits is not None:
            tested = read_out(found.test, data.test_digits == digit, 0.0, share)
            row |= {f"test_{name}": value for name, value in tested._asdict().items()}
        if found.stage == "pruned" and graph.edges:
            row["loss_family"] = positive_family(sample_losses(found.train, on, 0.0, share)[on])
        return row

    def _suppressors(self, digit: int, graph: Subgraph, on: Mask) -> int:
        """Neurons before the output by which images of other digits are held down."""
        second = self._task(digit, self._train.first, on).second(graph)
        less = second[on].mean(axis=0) < second[~on].mean(axis=0)
        return int((graph.upper & (self._weights[2][:, digit] < 0) & less).sum())

    def _shared(self, graphs: Mapping[int, Subgraph]) -> dict[str, float]:
        pairs = list(combinations(graphs.values(), 2))
        if not pairs:
            return {}
        places = [np.concatenate([graph.lower.any(axis=1), graph.upper]) for graph in graphs.values()]
        found = {
            "shared_edges": float(np.mean([_jaccard(a.lower, b.lower) for a, b in pairs])),
            "shared_vertices": float(np.mean([_jaccard(a, b) for a, b in combinations(places, 2)])),
        }
        hidden, first = len(self._biases[0]), np.full(len(self._correlations), -1)
        for digit, inside in zip(graphs, places, strict=True):
            members = np.append(np.flatnonzero(inside), 2 * hidden + digit)
            first[members[first[members] < 0]] = digit
        kept = np.flatnonzero((first >= 0) & ~self._silent)
        return found | block_structure(np.abs(self._correlations[np.ix_(kept, kept)]), first[kept])


def coupling_rows(row: Any, trajectory: Trajectory, data: DigitImages, graphs: Mapping[int, Subgraph]) -> pd.DataFrame:
    """Coupling of graphs that were found at the end, at all iterations; schema ``coupling_costs``."""
    rows = []
    for iteration, parameters in zip(trajectory.iterations, trajectory.parameters, strict=True):
        activities = layer_activities(parameters, row.activation, data.train)
        weights, outward = (part.astype(np.float64) for part in parameters[0][1:])
        for digit, graph in graphs.items():
            on = data.train_digits == digit
            found = coupling(activities, weights, outward[:, digit], graph, digit, on)
            rows.append({"run": row.run, "iteration": int(iteration), "digit": digit, **found._asdict()})
    return pd.DataFrame(rows, columns=[column.name for column in COUPLING_COSTS.columns])


def balanced_images(on: Mask, most: int) -> _Integers:
    """Places of the first images of a digit and of the first of all others, as many of each, ``most`` at most."""
    own, others = np.flatnonzero(on), np.flatnonzero(~on)
    each = min(most // 2, own.size, others.size)
    return np.sort(np.concatenate([own[:each], others[:each]]))


def block_structure(strength: Floats, blocks: _Integers) -> dict[str, float]:
    """Mean strength of pairs within a block and between blocks, and Newman's modularity of the weighted graph.

    Args:
        strength: of pairs of neurons, at least zero, shape (neurons, neurons); its diagonal is not looked at.
        blocks: of every neuron, shape (neurons,).
    """
    strength = strength - np.diag(np.diag(strength))
    same = blocks[:, None] == blocks[None, :]
    within, between = same & ~np.eye(len(blocks), dtype=bool), ~same
    degrees, total = strength.sum(axis=1), strength.sum()
    if not within.any() or not between.any() or total == 0.0:
        return {}
    expected = degrees[:, None] * degrees[None, :] / total
    return {
        "within": float(strength[within].mean()),
        "between": float(strength[between].mean()),
        "modularity": float((strength - expected)[same].sum() / total),
    }


def _against_others(logits: Floats, digit: int) -> Floats:
    """Logarithm of the odds of a digit, shape (images,)."""
    return logits[:, digit] - logsumexp(np.delete(logits, digit, axis=1), axis=1)


def _together(signals: list[Floats], digits: _Integers) -> float:
    return float((np.argmax(signals, axis=0) == digits).mean())


def _jaccard(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / (a | b).sum())
