"""Where files may be had from: directories of this machine, and of the web."""

import http
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from deepcrit.data.fetch.patience import patiently
from deepcrit.data.fetch.streams import (
    BLOCK,
    FileUnavailableError,
    SourceSilentError,
    SourceUnavailableError,
    Stream,
    blocks_of,
    gunzipped,
)

Opener: TypeAlias = Callable[[str, int], Stream]
"""From the name of a file, and the bytes of it that are there already, to the rest of its content, uncompressed."""

_NOT_HERE = (403, 404, 410)  # S3 says 403 of files that it does not have


class Source(Protocol):
    """Somewhere files may be had from. It does not judge what it delivers, which is the downloader's business."""

    @property
    def label(self) -> str:
        """How messages name this source."""

    @property
    def resumes(self) -> bool:
        """Whether it can go on in the middle of a file; one that cannot is asked for all of it."""

    def opened(self, timeout_seconds: float) -> AbstractContextManager[Opener]:
        """Make the source ready; leaving the context discards whatever that took.

        Entering may raise SourceUnavailableError; reading a stream may raise that or FileUnavailableError.
        """


@dataclass(frozen=True)
class LocalDirectory:
    """A directory that holds the files as they are or, with the suffix `.gz`, compressed."""

    path: Path
    suffix: str = ""
    resumes = False

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"directory {self.path}"

    @contextmanager
    def opened(self, timeout_seconds: float) -> Iterator[Opener]:
        """See ``Source``; nothing is opened before a file is asked for."""
        if not self.path.is_dir():
            raise SourceUnavailableError("there is no such directory")
        yield self._stream

    def _stream(self, name: str, held: int) -> Stream:
        path = self.path / f"{name}{self.suffix}"
        if not path.is_file():
            raise FileUnavailableError(f"holds no {path.name}")
        try:
            with path.open("rb") as file:
                yield from gunzipped(blocks_of(file)) if self.suffix == ".gz" else blocks_of(file)
        except OSError as error:
            raise FileUnavailableError(str(error)) from error


@dataclass(frozen=True)
class PublicUrl:
    """A directory of the web: the file `name` is at base + name + suffix, compressed if the suffix is `.gz`.

    Statuses 403, 404 and 410 say that one file is missing; any other failure to answer with the file in time condemns
    the whole source. See `patiently` for what counts as too slow afterwards.
    """

    base: str
    suffix: str = ".gz"

    def __post_init__(self) -> None:
        if not self.base.startswith(("http://", "https://")) or not self.base.endswith("/"):
            raise ValueError(f"a base URL is http(s)://.../ with a slash at its end, not {self.base!r}")

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.base

    @property
    def resumes(self) -> bool:
        """Where a file is sent as it is, bytes that are there need not be sent again."""
        return self.suffix != ".gz"

    @contextmanager
    def opened(self, timeout_seconds: float) -> Iterator[Opener]:
        """See ``Source``; nobody is asked before a file is."""
        yield lambda name, held: self._stream(f"{self.base}{name}{self.suffix}", held, timeout_seconds)

    def _stream(self, url: str, held: int, timeout_seconds: float) -> Stream:
        begins: list[int] = []
        with closing(patiently(lambda: _http_body(url, timeout_seconds, held, begins.append), timeout_seconds)) as body:
            if not self.resumes:
                yield from gunzipped(body)
                return
            received = 0
            try:
                for block in body:
                    # a server that knows no ranges begins at 0
                    superfluous = max(0, held - begins[0] - received)
                    received += len(block)
                    yield block[superfluous:]
            except SourceSilentError as error:
                if not received:
                    raise
                # a host that gave something is there: it broke off
                raise FileUnavailableError(str(error)) from error


def _http_body(url: str, timeout_seconds: float, held: int, begins: Callable[[int], None]) -> Stream:
    """First an empty block, when the server has answered, then the body as it was sent; `begins` is told where."""
    headers = {"User-Agent": "deepcrit"} | ({"Range": f"bytes={held}-"} if held else {})
    request = urllib.request.Request(url, headers=headers)
    try:
        # The socket's own timeout, a little longer than our patience, ends a thread nobody waits for.
        response = urllib.request.urlopen(request, timeout=timeout_seconds + 1)
    except urllib.error.HTTPError as error:
        answer = f"answered {error.code} {error.reason}"
        error.close()
        if held and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # nothing comes after what is there
        if error.code in _NOT_HERE:
            raise FileUnavailableError(answer) from error
        raise SourceUnavailableError(answer) from error
    except (OSError, http.client.HTTPException) as error:
        raise SourceSilentError(f"did not answer ({_reason(error)})") from error
    with response:
        begins(held if response.status == http.HTTPStatus.PARTIAL_CONTENT else 0)
        yield b""
        announced = response.headers.get("Content-Length")
        received = 0
        try:
            while block := response.read1(BLOCK):
                received += len(block)
                yield block
        except (OSError, http.client.HTTPException) as error:
            raise FileUnavailableError(f"broke off after {received} bytes ({_reason(error)})") from error
        if announced is not None and announced.isdigit() and received < int(announced):
            raise FileUnavailableError(f"broke off after {received} of {announced} bytes")


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(cause) or type(cause).__name__
