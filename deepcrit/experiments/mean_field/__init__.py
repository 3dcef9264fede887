"""Figs. 3a, 3b and 5 of ghavasieh2025: infinitely wide networks, and simulated ones of finite width."""
