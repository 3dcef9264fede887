"""Running the client of a package registry under a time limit."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from deepcrit.data.fetch.streams import SourceUnavailableError


def run_client(command: Sequence[str], directory: Path, timeout_seconds: float) -> str:
    """Run `command` in `directory` and return what it printed.

    The command has a process group of its own, all of which is killed unless the command ends by itself.

    Raises:
        SourceUnavailableError: if it is not installed, cannot be started, fails, or takes too long.
    """
    client = Path(command[0]).name
    if shutil.which(command[0]) is None:
        raise SourceUnavailableError(f"the client {client} is not installed")
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


def _gist(complaints: str) -> str:
    """The first lines of an error message on one line."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    return " | ".join(lines[:3])[:300] or "no message"
