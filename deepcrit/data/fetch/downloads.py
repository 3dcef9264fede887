"""Large files of public URLs: a half-finished one is gone on with, and a silent host is asked once."""

import fcntl
import hashlib
import logging
import os
import urllib.error
import urllib.parse
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from deepcrit.data.fetch.fetch import Attempt, FetchError, WantedFile
from deepcrit.data.fetch.sources.base import BLOCK, FileUnavailableError, SourceUnavailableError
from deepcrit.data.fetch.sources.patience import patiently
from deepcrit.data.fetch.sources.public import http_body

log = logging.getLogger(__name__)

_RANGE_REFUSED = 416


class Downloads:
    """Downloads of one job, which share what is known of hosts.

    Args:
        timeout_seconds: how long a host may take to answer, and to go on. One that gave nothing is not asked again.
        attempts: how often a file is asked for while each attempt brings more of it.
    """

    def __init__(self, timeout_seconds: float, attempts: int = 5) -> None:
        self._timeout = timeout_seconds
        self._attempts = attempts
        self._silent: dict[str, str] = {}

    def fetch(self, file: WantedFile, url: str, directory: Path) -> Path:
        """Have the file in a directory, and return its path.

        What has arrived is kept beside it as ``<name>.part``, also when the job is killed, and asked for no more. The
        file appears under its name only once its checksum has been verified.

        Raises:
            FetchError: naming the URL and why it did not give the file.
        """
        path = directory / file.name
        if file.is_at(path):
            return path
        directory.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        with part.open("a+b") as target:
            # another job may be downloading the same file; when it is done this handle is that of the whole file
            fcntl.flock(target, fcntl.LOCK_EX)
            if os.fstat(target.fileno()).st_nlink == 0:
                return self.fetch(file, url, directory)
            if file.is_at(path):
                return path
            try:
                self._complete(file, url, target)
            except (FileUnavailableError, SourceUnavailableError) as error:
                if not target.seek(0, os.SEEK_END):
                    part.unlink()
                raise FetchError([Attempt(file, url, str(error))]) from error
            os.fsync(target.fileno())
            part.replace(path)
        log.info("%s: from %s, %s verified", file.name, url, file.algorithm)
        return path

    def _complete(self, file: WantedFile, url: str, target: BinaryIO) -> None:
        """Append what is missing until the content is that wanted; a wrong one is thrown away, and begun once more."""
        host = urllib.parse.urlsplit(url).netloc
        begun_anew = False
        for attempt in range(self._attempts):
            if host in self._silent:
                raise SourceUnavailableError(f"{host} was given up: {self._silent[host]}")
            held = target.seek(0, os.SEEK_END)
            try:
                resumed = self._append(url, target, held)
            except FileUnavailableError as error:
                log.warning("%s: %s", url, error)
                if target.seek(0, os.SEEK_END) <= held or attempt + 1 == self._attempts:
                    raise
                continue
            except SourceUnavailableError as error:
                if not isinstance(error.__cause__, urllib.error.HTTPError):
                    self._silent[host] = str(error)
                raise
            found = _digest(target, file)
            if found.startswith(file.checksum):
                return
            size = target.seek(0, os.SEEK_END)
            target.truncate(0)
            if not resumed or begun_anew:
                raise FileUnavailableError(f"found {file.algorithm} {found} ({size} bytes), expected {file.checksum}")
            begun_anew = True
        raise FileUnavailableError(f"was not whole after {self._attempts} attempts")

    def _append(self, url: str, target: BinaryIO, held: int) -> bool:
        """Append the rest of the file; whether some of it was there before."""
        begins: list[int] = []
        number = -1
        try:
            with closing(
                patiently(lambda: http_body(url, self._timeout, held, begins.append), self._timeout)
            ) as blocks:
                for number, block in enumerate(blocks):
                    if number == 0 and begins[0] == 0:
                        target.truncate(0)
                    target.write(block)
        except SourceUnavailableError as error:
            # nothing comes after what is there
            if isinstance(error.__cause__, urllib.error.HTTPError) and error.__cause__.code == _RANGE_REFUSED:
                return True
            # a host that gave something is there: it broke off
            if number >= 0:
                raise FileUnavailableError(str(error)) from error
            raise
        finally:
            target.flush()
        return begins[0] > 0


def _digest(target: BinaryIO, file: WantedFile) -> str:
    target.seek(0)
    hasher: hashlib._Hash = file.hasher()
    while block := target.read(BLOCK):
        hasher.update(block)
    return hasher.hexdigest()
