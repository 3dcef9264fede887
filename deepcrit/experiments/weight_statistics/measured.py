"""What is measured of the weights of one network through its training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kurtosis

from deepcrit.core.arrays import Floats, Mask
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.weight_statistics.gradients import gradient_elements
from deepcrit.experiments.weight_statistics.tails import log_binned_density, tail_shape
from deepcrit.experiments.weight_statistics.trajectories import (
    autocorrelation,
    irreversibility,
    larger_than,
    redundant_connections,
    standardised,
    time_variance,
)
from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.physics.activations import activation as named_activation
from deepcrit.training.losses import cross_entropies
from deepcrit.training.networks import Parameters
from deepcrit.training.snapshots import Trajectory

LAGS = 5  # steps of the window
_THRESHOLDS = np.geomspace(1e-6, 20.0, 30)
_LEAST_TIMES = LAGS + 3


class WeightImages(NamedTuple):
    """Images of shape (images, pixels) and their labels of shape (images,)."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


class StatisticsParts(NamedTuple):
    """Tables of one network, by their schemas."""

    shapes: pd.DataFrame
    statistics: pd.DataFrame
    curves: pd.DataFrame


class _Looked(NamedTuple):
    """A network at one iteration: activities of its first hidden layer, and correlations of pairs and connections."""

    first: Floats
    pairs: Floats
    connections: Floats


class _Rows:
    """Rows of all three tables."""

    def __init__(self, run: str, settings: Mapping[str, Any], seed: int) -> None:
        self._run, self._settings, self._seed = run, settings, seed
        self.tables: list[list[dict[str, Any]]] = [[], [], []]

    def shape(self, iteration: int, quantity: str, values: Floats, largest: float | None = None) -> None:
        """The tail of many values, and their density."""
        rng = generator(seed_key(self._seed, "weight_statistics", f"{self._run}/{iteration}/{quantity}", 0))
        found = tail_shape(values, self._settings["most_values"], self._settings["least_tail"], rng, largest)
        self.tables[0].append({"run": self._run, "iteration": iteration, "quantity": quantity, **found})
        self.curve(iteration, quantity, *log_binned_density(values))

    def curve(self, iteration: int, quantity: str, x: Floats, y: Floats) -> None:
        """Points of a curve."""
        at = {"run": self._run, "iteration": iteration, "quantity": quantity}
        self.tables[2].extend(at | {"x": one, "y": other} for one, other in zip(x, y, strict=True))

    def value(self, iteration: int, quantity: str, value: float, reason: str) -> None:
        """A number, or why it is not known."""
        known = bool(np.isfinite(value))
        at = {"run": self._run, "iteration": iteration, "quantity": quantity}
        self.tables[1].append(at | {"value": value if known else np.nan, "reason": "" if known else reason})

    def parts(self) -> StatisticsParts:
        """The tables."""
        return StatisticsParts(*(pd.DataFrame(rows) for rows in self.tables))


def measured_statistics(
    row: Any, trajectory: Trajectory, data: WeightImages, settings: Mapping[str, Any], seed: int
) -> StatisticsParts:
    """Tails, trajectories, gradients and removals of the sample that is followed; moments at the end of the plane.

    Args:
        row: of schema ``runs``.
        trajectory: the network at all iterations at which it was kept.
        data: by which neurons correlate, and losses are told.
        settings: ``weight_statistics`` of the configuration, with ``ends`` of the samples and the late ``window``.
        seed: root of draws.
    """
    rows, end = _Rows(str(row.run), settings, seed), settings["ends"][row.sample]
    if trajectory.iterations[-1] != end:
        rows.value(int(trajectory.iterations[-1]), "trained to the end", np.nan, "diverged before")
        return rows.parts()
    looked = _at(trajectory, row.activation, data.images)
    last = looked(end)
    flat = np.stack([weights_of(parameters) for parameters in trajectory.parameters])
    if row.sample == settings["plane"]:
        for name, values in (("weights", flat[-1]), ("correlations", last.pairs)):
            spread = float(np.std(values)) > 0
            rows.value(end, f"kurtosis of {name}", float(kurtosis(values)) if spread else np.nan, "all alike")
    if row.sample == settings["followed"]:
        then = looked(settings["transition"])
        for iteration, found in ((0, looked(0)), (settings["transition"], then), (end, last)):
            rows.shape(iteration, "correlations", found.pairs, 1.0)
            strong = float((np.abs(found.pairs) >= settings["critical"]).mean())
            rows.value(iteration, "share of strong correlations", strong, "")
        _weights(rows, trajectory, flat, end)
        for iteration in sorted({0, *settings["gradient_iterations"], end}):
            place = int(np.searchsorted(trajectory.iterations, iteration))
            rows.shape(iteration, "weights", flat[place])
            rng = generator(seed_key(seed, "weight_statistics", f"{row.run}/places", 0))
            _gradients(rows, iteration, trajectory.parameters[place], looked(iteration), data, row, settings, rng)
        series = flat[np.isin(trajectory.iterations, settings["window"])]
        _connections(rows, trajectory, flat, series, then, last, settings)
        rng = generator(seed_key(seed, "weight_statistics", f"{row.run}/others", 0))
        layers = PrunedLayers(trajectory.parameters[-1], row.activation)
        _removals(rows, end, layers, then, last, data.labels, settings["critical"], rng)
    return rows.parts()


def weights_of(parameters: Parameters) -> Floats:
    """Weights of all layers without biases, in one row."""
    return np.concatenate([np.ravel(part) for part in parameters[0]]).astype(np.float64)


def _at(trajectory: Trajectory, activation: str, images: NDArray[np.float32]) -> Callable[[int], _Looked]:
    phi = named_activation(activation)

    def looked(iteration: int) -> _Looked:
        weights, biases = trajectory.parameters[int(np.searchsorted(trajectory.iterations, iteration))]
        # scaled, so that single precision holds what is about to diverge
        largest = float(np.abs(weights[0]).max()) or 1.0
        first = np.asarray(phi((images @ (weights[0] / largest)).astype(np.float64) * largest + biases[0]), np.float64)
        second = np.asarray(phi(first @ weights[1].astype(np.float64) + biases[1]), np.float64)
        logits = second @ weights[2].astype(np.float64) + biases[2]
        found = pearson_correlations(np.concatenate([first, second, logits], axis=1))
        between, hidden = found.matrix, first.shape[1]
        upper = [between[:hidden, hidden : 2 * hidden], between[hidden : 2 * hidden, 2 * hidden :]]
        return _Looked(first, found.pairs, np.concatenate([np.ravel(part) for part in upper]))

    return looked


def _weights(rows: _Rows, trajectory: Trajectory, flat: Floats, end: int) -> None:
    rows.shape(end, "positive weights", flat[-1][flat[-1] > 0])
    rows.shape(end, "negative weights", flat[-1][flat[-1] < 0])
    rows.shape(0, "positive weights", flat[0][flat[0] > 0])
    rows.shape(end, "variance", time_variance(flat, trajectory.iterations.astype(np.float64)))
    rows.shape(end, "displacement", flat[-1] - flat[0])


def _gradients(
    rows: _Rows, iteration: int, parameters: Parameters, looked: _Looked, data: WeightImages, row: Any,
    settings: Mapping[str, Any], rng: np.random.Generator,
) -> None:  # fmt: skip
    """The same weights at all iterations."""
    (_, *weights), (_, *biases) = ([np.asarray(part, np.float64) for part in of] for of in parameters)
    every, images = weights[0].size + weights[1].size, settings["gradient_images"]
    chosen = np.sort(rng.permutation(every)[: settings["gradient_weights"]])
    found = gradient_elements(
        (weights[0], weights[1]), (biases[0], biases[1]), row.activation, looked.first[:images], data.labels[:images],
        chosen,
    )  # fmt: skip
    upper = np.triu_indices(chosen.size)
    for name, matrix in zip(("gradient noise", "gradient products", "Hessian"), found, strict=True):
        rows.shape(iteration, name, matrix[upper])
    noise, hessian = np.diag(found.noise), np.diag(found.hessian)
    spread = noise.std() > 0 and hessian.std() > 0
    aligned = float(np.corrcoef(noise, hessian)[0, 1]) if spread else np.nan
    rows.value(iteration, "correlation of diagonals of noise and Hessian", aligned, "all alike")


def _connections(
    rows: _Rows, trajectory: Trajectory, flat: Floats, series: Floats, then: _Looked, last: _Looked,
    settings: Mapping[str, Any],
) -> None:  # fmt: skip
    """Critical, redundant and other connections after the first hidden layer, one held against another."""
    end, first, least = int(trajectory.iterations[-1]), flat.shape[1] - last.connections.size, settings["critical"]
    place = int(np.searchsorted(trajectory.iterations, settings["transition"]))
    upper, window = flat[:, first:], series[:, first:]
    values = {
        "variance": time_variance(upper, trajectory.iterations.astype(np.float64)),
        "final size": np.abs(upper[-1]),
        "displacement": np.abs(upper[-1] - upper[0]),
        "growth since the transition": np.abs(upper[-1]) - np.abs(upper[place]),
    }
    if len(series) >= _LEAST_TIMES:
        rows.shape(end, "irreversibility", irreversibility(series, LAGS))
        values |= {
            "irreversibility": irreversibility(window, LAGS),
            "irreversibility of standardised weights": irreversibility(standardised(window), LAGS),
            "autocorrelation": autocorrelation(window, LAGS),
        }
    critical, lost = last.connections >= least, redundant_connections(then.connections, last.connections, least)
    rows.value(end, "critical connections", float(critical.sum()), "")
    rows.value(end, "redundant connections", float(lost.sum()), "")
    for kind, one, other in (
        ("critical over others", critical, ~critical),
        ("redundant over critical", lost, critical),
        ("redundant over others", lost, ~critical & ~lost),
    ):
        for quantity, of in values.items():
            value = larger_than(of[one], of[other])
            rows.value(end, f"{kind}: {quantity}", value, "no connection of a kind")


class PrunedLayers:
    """The two layers after the first hidden one, with some connections removed."""

    def __init__(self, parameters: Parameters, activation: str) -> None:
        (_, *weights), (_, *self._biases) = ([np.asarray(part, np.float64) for part in of] for of in parameters)
        self._shapes, self._phi = [part.shape for part in weights], named_activation(activation)
        self._weights = np.concatenate([np.ravel(part) for part in weights])

    def losses(self, first: Floats, labels: NDArray[np.int64], removed: Mask) -> Floats:
        """Cross-entropy of every image without the connections that are ``removed``."""
        kept, size = np.where(removed, 0.0, self._weights), int(np.prod(self._shapes[0]))
        second = np.asarray(self._phi(first @ kept[:size].reshape(self._shapes[0]) + self._biases[0]))
        logits = second @ kept[size:].reshape(self._shapes[1]) + self._biases[1]
        return cross_entropies(np.asarray(logits), labels)


def _removals(
    rows: _Rows, end: int, layers: PrunedLayers, then: _Looked, last: _Looked, labels: NDArray[np.int64],
    critical: float, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Losses with redundant connections, without them, and without as many others that are not critical."""
    lost = redundant_connections(then.connections, last.connections, critical)
    others, drawn = np.flatnonzero(~lost & (last.connections < critical)), np.zeros_like(lost)
    drawn[rng.permutation(others)[: int(lost.sum())]] = True
    whole = layers.losses(last.first, labels, np.zeros_like(lost))
    rows.curve(end, "losses", _THRESHOLDS, (whole[:, None] >= _THRESHOLDS).mean(axis=0))
    for name, removed in (("redundant connections", lost), ("as many others", drawn)):
        found = layers.losses(last.first, labels, removed)
        change = float(whole.mean() - found.mean()) if removed.any() else np.nan
        rows.value(end, f"loss with less without {name}", change, "no such connection")
        rows.curve(end, f"losses without {name}", _THRESHOLDS, (found[:, None] >= _THRESHOLDS).mean(axis=0))
