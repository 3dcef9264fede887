"""Exponents of the universality class."""

EXACT_EXPONENTS = {"tau_d": 3 / 2, "tau_s": 4 / 3, "gamma": 3 / 2, "gamma_star": 3 / 2, "shape": 1 / 2}
"""Of the excursions of a random walk without drift: P(D) ~ D^(-3/2) by Sparre Andersen, and S ~ D^(3/2)."""
