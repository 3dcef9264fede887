"""Fetching: every file from the first source that gives it intact, whole or not at all."""

import hashlib
import logging
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

from deepcrit.core.locks import lock_file
from deepcrit.data.fetch.interrupts import termination_raises
from deepcrit.data.fetch.sources import LocalDirectory, Opener, Source
from deepcrit.data.fetch.streams import BLOCK, FileUnavailableError, SourceSilentError, SourceUnavailableError
from deepcrit.data.fetch.wanted import Attempt, FetchError, WantedFile

logger = logging.getLogger(__name__)


class _WrongContentError(Exception):
    """All of a file arrived and it is another one."""


class Downloader:
    """Downloads of one job, which share what is known of sources.

    Args:
        timeout_seconds: how long a source may take to answer, and to go on. One that gave nothing is not asked again.
        attempts: how often a file is asked for while each attempt brings more of it.

    Raises:
        ValueError: if the timeout is not positive.
    """

    def __init__(self, timeout_seconds: float = 5.0, attempts: int = 5) -> None:
        if not timeout_seconds > 0:
            raise ValueError(f"timeout_seconds is positive, not {timeout_seconds!r}")
        self._timeout = timeout_seconds
        self._attempts = attempts
        self._silent: dict[str, str] = {}

    def fetch(
        self,
        wanted: Sequence[WantedFile],
        sources: Sequence[Source],
        destination: Path,
        local_directory: Path | None = None,
    ) -> list[Path]:
        """Have every wanted file in a directory, each from the first source that gives it intact.

        Files that are there with the right checksum are kept. A file appears under its name only once its checksum has
        been verified. What is not whole is beside it as `<name>.part`; it is gone after a failure or an interruption
        (SIGINT, SIGTERM) unless its source can go on with it. Several jobs may fetch the same file.

        Args:
            wanted: the files.
            sources: in the order in which they are asked.
            destination: the directory.
            local_directory: takes the place of all sources, when given: it holds the files, as they are or with `.gz`
                appended, and the network is not touched.

        Returns:
            Paths in the order of `wanted`.

        Raises:
            FetchError: if all sources failed for some file (others may have arrived by then).
            ValueError: without any source.
            OSError: if the directory cannot be written.
        """
        if local_directory is not None:
            sources = (LocalDirectory(local_directory), LocalDirectory(local_directory, ".gz"))
        if not sources:
            raise ValueError("there is no source to fetch from")
        destination.mkdir(parents=True, exist_ok=True)
        missing = [file for file in wanted if not file.is_at(destination / file.name)]
        attempts: list[Attempt] = []
        with termination_raises():
            for source in sources:
                if missing:
                    failures = self._fetch_from(source, missing, destination)
                    attempts += failures
                    missing = [attempt.file for attempt in failures]
        if missing:
            raise FetchError([attempt for attempt in attempts if attempt.file in missing])
        return [destination / file.name for file in wanted]

    def _fetch_from(self, source: Source, wanted: Sequence[WantedFile], destination: Path) -> list[Attempt]:
        """Take what a source has to give; return an attempt for each file it did not give."""
        logger.info("asking %s for %s", source.label, ", ".join(file.name for file in wanted))
        failures: list[Attempt] = []
        asked = 0
        try:
            if source.label in self._silent:
                raise SourceUnavailableError(f"was given up: {self._silent[source.label]}")
            with source.opened(self._timeout) as stream_of:
                for file in wanted:
                    try:
                        self._receive(file, source, stream_of, destination / file.name)
                        logger.info("%s: from %s, %s verified", file.name, source.label, file.algorithm)
                    except (FileUnavailableError, _WrongContentError) as error:
                        logger.warning("%s: %s: %s", file.name, source.label, error)
                        wrong = isinstance(error, _WrongContentError)
                        failures.append(Attempt(file, source.label, str(error), delivered=wrong))
                    asked += 1
        except SourceUnavailableError as error:
            logger.warning("%s is given up: %s", source.label, error)
            if isinstance(error, SourceSilentError):
                self._silent[source.label] = str(error)
            failures += [Attempt(file, source.label, str(error)) for file in wanted[asked:]]
        return failures

    def _receive(self, file: WantedFile, source: Source, stream_of: Opener, path: Path) -> None:
        """Have one file under its name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("a+b") as target:
                self._receive_into(target, part, file, source, stream_of, path)
        except BaseException:
            _give_up(part, keep=source.resumes)
            raise

    def _receive_into(
        self, target: BinaryIO, part: Path, file: WantedFile, source: Source, stream_of: Opener, path: Path
    ) -> None:
        if not lock_file(target):
            logger.warning("%s: the file system has no locks, so that no other job should fetch this file now", part)
        if os.fstat(target.fileno()).st_nlink == 0:
            # another job had it, and gave it up
            self._receive(file, source, stream_of, path)
        elif file.is_at(path):
            # another job has fetched it, perhaps into what is open here
            if not os.path.samestat(os.fstat(target.fileno()), path.stat()):
                part.unlink(missing_ok=True)
        else:
            self._fill(target, file, source, stream_of)
            os.fsync(target.fileno())
            part.replace(path)

    def _fill(self, target: BinaryIO, file: WantedFile, source: Source, stream_of: Opener) -> None:
        """Append what is missing until the content is that wanted; a wrong one is thrown away, and begun once more."""
        begun_anew = False
        for attempt in range(1, self._attempts + 1):
            held = _size(target) if source.resumes else 0
            target.truncate(held)
            try:
                _append(target, file, stream_of, held)
            except FileUnavailableError as error:
                if not source.resumes or _size(target) <= held or attempt == self._attempts:
                    raise
                logger.warning("%s: %s: %s", file.name, source.label, error)
                continue
            found = _digest(target, file)
            if found.startswith(file.checksum):
                return
            size = _size(target)
            target.truncate(0)
            if not held or begun_anew:
                raise _WrongContentError(f"found {file.algorithm} {found} ({size} bytes), expected {file.checksum}")
            begun_anew = True
        raise FileUnavailableError(f"was not whole after {self._attempts} attempts")


def _append(target: BinaryIO, file: WantedFile, stream_of: Opener, held: int) -> None:
    size = held
    with closing(stream_of(file.name, held)) as stream:
        try:
            for block in stream:
                size += len(block)
                if not held and file.size is not None and size > file.size:
                    raise _WrongContentError(f"is longer than the {file.size} bytes expected")
                target.write(block)
        finally:
            target.flush()


def _give_up(part: Path, keep: bool) -> None:
    """Remove what has arrived, unless it is to be kept and there is some, or another job has it in hand."""
    with suppress(OSError), part.open("r+b") as left:
        lock_file(left, wait=False)
        if not (keep and _size(left)):
            part.unlink()


def _size(target: BinaryIO) -> int:
    return target.seek(0, os.SEEK_END)


def _digest(target: BinaryIO, file: WantedFile) -> str:
    target.seek(0)
    hasher: hashlib._Hash = file.hasher()
    while block := target.read(BLOCK):
        hasher.update(block)
    return hasher.hexdigest()
