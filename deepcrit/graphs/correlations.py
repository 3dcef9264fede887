"""Pearson correlations of activities, with neurons that say nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats

_TOGETHER = 128  # images


class Correlations(NamedTuple):
    """Pearson correlations of neurons over images.

    Attributes:
        matrix: shape (neurons, neurons), one on the diagonal; rows and columns of silent neurons are zero.
        silent: neurons whose activity is the same for all images, shape (neurons,).
    """

    matrix: Floats
    silent: NDArray[np.bool_]

    @property
    def norm(self) -> float:
        """Frobenius norm, between sqrt(M) and M for M neurons of which none is silent."""
        return float(np.linalg.norm(self.matrix))

    @property
    def pairs(self) -> Floats:
        """Correlations of all pairs of neurons, each pair once, shape (M (M - 1) / 2,)."""
        return self.matrix[np.triu_indices(len(self.matrix), 1)]


def pearson_correlations(activities: NDArray[np.floating]) -> Correlations:
    """Correlations of neurons, whose activities have shape (images, neurons).

    A neuron with one activity for all images has no correlation; zero stands for it, so that it has no edge.

    Raises:
        ValueError: for fewer than two images, or an activity that is not finite.
    """
    if len(activities) < 2:
        raise ValueError(f"activities: found {len(activities)} images, expected at least 2")
    # a few images at a time, which stay in the cache from one step to the next; sums run on from block to block
    blocks = [slice(start, start + _TOGETHER) for start in range(0, len(activities), _TOGETHER)]
    low, high = activities[0], activities[0]
    total = np.zeros(activities.shape[1])
    with np.errstate(invalid="ignore", over="ignore"):
        for block in blocks:
            low = np.minimum(low, activities[block].min(axis=0))
            high = np.maximum(high, activities[block].max(axis=0))
            total = _running_sum(total, activities[block].astype(np.float64))
    if not (np.isfinite(low) & np.isfinite(high)).all():
        raise ValueError("activities: found one that is not finite, expected finite ones")
    silent, mean = high == low, total / len(activities)
    # scaled first, so that squares of small activities do not underflow
    largest = np.where(silent, 1.0, np.maximum(high - mean, mean - low))
    centred, squares = np.empty(activities.shape), np.zeros(activities.shape[1])
    for block in blocks:
        part = np.subtract(activities[block], mean, out=centred[block])
        part[:, silent] = 0.0
        part /= largest
        squares = _running_sum(squares, part**2)
    centred /= np.where(silent, 1.0, np.sqrt(squares))
    matrix = np.clip(centred.T @ centred, -1.0, 1.0)
    matrix[np.diag_indices_from(matrix)] = np.where(silent, 0.0, 1.0)
    return Correlations(matrix, silent)


def _running_sum(total: Floats, rows: Floats) -> Floats:
    """What rows add to a total, one after another; they are overwritten."""
    rows[0] += total
    return np.asarray(rows.sum(axis=0))


def explained_variance(matrix: Floats, components: int) -> float:
    """Share of the variance of standardised activities that the first principal components explain.

    Args:
        matrix: of correlations, shape (neurons, neurons).
        components: how many, all if there are fewer.
    """
    eigenvalues = np.linalg.eigvalsh(matrix)[::-1]
    return float(eigenvalues[:components].sum() / eigenvalues.sum())


def spectral_exponent(matrix: Floats, least: float = 1e-6, ranks: int = 30) -> float:
    """Exponent a of eigenvalues that fall as rank^-a, by least squares of logarithms over the leading ranks.

    Args:
        matrix: of correlations, shape (neurons, neurons).
        least: eigenvalues below this times the largest are rounding, and left out.
        ranks: how many eigenvalues are fitted, at most.

    Returns:
        The exponent, NaN if fewer than three eigenvalues are left.
    """
    eigenvalues = np.linalg.eigvalsh(matrix)[::-1][:ranks]
    kept = eigenvalues[eigenvalues > least * eigenvalues[0]]
    if kept.size < 3:
        return float("nan")
    return float(-np.polyfit(np.log(np.arange(1, kept.size + 1)), np.log(kept), 1)[0])


def spectral_order(matrix: Floats) -> NDArray[np.int64]:
    """Neurons in the order of the second eigenvector of the Laplacian of |C|, which puts like beside like.

    Args:
        matrix: of correlations, shape (neurons, neurons).
    """
    strength = np.abs(matrix) - np.eye(len(matrix))
    scale = 1.0 / np.sqrt(np.maximum(strength.sum(axis=0), 1e-12))
    _, vectors = np.linalg.eigh(np.eye(len(matrix)) - scale[:, None] * strength * scale)
    fiedler = vectors[:, 1] * scale
    # the sign of an eigenvector is anyone's
    return np.argsort(fiedler * np.sign(fiedler[np.abs(fiedler).argmax()]), kind="stable")
