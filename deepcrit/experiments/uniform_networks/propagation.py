"""Signals through networks whose layers are drawn one after the other and never stored.

Every coupling and stimulus is a column of one matrix product a layer. Magnitudes are kept as logarithms beside vectors
of unit mean, so that a thousand layers neither over- nor underflow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.experiments.uniform_networks.spec import UniformSpec

# an activity below this is in the linear regime to single precision: tanh(x) = x
LINEAR = 1e-20

# sums of squares between this and its inverse have not lost anything to the range of single precision
SAFE_SQUARE = np.float32(1e-24)


class PropagatedSignals(NamedTuple):
    """Signals after one layer.

    ln of the activity mean|x|, shape (networks, columns), and the slopes g'(z) of the activation there, shape
    (networks, N, columns).
    """

    log_activity: NDArray[np.float64]
    slopes: NDArray[np.float32]


def propagate_signals(
    spec: UniformSpec, couplings: NDArray[np.float64], log_scales: NDArray[np.float64]
) -> Iterator[PropagatedSignals]:
    """Activity layer by layer of the same input at several couplings and strengths.

    Args:
        spec: the networks.
        couplings: kappa of each column, shape (columns,).
        log_scales: ln of the factor of each column's input, shape (columns,); minus infinity asks for the linear
            network, whose activity is then relative to that of the input.

    Yields:
        The input and then every layer, depth + 1 in all. Slopes of the input are not defined, and are ones.
    """
    inputs = np.repeat(spec.draw_inputs()[:, :, np.newaxis], len(couplings), axis=2)
    activity = np.abs(inputs).mean(axis=1, keepdims=True)
    unit = (inputs / activity).astype(np.float32)
    linear = np.isneginf(log_scales)
    log_activity = np.where(linear, 0.0, np.log(activity) + log_scales)
    yield PropagatedSignals(log_activity[:, 0], np.ones_like(unit))
    for layer in range(spec.depth):
        unit = spec.draw_layer(layer) @ unit
        size = np.where(linear, LINEAR, np.maximum(np.exp(log_activity), LINEAR))
        unit *= (spec.steepness * couplings * size).astype(np.float32)
        np.tanh(unit, out=unit)
        slopes = np.square(unit)
        np.subtract(np.float32(1.0), slopes, out=slopes)
        slopes *= np.float32(spec.gain)
        grown = np.abs(unit).mean(axis=1, keepdims=True, dtype=np.float64)
        log_activity = log_activity + np.log(grown * spec.amplitude / size)
        unit *= np.float32(1.0) / grown.astype(np.float32)
        yield PropagatedSignals(log_activity[:, 0], slopes)


class Jacobians:
    """Jacobians of all networks at all couplings, as products J v and J^T u over layers that are drawn anew.

    Args:
        spec: the networks.
        couplings: kappa of each column, shape (columns,).
        slopes: of every layer, from :func:`propagate_signals`; the input left out.
    """

    def __init__(self, spec: UniformSpec, couplings: NDArray[np.float64], slopes: list[NDArray[np.float32]]) -> None:
        self._spec = spec
        self._couplings = couplings.astype(np.float32)
        self._slopes = slopes

    def forward(self, vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """J v for v of shape (networks, N, columns): unit vectors, and ln of their norms after every layer.

        The norms are of shape (depth, networks, columns).
        """

        def step(layer: int, vector: NDArray[np.float32]) -> NDArray[np.float32]:
            vector = self._spec.draw_layer(layer) @ vector
            vector *= self._slopes[layer] * self._couplings
            return vector

        return _chain(step, range(self._spec.depth), vectors)

    def backward(self, vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """J^T u, as :meth:`forward`, with layers in reverse order."""

        def step(layer: int, vector: NDArray[np.float32]) -> NDArray[np.float32]:
            scaled = vector * (self._slopes[layer] * self._couplings)
            return self._spec.draw_layer(layer).transpose(0, 2, 1) @ scaled

        return _chain(step, range(self._spec.depth - 1, -1, -1), vectors)


def _norms(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Norms along the second axis, kept, of vectors whose squares may leave single precision."""
    with np.errstate(over="ignore"):
        squares = np.einsum("ijk,ijk->ik", vectors, vectors)
    if not ((squares > SAFE_SQUARE) & (squares < 1 / SAFE_SQUARE)).all():
        squares = np.square(vectors, dtype=np.float64).sum(axis=1)
    return np.asarray(np.sqrt(squares)[:, np.newaxis], np.float32)


def _chain(
    step: Callable[[int, NDArray[np.float32]], NDArray[np.float32]], layers: range, vectors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Apply the steps of some layers, with norms in logarithms."""
    log_norm = np.zeros((vectors.shape[0], 1, vectors.shape[2]))
    vector, path = vectors.astype(np.float32), []
    for layer in layers:
        vector = step(layer, vector)
        norm = _norms(vector)
        vector /= np.where(norm > 0, norm, 1)
        with np.errstate(divide="ignore"):
            log_norm = log_norm + np.log(norm.astype(np.float64))
        path.append(log_norm[:, 0])
    return vector.astype(np.float64), np.array(path)
