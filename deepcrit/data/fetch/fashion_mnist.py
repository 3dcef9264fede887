"""Fashion-MNIST, ten kinds of clothing in the form of MNIST (Xiao, Rasul and Vollgraf 2017): fetching it.

Read it with :func:`deepcrit.data.mnist.load`.
"""

from pathlib import Path

from deepcrit.data.fetch.fetch import WantedFile, fetch
from deepcrit.data.fetch.sources import DebianPackage, PublicUrl, Source

FILES = (
    WantedFile("train-images-idx3-ubyte", "md5", "f4a8712d7a061bf5bd6d2ca38dc4d50a", 47_040_016),
    WantedFile("train-labels-idx1-ubyte", "md5", "9018921c3c673c538a1fc5bad174d6f9", 60_008),
    WantedFile("t10k-images-idx3-ubyte", "md5", "8181f5470baa50b63fa0f6fddb340f0a", 7_840_016),
    WantedFile("t10k-labels-idx1-ubyte", "md5", "15d484375f8d13e6eb1aabb0c3f46965", 10_008),
)
"""The four raw idx files, in the order in which `download` returns them."""


def public_sources(timeout_seconds: float = 5.0) -> tuple[Source, ...]:
    """Where Fashion-MNIST is fetched from, in order: its public mirror, then Debian's package of the gzipped files.

    The mirror has `timeout_seconds` to answer; Debian's client, which may have to read lists first, six times that.
    """
    return (
        PublicUrl("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", timeout_seconds=timeout_seconds),
        DebianPackage("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist", answer_seconds=6 * timeout_seconds),
    )


def download(destination: Path, local_directory: Path | None = None, timeout_seconds: float = 5.0) -> list[Path]:
    """Have the four raw idx files, verified by md5, in the directory `destination`; return their paths.

    They are taken from `local_directory` alone, when it is given, and otherwise from `public_sources(timeout_seconds)`.

    Raises FetchError when a file can be had from no source, naming each source tried and why it failed.
    """
    return fetch(FILES, public_sources(timeout_seconds), destination, local_directory)
