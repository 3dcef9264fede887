"""Fetching files whose content is known beforehand by its checksum."""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from deepcrit.data.fetch.arrival import arriving
from deepcrit.data.fetch.interrupts import termination_raises
from deepcrit.data.fetch.sources.base import FileUnavailableError, Opener, Source, SourceUnavailableError
from deepcrit.data.fetch.sources.local import LocalDirectory

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WantedFile:
    """A file as it must be: its name, the checksum of its (uncompressed) content, and its size if known.

    The checksum may be the first digits of one, at least eight, where no more are published.
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


class _WrongContentError(Exception):
    """All of a file arrived and it is another one."""


def fetch(
    wanted: Sequence[WantedFile], sources: Sequence[Source], destination: Path, local_directory: Path | None = None
) -> list[Path]:
    """Have every wanted file in the directory `destination`, each from the first source that gives it intact.

    `local_directory`, when given, takes the place of all sources: it holds the files, as they are or with `.gz`
    appended, and the network is not touched.

    Files already there with the right checksum are kept. A file appears under its name only once its checksum
    has been verified; no failure or interruption (SIGINT, SIGTERM) leaves part of one. A source that does not
    answer is not asked again. Returns the paths in the order of `wanted`.

    Raises FetchError when all sources failed for some file (other files may have arrived by then), ValueError
    without any source, and OSError when `destination` cannot be written.
    """
    if local_directory is not None:
        sources = (LocalDirectory(local_directory),)
    if not sources:
        raise ValueError("there is no source to fetch from")
    destination.mkdir(parents=True, exist_ok=True)
    missing = [file for file in wanted if not file.is_at(destination / file.name)]
    for file in wanted:
        if file not in missing:
            log.info("%s is already in %s", file.name, destination)
    attempts: list[Attempt] = []
    with termination_raises():
        for source in sources:
            if missing:
                failures = _fetch_from(source, missing, destination)
                attempts += failures
                missing = [attempt.file for attempt in failures]
    if missing:
        raise FetchError([attempt for attempt in attempts if attempt.file in missing])
    return [destination / file.name for file in wanted]


def _fetch_from(source: Source, wanted: Sequence[WantedFile], destination: Path) -> list[Attempt]:
    """Take what `source` has to give; return an attempt for each file it did not give."""
    log.info("asking %s for %s", source.label, ", ".join(file.name for file in wanted))
    failures: list[Attempt] = []
    asked = 0
    try:
        with source.opened() as stream_of:
            for file in wanted:
                try:
                    _receive(file, stream_of, destination)
                    log.info("%s: from %s, %s verified", file.name, source.label, file.algorithm)
                except (FileUnavailableError, _WrongContentError) as error:
                    log.warning("%s: %s: %s", file.name, source.label, error)
                    wrong = isinstance(error, _WrongContentError)
                    failures.append(Attempt(file, source.label, str(error), delivered=wrong))
                asked += 1
    except SourceUnavailableError as error:
        log.warning("%s is given up: %s", source.label, error)
        failures += [Attempt(file, source.label, str(error)) for file in wanted[asked:]]
    return failures


def _receive(file: WantedFile, stream_of: Opener, destination: Path) -> None:
    """Write a stream to its place, provided that it is the wanted file."""
    digest = file.hasher()
    size = 0
    with arriving(destination / file.name) as target, closing(stream_of(file.name)) as stream:
        for block in stream:
            size += len(block)
            if file.size is not None and size > file.size:
                raise _WrongContentError(f"is longer than the {file.size} bytes expected")
            digest.update(block)
            target.write(block)
        if not digest.hexdigest().startswith(file.checksum):
            raise _WrongContentError(
                f"found {file.algorithm} {digest.hexdigest()} ({size} bytes), expected {file.checksum}"
            )
