"""Files from a Debian package, with a stand-in for apt-get."""

import gzip
import hashlib
import io
import os
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.packages import Package
from deepcrit.data.fetch.wanted import FetchError, WantedFile

CONTENT = {f"file{seed}": np.random.default_rng(seed).bytes(100_001) for seed in range(2)}
WANTED = [WantedFile(name, "md5", hashlib.md5(content).hexdigest()) for name, content in CONTENT.items()]
PACKAGE = Package("debian", "dataset-digits", "", "usr/share/digits", ".gz", seconds=10)

ANSWERS = """
import os, shutil, sys
assert sys.argv[1] == "download" and sys.argv[2] == "dataset-digits", sys.argv
shutil.copy(PACKAGE, ".")
"""
# knows no package until it has fetched lists into a directory that was given to it
NEEDS_LISTS = """
import os, shutil, sys
options = dict(option.split("=") for option in sys.argv if option.startswith("Dir::"))
lists = options.get("Dir::State::lists")
if sys.argv[1] == "update":
    assert os.path.isdir(lists + "/partial")
    open(lists + "/Packages", "w").close()
elif lists is None or not os.path.exists(lists + "/Packages"):
    sys.exit("E: Unable to locate package dataset-digits")
else:
    shutil.copy(PACKAGE, ".")
"""


def package_of(contents: dict[str, bytes], path: Path, member: str = "data.tar.xz") -> Path:
    """A package as Debian makes it: an ar archive of a version, control files of odd size, and data."""
    inside = io.BytesIO()
    with tarfile.open(fileobj=inside, mode="w:xz") as archive:
        for name, content in contents.items():
            compressed = gzip.compress(content)
            entry = tarfile.TarInfo(f"./usr/share/digits/{name}.gz")
            entry.size = len(compressed)
            archive.addfile(entry, io.BytesIO(compressed))
    whole = b"!<arch>\n"
    for name, content in (("debian-binary", b"2.0\n"), ("control.tar.xz", b"odd"), (member, inside.getvalue())):
        whole += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        whole += b"\n" * (len(content) % 2)
    path.write_bytes(whole)
    return path


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path], None]:
    """Installs a program as the only apt-get, with the package it may hand out."""
    scratch, programs = tmp_path / "scratch", tmp_path / "bin"
    scratch.mkdir()
    programs.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def install(program: str, package: Path) -> None:
        (programs / "apt-get").write_text(
            f"#!{sys.executable} -S\nPACKAGE = {str(package)!r}\n{program}", encoding="utf-8"
        )
        (programs / "apt-get").chmod(0o755)

    return install


@pytest.mark.parametrize("program", [ANSWERS, NEEDS_LISTS], ids=["lists", "no lists"])
def test_files_arrive(tmp_path: Path, apt: Callable[[str, Path], None], program: str) -> None:
    """Files are read out of the package, with lists of the system or own ones, and nothing else is left behind."""
    apt(program, package_of(CONTENT, tmp_path / "digits.deb"))
    paths = Downloader().fetch(WANTED, [PACKAGE], tmp_path / "all")
    assert [path.read_bytes() for path in paths] == list(CONTENT.values())
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize(
    ("contents", "member", "cut", "reason"),
    [
        ({"file0": CONTENT["file0"]}, "data.tar.xz", None, "the package holds no file ./usr/share/digits/file1.gz"),
        (CONTENT, "data.tar.zst", None, "it holds no data.tar.xz"),
        (CONTENT, "data.tar.xz", 2000, "the package cannot be read"),
        (CONTENT, "data.tar.xz", 4, "it is no ar archive"),
    ],
)
def test_faults_are_told(
    tmp_path: Path,
    apt: Callable[[str, Path], None],
    contents: dict[str, bytes],
    member: str,
    cut: int | None,
    reason: str,
) -> None:
    """A package without the file, of another compression, or cut short gives a reason and no file."""
    package = package_of(contents, tmp_path / "digits.deb", member)
    package.write_bytes(package.read_bytes()[:cut])
    apt(ANSWERS, package)
    with pytest.raises(FetchError, match=reason):
        Downloader().fetch(WANTED, [PACKAGE], tmp_path / "all")
    assert not (tmp_path / "all" / "file1").exists()


def test_no_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without apt-get is told apart from one without the package."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="Debian package dataset-digits: the client apt-get is not installed"):
        Downloader().fetch(WANTED, [PACKAGE], tmp_path / "all")


def test_unknown_package(tmp_path: Path, apt: Callable[[str, Path], None]) -> None:
    """A package that is in no list gives apt's own words as the reason."""
    apt("import sys\nif sys.argv[1] == 'download':\n    sys.exit('E: Unable to locate package')", tmp_path)
    with pytest.raises(FetchError, match="`apt-get download` failed with status 1: E: Unable to locate package"):
        Downloader().fetch(WANTED, [PACKAGE], tmp_path / "all")
