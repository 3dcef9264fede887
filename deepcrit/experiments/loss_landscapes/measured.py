"""What is measured of the losses of one network through its training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.loss_landscapes.slices import UpperLayers, connections, direction, roughness, sliced
from deepcrit.experiments.loss_landscapes.tilted import legendre_rate, tilted_ensemble
from deepcrit.graphs.correlations import pearson_correlations
from deepcrit.physics.activations import activation as named_activation
from deepcrit.stats.positive_families import positive_family
from deepcrit.training.networks import Parameters
from deepcrit.training.snapshots import Trajectory

TAIL_THRESHOLDS = np.geomspace(1e-6, 20.0, 30)
HIGH = 2.0  # nats: nearly as much as guessing costs
DEVIATION = 2.0  # standard deviations of a minibatch's mean loss above the mean


class LandscapeImages(NamedTuple):
    """Images of shape (images, pixels) and their labels of shape (images,)."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


class LandscapeParts(NamedTuple):
    """Tables of one network, by their schemas."""

    moments: pd.DataFrame
    tails: pd.DataFrame
    entropies: pd.DataFrame
    deviations: pd.DataFrame
    slices: pd.DataFrame
    maps: pd.DataFrame


def measured_landscapes(
    row: Any, trajectory: Trajectory, data: LandscapeImages, settings: Mapping[str, Any], seed: int
) -> LandscapeParts:
    """Losses at all iterations; minibatches and planes of the sample that is followed alone.

    Args:
        row: of schema ``runs``.
        trajectory: the network at the iterations to be looked at.
        data: by which losses are told.
        settings: ``loss_landscapes`` of the configuration.
        seed: root of minibatches and directions.
    """
    rows: list[list[dict[str, Any]]] = [[] for _ in LandscapeParts._fields]
    initial = trajectory.flat()[0].astype(np.float64)
    last = int(trajectory.iterations[-1])
    followed = row.sample == settings["followed"]
    for iteration, parameters, flat in zip(
        trajectory.iterations.tolist(), trajectory.parameters, trajectory.flat(), strict=True
    ):
        at = {"run": row.run, "iteration": iteration}
        layers, first = upper_layers(parameters, row.activation, data.images)
        losses = layers.losses(first, data.labels)
        named = followed or iteration == last
        family = positive_family(losses[: settings["family_images"]]) if named else ""
        way = float(np.linalg.norm(flat - initial) / np.linalg.norm(initial))
        rows[0].append(at | _moments(losses) | {"family": family, "displacement": way})
        rows[2].extend(at | _entropy(losses, threshold) for threshold in settings["thresholds"])
        if followed:
            rng = generator(seed_key(seed, "loss_landscapes", f"{row.run}/{iteration}", 0))
            rows[1].extend(at | {"threshold": b, "share": float((losses >= b).mean())} for b in TAIL_THRESHOLDS)
            rows[3].extend(at | found for found in _deviations(losses, settings, rng))
            if iteration in settings["slice_iterations"] or iteration == last:
                for found, maps in _planes(layers, first, data.labels, settings, rng):
                    rows[4].append(at | found)
                    rows[5].extend(at | point for point in maps)
    return LandscapeParts(*(pd.DataFrame(part) for part in rows))


def upper_layers(parameters: Parameters, activation: str, images: NDArray[np.float32]) -> tuple[UpperLayers, Floats]:
    """The layers after the first hidden one, and what enters them."""
    weights, biases = ([np.asarray(part, np.float64) for part in parts] for parts in parameters)
    first = np.asarray(named_activation(activation)(images @ parameters[0][0] + parameters[1][0]), np.float64)
    return UpperLayers((weights[1], weights[2]), (biases[1], biases[2]), activation), first


def _moments(losses: Floats) -> dict[str, float]:
    return {
        "mean": float(losses.mean()),
        "variance": float(losses.var()),
        "largest": float(losses.max()),
        "upper_permille": float(np.quantile(losses, 0.999)),
        "high": float((losses >= HIGH).mean()),
    }


def _entropy(losses: Floats, threshold: float) -> dict[str, Any]:
    found = tilted_ensemble(losses, threshold)
    known = found.entropy > 0
    criterion = float(np.log(losses.mean() / found.entropy)) if known else np.nan
    gap = np.nan
    if not found.extrapolated and not found.reason:
        gap = abs(legendre_rate(losses, threshold, found.beta) - found.entropy)
    return {"threshold": threshold, **found._asdict(), "criterion": criterion, "legendre_gap": gap}


def _deviations(losses: Floats, settings: Mapping[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    draws = settings["deviation_draws"]
    for batch in settings["deviation_batches"]:
        means = losses[rng.integers(0, losses.size, (draws, batch))].mean(axis=1)
        threshold = float(losses.mean() + DEVIATION * losses.std() / np.sqrt(batch))
        over = int((means >= threshold).sum())
        bound = -batch * tilted_ensemble(losses, threshold).entropy
        low = binomtest(over, draws).proportion_ci(0.95).low
        yield {
            "batch": batch, "batches": draws, "variance": float(means.var(ddof=1)), "threshold": threshold,
            "share": over / draws, "log_bound": bound, "excess": float(np.log(low) - bound) if low > 0 else np.nan,
        }  # fmt: skip


def _planes(
    layers: UpperLayers, first: Floats, labels: NDArray[np.int64], settings: Mapping[str, Any],
    rng: np.random.Generator,
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:  # fmt: skip
    """Landscapes of all images and of a minibatch on the same planes, along both kinds of connections."""
    activity = named_activation(layers.activation)(first @ layers.weights[0] + layers.biases[0])
    neurons = np.concatenate([first, activity, activity @ layers.weights[1] + layers.biases[1]], axis=1)
    critical = connections(pearson_correlations(neurons).matrix, first.shape[1], settings["critical"], signed=True)
    images, batch, reach = settings["slice_images"], settings["batch"], settings["slice_reach"]
    at = np.linspace(-reach, reach, settings["slice_points"])
    for kind, support in (("critical", critical), ("other", (~critical[0], ~critical[1]))):
        moved = int(support[0].sum() + support[1].sum())
        for normalised in (True, False):
            row = {"connections": kind, "normalised": normalised, "moved": moved, "planes": 0}
            if not moved:
                yield row | {"reason": "no such connection"}, []
                continue
            found, maps = [], []
            for plane in range(settings["slice_planes"]):
                ends = tuple(direction(layers, support, normalised, rng) for _ in range(2))
                losses = sliced(layers, (ends[0], ends[1]), reach, at.size, first[:images], labels[:images])
                of_batch = losses[:, :, rng.integers(0, images, batch)].mean(axis=2)
                mean = losses.mean(axis=2)
                found.append([*roughness(mean), *roughness(of_batch)])
                if plane == 0 and normalised:
                    maps = [
                        {"connections": kind, "landscape": name, "a": a, "b": b, "loss": values[i, j]}
                        for name, values in (("mean", mean), ("batch", of_batch))
                        for i, a in enumerate(at)
                        for j, b in enumerate(at)
                    ]
            names = ("mean_variance", "mean_roughness", "batch_variance", "batch_roughness")
            means = dict(zip(names, np.mean(found, axis=0).tolist(), strict=True))
            yield row | means | {"planes": len(found), "reason": ""}, maps
