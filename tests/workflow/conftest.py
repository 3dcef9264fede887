"""Workspaces that tests share: one clean, one finished, and a copy of it for each test."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from workspace import TARGETS, Workspace, copy_of_repository, made


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy in which nothing has been run; only for what leaves no trace."""
    return copy_of_repository(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy in which the targets are made, and nothing else; only to be read."""
    return made(TARGETS, tmp_path_factory.mktemp("finished"))


@pytest.fixture
def workspace(finished: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the finished one, with its modification times and Snakemake's records."""
    path = tmp_path / "copy"
    subprocess.run(["cp", "-a", str(finished.path), str(path)], check=True)
    return Workspace(path)


@pytest.fixture
def start() -> Iterator[Callable[[list[str], Workspace], subprocess.Popen[str]]]:
    """Start a command that is ended, with all it started, when the test is over."""
    started: list[subprocess.Popen[str]] = []

    def begin(command: list[str], workspace: Workspace) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=workspace.path,
            env=workspace.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
            # a shell that runs the tests in its background has interrupts ignored, which would be inherited
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        finally:
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
