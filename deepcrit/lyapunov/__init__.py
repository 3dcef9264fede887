"""Largest Lyapunov exponents of torch modules from products with their Jacobians, which are never formed."""

from deepcrit.lyapunov.products import JacobianError, JacobianProducts
from deepcrit.lyapunov.singular import LargestSingularValues, largest_singular_values

__all__ = ["JacobianError", "JacobianProducts", "LargestSingularValues", "largest_singular_values"]
