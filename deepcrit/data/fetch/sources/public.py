"""Files behind a public URL."""

import http
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from deepcrit.data.fetch.sources.base import (
    BLOCK,
    FileUnavailableError,
    Opener,
    SourceUnavailableError,
    Stream,
)
from deepcrit.data.fetch.sources.blocks import gunzipped
from deepcrit.data.fetch.sources.patience import patiently

_NOT_HERE = (404, 410)


@dataclass(frozen=True)
class PublicUrl:
    """A web directory: the file `name` is at base + name + suffix, compressed if the suffix is `.gz`.

    Statuses 404 and 410 say that one file is missing; any other failure to answer with the file within
    `timeout_seconds` condemns the whole source. See `patiently` for what counts as too slow afterwards.
    """

    base: str
    suffix: str = ".gz"
    timeout_seconds: float = 5.0

    def __post_init__(self) -> None:
        if not self.base.startswith(("http://", "https://")) or not self.base.endswith("/"):
            raise ValueError(f"a base URL is http(s)://.../ with a slash at its end, not {self.base!r}")
        if not self.timeout_seconds > 0:
            raise ValueError(f"timeout_seconds is positive, not {self.timeout_seconds!r}")

    @property
    def label(self) -> str:
        return self.base

    @contextmanager
    def opened(self) -> Iterator[Opener]:
        yield self._stream

    def _stream(self, name: str) -> Stream:
        with closing(
            patiently(lambda: http_body(f"{self.base}{name}{self.suffix}", self.timeout_seconds), self.timeout_seconds)
        ) as body:
            if self.suffix == ".gz":
                with closing(gunzipped(body)) as raw:
                    yield from raw
            else:
                yield from body


def http_body(
    url: str, timeout_seconds: float, offset: int = 0, begins_at: Callable[[int], None] = lambda _: None
) -> Stream:
    """First an empty block, when the server has answered, then the body as it was sent.

    Args:
        url: what to ask for.
        timeout_seconds: how long the server may take to answer.
        offset: bytes that are there already; a server that cannot begin there begins at 0.
        begins_at: told where the body begins, before its first block.

    Raises:
        FileUnavailableError: if the server has no such file, or breaks off.
        SourceUnavailableError: if it does not answer, or answers with anything else.
    """
    headers = {"User-Agent": "deepcrit"} | ({"Range": f"bytes={offset}-"} if offset else {})
    request = urllib.request.Request(url, headers=headers)
    try:
        # The socket's own timeout, a little longer than our patience, ends a thread nobody waits for.
        response = urllib.request.urlopen(request, timeout=timeout_seconds + 1)
    except urllib.error.HTTPError as error:
        answer = f"answered {error.code} {error.reason}"
        error.close()
        if error.code in _NOT_HERE:
            raise FileUnavailableError(answer) from error
        raise SourceUnavailableError(answer) from error
    except (OSError, http.client.HTTPException) as error:
        raise SourceUnavailableError(f"did not answer ({_reason(error)})") from error
    with response:
        resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
        begins_at(offset if resumed else 0)
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
