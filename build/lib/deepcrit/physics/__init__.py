"""Ensembles of random networks: propagation, mean field, Lyapunov exponents."""
