"""Where results are kept: a directory an experiment, and the files that are downloaded."""

from __future__ import annotations

from deepcrit.datasets import photographs

GAUSSIAN = "results/gaussian_avalanches"
REAL = "results/real_inputs"
RESNETS = "results/resnets"
MEAN_FIELD = "results/mean_field"
TRAINABILITY = "results/trainability"
SIGNALS = "results/signals"
SUSCEPTIBILITY = "results/susceptibility"
ZOO = "results/zoo"
UNIFORM = "results/uniform_networks"
CRITICALITY = "results/criticality_loss"
CONTINUAL = "results/continual"
MNIST_FILES = [
    f"results/data/mnist/{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
]
FASHION_FILES = [path.replace("/mnist/", "/fashion_mnist/") for path in MNIST_FILES]
PHOTOGRAPHS = [f"results/data/photographs/{name}" for name in photographs.NAMES]
WEIGHTS = "results/data/weights"  # downloaded trained weights, under the names that they are published by
