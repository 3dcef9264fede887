"""Where data sets and trained weights are kept once they were fetched."""

from __future__ import annotations

from deepcrit.data.fetch.photographs import NAMES

MNIST_FILES = [
    f"results/data/mnist/{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
]
FASHION_FILES = [path.replace("/mnist/", "/fashion_mnist/") for path in MNIST_FILES]
PHOTOGRAPHS = [f"results/data/photographs/{name}" for name in NAMES]
WEIGHTS = "results/data/weights"  # downloaded trained weights, under the names that they are published by
