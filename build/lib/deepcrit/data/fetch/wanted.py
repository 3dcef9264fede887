"""Files whose content is known beforehand by its checksum, and the error that says why one could not be had."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class WantedFile:
    """A file as it must be: its name, the checksum of its (uncompressed) content, and its size if known.

    The name may have folders in it. The checksum may be the first digits of one, at least eight, where no more are
    published.
    """

    name: str
    algorithm: str
    checksum: str
    size: int | None = None

    def __post_init__(self) -> None:
        if len(self.checksum) < 8:
            raise ValueError(f"{self.name}: found checksum {self.checksum!r}, expected at least eight digits")

    def is_at(self, path: Path) -> bool:
        """Whether the file at `path` exists and has this content."""
        if not path.is_file() or (self.size is not None and path.stat().st_size != self.size):
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, self.hasher).hexdigest().startswith(self.checksum)

    def hasher(self) -> "hashlib._Hash":
        """A fresh hash of this file's algorithm, which here detects damage and secures nothing."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def __str__(self) -> str:
        size = "" if self.size is None else f", {self.size} bytes"
        return f"{self.name} ({self.algorithm} {self.checksum}{size})"


@dataclass(frozen=True)
class Attempt:
    """One file that one source did not give.

    `delivered` tells a wrong file from no file: the source gave all it had and that was not what was wanted.
    """

    file: WantedFile
    source: str
    reason: str
    delivered: bool = False


class FetchError(Exception):
    """No source gave some of the wanted files; the message says which, from where, and why not."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self.attempts = tuple(attempts)
        lines = []
        for file in dict.fromkeys(attempt.file for attempt in attempts):
            lines.append(f"{file} could not be had. Tried:")
            lines += [f"  {a.source}: {a.reason}" for a in attempts if a.file == file]
        super().__init__("\n".join(lines))
