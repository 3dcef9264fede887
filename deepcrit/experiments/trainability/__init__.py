"""Figs. 3c to 3f of ghavasieh2025: where in the plane networks train."""
