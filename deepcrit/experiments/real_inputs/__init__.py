"""ghavasieh2025: images and Gaussian inputs."""
