"""Files inside a package of Debian, read as data and never installed."""

import lzma
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deepcrit.data.fetch.sources.base import FileUnavailableError, Opener, SourceUnavailableError, Stream
from deepcrit.data.fetch.sources.blocks import blocks_of, gunzipped
from deepcrit.data.fetch.sources.client import one_download, run_client

_MAGIC = b"!<arch>\n"
_HEADER = 60


@dataclass(frozen=True)
class DebianPackage:
    """The files `<inner_dir>/<name>.gz` of the package `name`, in the version that the system's lists name.

    `apt-get download` fetches it into a temporary directory, which takes no privilege. Where the system has no lists,
    they are fetched into that directory first, within `answer_seconds`; the package has `timeout_seconds`.
    """

    name: str
    inner_dir: str
    answer_seconds: float = 30.0
    timeout_seconds: float = 300.0

    @property
    def label(self) -> str:
        return f"Debian package {self.name}"

    @contextmanager
    def opened(self) -> Iterator[Opener]:
        apt = shutil.which("apt-get")
        if apt is None:
            raise SourceUnavailableError("the client apt-get is not installed")
        with one_download(
            lambda scratch: self._download(apt, scratch), "*.deb", "apt-get download", "packages"
        ) as package:
            yield lambda name: self._stream(package, name)

    def _download(self, apt: str, scratch: Path) -> None:
        try:
            run_client([apt, "download", self.name], scratch, self.timeout_seconds)
        except SourceUnavailableError:
            # no lists, or lists that are too old
            (scratch / "lists" / "partial").mkdir(parents=True)
            own = ["-o", f"Dir::State::lists={scratch / 'lists'}", "-o", f"Dir::Cache={scratch / 'cache'}"]
            run_client([apt, "update", *own], scratch, self.answer_seconds)
            run_client([apt, "download", self.name, *own], scratch, self.timeout_seconds)

    def _stream(self, package: Path, name: str) -> Stream:
        wanted = f"./{self.inner_dir.strip('/')}/{name}.gz"
        try:
            with package.open("rb") as file:
                _enter_data(file)
                with tarfile.open(fileobj=file, mode="r|xz") as archive:
                    for entry in archive:
                        content = archive.extractfile(entry) if entry.name == wanted else None
                        if content is not None:
                            with content, closing(gunzipped(blocks_of(content))) as raw:
                                yield from raw
                            return
        except (tarfile.TarError, lzma.LZMAError, OSError, EOFError) as error:
            raise SourceUnavailableError(f"the package cannot be read ({error})") from error
        raise FileUnavailableError(f"the package holds no file {wanted}")


def _enter_data(file: IO[bytes]) -> None:
    """Move to the content of data.tar.xz in an ar archive: a magic line, then members behind headers of 60 bytes."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise SourceUnavailableError("the package cannot be read (it is no ar archive)")
    while len(header := file.read(_HEADER)) == _HEADER:
        member, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), header[48:58].strip()
        if member == "data.tar.xz":
            return
        if not size.isdigit():
            break
        # members begin at even places
        file.seek(int(size) + int(size) % 2, 1)
    raise SourceUnavailableError("the package cannot be read (it holds no data.tar.xz)")
