"""Fig. 2 of ghavasieh2025: crackling noise in Gaussian networks."""
