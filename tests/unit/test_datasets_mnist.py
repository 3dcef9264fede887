"""MNIST: the idx format, the pairing of images and labels, and images as signals of given strength."""

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from made_up_digits import idx
from numpy.typing import NDArray
from workflow_scripts import script

from deepcrit.data import mnist
from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.fetch.packages import Package
from deepcrit.data.fetch.sources import LocalDirectory, PublicUrl
from deepcrit.data.fetch.wanted import FetchError
from deepcrit.data.idx import read_idx


def random_bytes(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("shape", [(5,), (3, 4), (3, 28, 28), (0, 28, 28)])
def test_read_idx_returns_what_was_written(tmp_path: Path, shape: tuple[int, ...]) -> None:
    """Values, shape and order survive, and the array is ours to change."""
    array = random_bytes(*shape)
    (tmp_path / "array").write_bytes(idx(array))
    read = read_idx(tmp_path / "array")
    np.testing.assert_array_equal(read, array)
    assert read.dtype == np.uint8
    assert read.flags.writeable


WHOLE = idx(random_bytes(3, 4, 5))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 bytes are too few"),
        (b"\0\0\x08", "3 bytes are too few"),
        # gzip writes the time into its header, and contents are part of the test's name
        (gzip.compress(WHOLE, mtime=0), "magic number 0x1f8b0800"),
        (b"\0\0\x0d\x03" + WHOLE[4:], "magic number 0x00000d03"),
        (b"\0\0\x08\x00", "magic number 0x00000800"),
        (WHOLE[:10], "ends within its header, which announces 3 dimensions"),
        (WHOLE[:16], "truncated: 16 bytes, but shape (3, 4, 5) takes 76"),
        (WHOLE[:-1], "truncated: 75 bytes"),
        (WHOLE + b"\0", "too long: 77 bytes"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "truncated: 16 bytes"),
    ],
)
def test_read_idx_refuses_what_is_not_whole(tmp_path: Path, content: bytes, message: str) -> None:
    """Anything but a whole idx file of bytes is refused with the file's name and what is wrong."""
    path = tmp_path / "array"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(f"{path}: {message}")):
        read_idx(path)


def write_split(directory: Path, prefix: str, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    (directory / f"{prefix}-images-idx3-ubyte").write_bytes(idx(images))
    (directory / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(labels))


def test_load_pairs_images_with_labels(tmp_path: Path) -> None:
    """Each split is read from its own two files."""
    for prefix, n in (("train", 7), ("t10k", 4)):
        write_split(tmp_path, prefix, random_bytes(n, 28, 28), np.arange(n, dtype=np.uint8))
    for images, labels, n in (
        (*mnist.load(tmp_path), 7),
        (*mnist.load(tmp_path, "train"), 7),
        (*mnist.load(tmp_path, "test"), 4),
    ):
        np.testing.assert_array_equal(images, random_bytes(n, 28, 28))
        np.testing.assert_array_equal(labels, np.arange(n))
    with pytest.raises(ValueError, match="'validation'"):
        mnist.load(tmp_path, "validation")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (random_bytes(2, 28, 27), np.zeros(2, np.uint8), "not (n, 28, 28)"),
        (random_bytes(28, 28), np.zeros(28, np.uint8), "not (n, 28, 28)"),
        (random_bytes(2, 28, 28), np.zeros(3, np.uint8), "labels of shape (3,) for 2 images"),
        (random_bytes(2, 28, 28), np.array([3, 10], np.uint8), "label 10 is not a digit"),
    ],
)
def test_load_refuses_what_does_not_belong_together(
    tmp_path: Path, images: NDArray[np.uint8], labels: NDArray[np.uint8], message: str
) -> None:
    """Wrong image sizes, unequal numbers and labels that are no digits are refused."""
    write_split(tmp_path, "train", images, labels)
    with pytest.raises(ValueError, match=re.escape(message)):
        mnist.load(tmp_path)


@pytest.mark.parametrize("strength", [1e-6, 1.0, 37.5, 1e9])
def test_images_at_strength_have_that_norm_and_their_own_direction(strength: float) -> None:
    """Rows have the norm asked for, to rounding, and remain proportional to the images."""
    images = random_bytes(20, 28, 28)
    images[3] = 0
    images[3, 14, 14] = 1  # the faintest image there is
    before = images.copy()
    signals = mnist.images_at_strength(images, strength)
    assert signals.shape == (20, 784)
    assert signals.dtype == np.float64
    np.testing.assert_allclose(np.sqrt((signals**2).sum(axis=1)), strength, rtol=1e-12)
    pixels = images.reshape(20, 784).astype(float)
    cosines = (signals * pixels).sum(axis=1) / (strength * np.sqrt((pixels**2).sum(axis=1)))
    np.testing.assert_allclose(cosines, 1.0, rtol=1e-12)
    np.testing.assert_array_equal(images, before)


def test_images_at_strength_refuses_what_has_no_direction() -> None:
    """A black image, a pixel that is not finite and an impossible strength are refused; images by index."""
    images = random_bytes(6, 28, 28)
    images[[2, 4]] = 0
    with pytest.raises(ValueError, match="image 2 is all black"):
        mnist.images_at_strength(images, 1.0)
    spoilt = random_bytes(3, 28, 28).astype(float)
    spoilt[1, 0, 0] = np.nan
    with pytest.raises(ValueError, match="image 1 has a pixel that is not finite"):
        mnist.images_at_strength(spoilt, 1.0)
    for strength in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="strength is positive and finite"):
            mnist.images_at_strength(random_bytes(2, 28, 28), strength)


def test_public_mirrors_are_asked_before_packages() -> None:
    """Every data set has files by checksum and a source; public mirrors come first and packages last."""
    for name, (files, sources) in DATASETS.items():
        assert files, name
        kinds = [type(source) for source in sources]
        assert kinds
        assert kinds == sorted(kinds, key=[PublicUrl, Package].index), name
    assert [type(source) for source in DATASETS["mnist"].sources] == [PublicUrl, PublicUrl, Package]


def test_a_local_directory_is_the_only_source(tmp_path: Path) -> None:
    """With a local directory, corrupt and missing files are told by directory, file and checksum, at once."""
    local = tmp_path / "local"
    local.mkdir()
    (local / "train-images-idx3-ubyte").write_bytes(b"corrupt")
    with pytest.raises(FetchError) as caught:
        script("data/fetch_data").main("mnist", [str(tmp_path / "mnist" / "any")], str(local), 1.0)
    message = str(caught.value)
    assert {attempt.source for attempt in caught.value.attempts} == {LocalDirectory(local).label}
    for file in DATASETS["mnist"].files:
        assert f"{file.name} (md5 {file.checksum}, {file.size} bytes) could not be had" in message
    assert f"directory {local}: found md5" in message
    for suffix in ("", ".gz"):
        assert f"holds no t10k-labels-idx1-ubyte{suffix}\n" in message + "\n"
    assert list((tmp_path / "mnist").iterdir()) == []
