"""Where data sets and trained weights are kept once they were fetched."""

from __future__ import annotations

from deepcrit.data.fetch.datasets import DATASETS


def directory_of(dataset: str) -> str:
    """Where a data set is kept."""
    return f"results/data/{dataset}"


def files_of(dataset: str) -> list[str]:
    """Paths of all files of a data set."""
    return [f"{directory_of(dataset)}/{file.name}" for file in DATASETS[dataset].files]


MNIST_FILES, FASHION_FILES, PHOTOGRAPH_FILES = (files_of(name) for name in ("mnist", "fashion_mnist", "photographs"))
WEIGHTS = "results/data/weights"  # downloaded trained weights, under the names that they are published by
