"""Graphs of correlated neurons: correlations, what their graphs measure, cliques."""
