"""The largest singular value of a product of a thousand layers, by a few steps of Lanczos bidiagonalisation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepcrit.experiments.uniform_networks.propagation import Jacobians


class Largest(NamedTuple):
    """Largest singular values s of all Jacobians, each array of shape (networks, columns).

    ``log_value`` is ln s from all steps, a lower bound, ``last_gain`` what the last step added to it, and ``residual``
    the norm of J^T u - s v over s: some singular value lies within that fraction of s. ``log_growth`` is ln of the norm
    of J v after every layer for the vector v that was started from, shape (depth, networks, columns).
    """

    log_value: NDArray[np.float64]
    last_gain: NDArray[np.float64]
    residual: NDArray[np.float64]
    log_growth: NDArray[np.float64]


def bidiagonalised_singular_values(jacobians: Jacobians, start: NDArray[np.float64], steps: int) -> Largest:
    """Golub and Kahan's bidiagonalisation with full reorthogonalisation (Golub and Van Loan, section 10.4).

    Each step costs one product with J and one with its transpose. Norms are taken relative to that of the first J v,
    since those of the product itself over- or underflow.

    Args:
        jacobians: the products.
        start: first vectors, shape (networks, N, columns).
        steps: products with J, at least 2.

    Raises:
        ValueError: for fewer than two steps, or more than there are dimensions.
    """
    if not 2 <= steps <= start.shape[1]:
        raise ValueError(f"steps: found {steps}, expected 2 to N = {start.shape[1]}")
    right = [start / np.linalg.norm(start, axis=1, keepdims=True)]
    left: list[NDArray[np.float64]] = []
    networks, _, columns = start.shape
    bidiagonal = np.zeros((networks, columns, steps, steps))
    reference = growth = beta = values = previous = np.zeros((networks, columns))
    for k in range(steps):
        unit, logs = jacobians.forward(right[k])
        if k == 0:
            reference, growth = logs[-1], logs
        image = unit * np.exp(logs[-1] - reference)[:, np.newaxis]
        alpha, vector = _orthogonalised(image, left)
        left.append(vector)
        bidiagonal[:, :, k, k] = alpha
        unit, logs = jacobians.backward(vector)
        image = unit * np.exp(logs[-1] - reference)[:, np.newaxis]
        beta, vector = _orthogonalised(image, right)
        right.append(vector)
        u, s, _ = np.linalg.svd(bidiagonal[:, :, : k + 1, : k + 1])
        previous, values = values, s[..., 0]
        residual = beta * np.abs(u[..., k, 0]) / values
        if k + 1 < steps:
            bidiagonal[:, :, k, k + 1] = beta
    log_values = np.log(values)
    return Largest(reference + log_values, log_values - np.log(previous), residual, growth)


def _orthogonalised(
    image: NDArray[np.float64], basis: list[NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Norm and direction of what is left of vectors once their parts along the basis are removed, twice."""
    rest = image
    for _ in range(2):
        for vector in basis:
            rest = rest - vector * np.sum(vector * rest, axis=1, keepdims=True)
    norm = np.linalg.norm(rest, axis=1)
    return norm, rest / norm[:, np.newaxis]
