"""Sums of products whose bytes do not depend on the number of threads, as those of a threaded BLAS may."""

from typing import Any

import numpy as np

from deepcrit.core.arrays import Floats


def dot(a: Floats, b: Floats) -> float:
    """Inner product of two vectors of shape (n,)."""
    return float(np.multiply(a, b).sum())


def apply(matrix: Floats, vector: Floats) -> Floats:
    """Matrix of shape (m, n) times vector of shape (n,), without BLAS."""
    product: Any = np.einsum("ij,j->i", matrix, vector)
    return np.asarray(product, np.float64)
