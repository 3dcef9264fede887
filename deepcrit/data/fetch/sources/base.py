"""What every source of data files has in common."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

BLOCK = 1 << 16
"""Bytes moved at a time."""

Stream: TypeAlias = Generator[bytes, None, None]
"""The content of one file, uncompressed, block by block; closing it releases what stands behind it."""

Opener: TypeAlias = Callable[[str], Stream]
"""From the name of a file to its content."""


class SourceUnavailableError(Exception):
    """The source as a whole did not answer: there is no point in asking it for another file."""


class FileUnavailableError(Exception):
    """The source answered but cannot give this file, or broke off while giving it; it may give another."""


class Source(Protocol):
    """Somewhere files may be had from.

    A source does not judge what it delivers: checksums are `fetch`'s business.
    """

    @property
    def label(self) -> str:
        """How messages name this source."""

    def opened(self) -> AbstractContextManager[Opener]:
        """Make the source ready; leaving the context discards whatever that took.

        Entering may raise SourceUnavailableError; reading a stream may raise that or FileUnavailableError.
        """
