"""Fig. 1 of ghavasieh2025: signals along the layers, and avalanches of strong inputs."""
