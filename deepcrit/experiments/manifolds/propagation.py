"""Circles of inputs on their way through networks of stable weights, at many gains at once.

Weights of gain g are g times those of gain one, so that one draw of a layer serves every gain: each is a block of
columns of one product. Two neighbours are followed as one of them and their difference d, by tanh(h + d) - tanh(h) =
tanh(d) (1 - tanh(h) tanh(h + d)), in which nothing cancels however close they come; single precision then does. tanh is
odd, so that half of the circle tells how neighbours fare on the other half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from deepcrit.physics.heavytails.checks import LEAST_ALPHA, checked_gain
from deepcrit.stats import stable
from deepcrit.stats.stable.checks import checked_alpha

_Reals = NDArray[np.floating]
_Floats = NDArray[np.float64]

_SMALLEST = 1e-30  # factor by which signals may shrink in single precision


class Circle(NamedTuple):
    """Singular values of a centred circle of pre-activations, and where its points lie along three of them.

    Attributes:
        singular_values: in falling order, shape (min(angles, N),).
        projections: left singular vectors of the first three, by angle, shape (angles, 3).
    """

    singular_values: _Floats
    projections: _Floats


def _layers(rng: np.random.Generator, width: int, alpha: float, depth: int, dtype: DTypeLike) -> Iterator[_Reals]:
    """Weights of gain one, S_alpha((1/2N)^(1/alpha)), layer by layer."""
    scale = (1 / (2 * width)) ** (1 / alpha)
    for _ in range(depth):
        yield stable.sample(rng, (width, width), alpha, scale).astype(dtype)


def _circle(width: int, angles: _Floats, dtype: DTypeLike) -> _Reals:
    """cos(theta) e1 + sin(theta) e2, one column an angle."""
    h = np.zeros((width, angles.size), dtype)
    h[0], h[1] = np.cos(angles), np.sin(angles)
    return h


def _precision(gains: Sequence[float], depth: int) -> DTypeLike:
    return np.float32 if min(gains) ** depth > _SMALLEST else np.float64


def _checked(alpha: float, gains: Sequence[float]) -> None:
    checked_alpha(alpha, LEAST_ALPHA)
    for gain in gains:
        checked_gain(gain)


def propagate_circle(
    rng: np.random.Generator, width: int, depth: int, alpha: float, gains: Sequence[float], angles: _Floats
) -> list[_Floats]:
    """The circle after the last layer of one network, at every gain, shapes (N, angles) (qu2022, Fig. 4).

    Args:
        rng: source of randomness of the network.
        width: neurons per layer, two at least.
        depth: layers, each h <- W tanh(h), from the circle as pre-activations.
        alpha: index of stability, from 1 to 2.
        gains: g.
        angles: theta of the points of the circle.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: a gain that is not positive and finite.
    """
    _checked(alpha, gains)
    dtype = _precision(gains, depth)
    columns = np.repeat(np.asarray(gains, dtype), angles.size)
    h = np.tile(_circle(width, angles, dtype), len(gains))
    for weights in _layers(rng, width, alpha, depth, dtype):
        h = weights @ np.tanh(h)
        h *= columns
    return [part.astype(np.float64) for part in np.hsplit(h, len(gains))]


def principal_components(h: _Floats) -> Circle:
    """Singular values of centred points h of shape (N, points), and projections on the first three."""
    largest = float(np.abs(h).max()) or 1.0  # squares of small signals leave double precision
    centred = (h - h.mean(axis=1, keepdims=True)).T / largest
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    return Circle(largest * values, left[:, :3])


def neighbour_distances(
    rng: np.random.Generator,
    width: int,
    alpha: float,
    gains: Sequence[float],
    layers: Sequence[int],
    pairs: int,
    spacing: float,
) -> _Floats:
    """|h(theta + spacing) - h(theta)| of neighbours along half a circle, shape (layers, gains, pairs) (qu2022, Eq. 11).

    Args:
        rng: source of randomness of the network.
        width: neurons per layer, two at least.
        alpha: index of stability, from 1 to 2.
        gains: g.
        layers: at which distances are measured, ascending, from 1.
        pairs: neighbours, at even angles.
        spacing: angle between two neighbours.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: a gain that is not positive and finite.
    """
    _checked(alpha, gains)
    dtype = _precision(gains, layers[-1])
    angles = np.pi * np.arange(pairs) / pairs
    # the difference of two points of a circle has the length of the chord
    chord = 2 * np.sin(spacing / 2)
    h = np.tile(_circle(width, angles, dtype), len(gains))
    apart = np.tile(_circle(width, angles + (spacing + np.pi) / 2, dtype), len(gains)) * np.asarray(chord, dtype)
    columns = np.tile(np.repeat(np.asarray(gains, dtype), pairs), 2)
    out = np.empty((len(layers), len(gains), pairs))
    for layer, weights in enumerate(_layers(rng, width, alpha, layers[-1], dtype), 1):
        x = np.tanh(h)
        moved = np.tanh(apart) * (1 - x * np.tanh(h + apart))
        both = weights @ np.concatenate([x, moved], axis=1)
        both *= columns
        h, apart = np.hsplit(both, 2)
        if layer in layers:
            squares = np.square(apart, dtype=np.float64).sum(axis=0)
            out[list(layers).index(layer)] = np.sqrt(squares).reshape(len(gains), pairs)
    return out


def coefficient_of_variation(distances: _Floats) -> _Floats:
    """Standard deviation over mean along the last axis (qu2022, Eq. 11); NaN where all are zero."""
    mean = distances.mean(axis=-1)
    spread = distances.std(axis=-1)
    return np.divide(spread, mean, out=np.full_like(mean, np.nan), where=mean > 0)
