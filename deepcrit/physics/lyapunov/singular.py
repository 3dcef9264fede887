"""The largest singular value of each Jacobian, by Lanczos iteration on J J^T."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from deepcrit.physics.lyapunov.products import JacobianProducts
from deepcrit.physics.lyapunov.scaling import faint_exponents, moderate_exponents, powers_of_two

# next vectors shorter than this part of the largest eigenvalue are rounding: the Krylov space is complete
COMPLETE = 1e-13


class LargestSingularValues(NamedTuple):
    """One entry an input, shape (batch,).

    ``log_value`` is minus infinity, and ``value`` zero, for a Jacobian that is zero, as behind dead rectifiers.
    ``error`` estimates the relative error of ``value`` from the residual and the gap to the second Ritz value; rounding
    in single precision, near 1e-6, comes on top. ``iterations`` counts products with J J^T until it fell below the
    tolerance.
    """

    value: NDArray[np.float64]
    log_value: NDArray[np.float64]
    iterations: NDArray[np.int64]
    converged: NDArray[np.bool_]
    error: NDArray[np.float64]


def largest_singular_values(
    function: Callable[[torch.Tensor], Any],
    inputs: torch.Tensor,
    tolerance: float = 1e-5,
    most_iterations: int = 100,
    seed: int = 0,
) -> LargestSingularValues:
    """Lambda_0 of the Jacobian of a module at every input, without forming any Jacobian.

    In single precision Lambda_0 may be as small as 1e-60; what is smaller counts as zero.

    Lanczos iteration on the output side with full reorthogonalisation (Golub and Van Loan, section 10.1), from Gaussian
    vectors. Outputs are few, so that the basis is small; each iteration costs one product with J and one with J^T.

    Args:
        function: see `deepcrit.physics.lyapunov.products.JacobianProducts`.
        inputs: shape (batch, ...), in the precision of the function.
        tolerance: relative error of the singular value at which an input has converged.
        most_iterations: iterations after which those that have not are returned as they are.
        seed: of the first vectors.

    Raises:
        JacobianError: for outputs that are no finite tensor.
        ValueError: for a tolerance or a number of iterations that is not positive.

    Examples:
        >>> import torch
        >>> from deepcrit import largest_singular_values
        >>> _ = torch.manual_seed(0)
        >>> layer = torch.nn.Linear(20, 10).eval()
        >>> found = largest_singular_values(layer, torch.randn(3, 20))
        >>> expected = torch.linalg.matrix_norm(layer.weight.detach(), 2)
        >>> bool((abs(found.value / float(expected) - 1) < 1e-4).all())
        True
    """
    if tolerance <= 0 or most_iterations < 1:
        raise ValueError(f"found tolerance {tolerance} and most_iterations {most_iterations}, expected positive ones")
    products = JacobianProducts(function, inputs)
    batch, outputs = products.output_shape
    generator = torch.Generator("cpu").manual_seed(seed)
    vector = torch.randn(batch, outputs, generator=generator, dtype=torch.float64, device="cpu").to(inputs.device)
    basis = [vector / vector.norm(dim=1, keepdim=True)]
    pulled = products.pull(basis[0])
    raise_by = faint_exponents(pulled)
    up = powers_of_two(raise_by, basis[0])
    if raise_by.any():
        pulled = products.pull(basis[0] * up)
    # squares of singular values leave single precision long before these do: all below is in units of 2^unit
    unit = moderate_exponents(pulled)
    down = powers_of_two(-unit, basis[0])
    most = min(most_iterations, outputs)
    tridiagonal = np.zeros((batch, most, most))
    value, error = np.zeros(batch), np.full(batch, np.inf)
    iterations = np.zeros(batch, dtype=np.int64)
    for k in range(most):
        if k > 0:
            pulled = products.pull(basis[k] * up)
        pulled = pulled.to(torch.float64)
        image = products.push(pulled * powers_of_two(raise_by - unit, pulled)).to(torch.float64) * down
        tridiagonal[:, k, k] = (basis[k] * image).sum(dim=1).cpu().numpy()
        for _ in range(2):
            for known in basis:
                image = image - known * (known * image).sum(dim=1, keepdim=True)
        length = image.norm(dim=1)
        beta = length.cpu().numpy()
        eigenvalues, vectors = np.linalg.eigh(tridiagonal[:, : k + 1, : k + 1])
        largest = np.maximum(eigenvalues[:, -1], 0.0)
        moving = error > tolerance
        value = np.where(moving, np.sqrt(largest), value)
        # theta is within the residual of an eigenvalue, and within residual^2 / gap if it belongs to the largest
        # (Parlett 1998, section 11.7), the gap that of the Ritz values; its root within half of that in proportion
        residual = np.where(k + 1 == outputs, 0.0, beta * np.abs(vectors[:, k, -1]))
        if k > 0:
            gap = np.maximum(eigenvalues[:, -1] - eigenvalues[:, -2], residual)
            residual = np.divide(residual**2, gap, out=np.zeros(batch), where=gap > 0)
        relative = np.divide(residual, 2.0 * largest, out=np.zeros(batch), where=largest > 0)
        error = np.where(moving, relative, error)
        iterations += moving
        if (error <= tolerance).all() or k + 1 == most:
            break
        # a complete Krylov space goes on with a vector of zeros
        alive = beta > COMPLETE * largest
        tridiagonal[:, k, k + 1] = tridiagonal[:, k + 1, k] = np.where(alive, beta, 0.0)
        scale = torch.from_numpy(np.where(alive, 1.0 / np.where(alive, beta, 1.0), 0.0)).to(image.device)
        basis.append(image * scale[:, None])
    shift = unit - raise_by
    with np.errstate(divide="ignore"):
        logarithm = np.log(value) + shift * np.log(2.0)
    return LargestSingularValues(np.ldexp(value, shift), logarithm, iterations, error <= tolerance, error)
