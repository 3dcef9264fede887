"""Largest Lyapunov exponents of torch modules from products with their Jacobians, measured and as terms of a loss."""
