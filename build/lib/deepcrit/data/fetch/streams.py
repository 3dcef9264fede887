"""Streams of bytes: from an open file, and out of gzip; and what it means when one does not come."""

import zlib
from collections.abc import Generator, Iterable
from typing import IO, TypeAlias

BLOCK = 1 << 16
"""Bytes moved at a time."""

Stream: TypeAlias = Generator[bytes, None, None]
"""The content of one file, block by block; closing it releases what stands behind it."""

_GZIP = 16 + zlib.MAX_WBITS


class FileUnavailableError(Exception):
    """The source answered but cannot give this file, or broke off while giving it; it may give another."""


class SourceUnavailableError(Exception):
    """The source as a whole did not answer as it should: there is no point in asking it for another file now."""


class SourceSilentError(SourceUnavailableError):
    """The source did not answer at all, and need not be asked again."""


def blocks_of(file: IO[bytes]) -> Stream:
    """The rest of an open file, block by block."""
    while block := file.read(BLOCK):
        yield block


def gunzipped(compressed: Iterable[bytes]) -> Stream:
    """Decompress a gzip stream of one or more members as it arrives; zeros after a member are padding.

    Raises:
        FileUnavailableError: if it is not gzip, fails gzip's own check, or ends early.
    """
    inflate = zlib.decompressobj(_GZIP)
    try:
        for block in compressed:
            pending = block
            while pending:
                if inflate.eof:
                    pending = pending.lstrip(b"\0")
                    if not pending:
                        break
                    inflate = zlib.decompressobj(_GZIP)
                raw = inflate.decompress(pending)
                pending = inflate.unused_data
                if raw:
                    yield raw
    except zlib.error as error:
        raise FileUnavailableError(f"the gzip stream is damaged ({error})") from error
    if not inflate.eof:
        raise FileUnavailableError("the gzip stream ends early")
