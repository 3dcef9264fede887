"""Fig. 4 of ghavasieh2025: avalanches in residual networks, module by module."""
