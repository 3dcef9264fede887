"""Streams of bytes: from an open file, and out of gzip."""

import zlib
from collections.abc import Iterable
from typing import IO

from deepcrit.data.fetch.sources.base import BLOCK, FileUnavailableError, Stream

_GZIP = 16 + zlib.MAX_WBITS


def blocks_of(file: IO[bytes]) -> Stream:
    """The rest of an open file, block by block."""
    while block := file.read(BLOCK):
        yield block


def gunzipped(compressed: Iterable[bytes]) -> Stream:
    """Decompress a gzip stream of one or more members as it arrives.

    Raises FileUnavailableError when it is not gzip, fails gzip's own check, or ends early.
    """
    inflate = zlib.decompressobj(_GZIP)
    try:
        for block in compressed:
            pending = block
            while pending:
                if inflate.eof:
                    inflate = zlib.decompressobj(_GZIP)
                raw = inflate.decompress(pending)
                pending = inflate.unused_data
                if raw:
                    yield raw
    except zlib.error as error:
        raise FileUnavailableError(f"the gzip stream is damaged ({error})") from error
    if not inflate.eof:
        raise FileUnavailableError("the gzip stream ends early")
