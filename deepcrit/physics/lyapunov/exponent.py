"""What all modules call the largest Lyapunov exponent."""

from __future__ import annotations

from typing import Any, TypeVar

Logarithm = TypeVar("Logarithm", bound=Any)


def lyapunov_exponent(log_singular_value: Logarithm, layers: Any) -> Logarithm:
    """Largest finite-depth Lyapunov exponent, lambda_0 = ln(Lambda_0) / m (vock2025, Methods).

    Args:
        log_singular_value: ln of the largest singular value of the Jacobian, a number, array, series or tensor.
        layers: m, layers with weights, or modules; a number, or one for each value.

    Returns:
        Of the kind of the logarithms, in nat per layer.

    Examples:
        Two layers that double every signal:

        >>> import torch
        >>> from deepcrit import largest_singular_values, lyapunov_exponent
        >>> found = largest_singular_values(lambda x: 2.0 * (2.0 * x), torch.ones(1, 5))
        >>> lyapunov_exponent(found.log_value, 2).round(4).tolist()  # ln 2
        [0.6931]
    """
    return log_singular_value / layers
