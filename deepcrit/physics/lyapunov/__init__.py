"""Largest Lyapunov exponents of torch modules from products with their Jacobians, measured and as terms of a loss."""

from deepcrit.physics.lyapunov.differentiable import differentiable_exponents
from deepcrit.physics.lyapunov.products import JacobianError, JacobianProducts, require_own_statistics
from deepcrit.physics.lyapunov.singular import LargestSingularValues, largest_singular_values

__all__ = [
    "JacobianError",
    "JacobianProducts",
    "LargestSingularValues",
    "differentiable_exponents",
    "largest_singular_values",
    "require_own_statistics",
]
