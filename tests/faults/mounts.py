"""Results on a file system of their own, which can be full or read-only. For root alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from scenes import Stage

ROOMY = "1g"


@cache
def can_mount() -> bool:
    """May this process mount file systems?"""
    if os.geteuid() != 0:
        return False
    with TemporaryDirectory() as directory:
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", directory], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", directory], check=True)
        return done.returncode == 0


@contextmanager
def results_apart(stage: Stage, room: int | None = None) -> Iterator[Path]:
    """Put the results of a workspace on a file system of their own, with this many bytes left beside them."""
    results = stage.file("results")
    aside = results.rename(stage.file("results.kept"))
    results.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOMY}", "tmpfs", str(results)], check=True)
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", str(results)], check=True)
        if room is not None:
            state = os.statvfs(results)
            used = (state.f_blocks - state.f_bfree) * state.f_frsize
            assert remount(results, f"size={used + room}")
        yield results
    finally:
        stage.end()
        unmount(results)


def remount(results: Path, options: str) -> bool:
    """Change a mounted file system; one that is being written to does not become read-only."""
    done = subprocess.run(["mount", "-o", f"remount,{options}", str(results)], capture_output=True, check=False)
    return done.returncode == 0


def unmount(directory: Path) -> None:
    """Take a file system away, whoever still looks at it."""
    subprocess.run(["umount", "-l", str(directory)], check=True)


def unmount_all(base: Path) -> None:
    """Take away every file system below a directory."""
    for line in reversed(Path("/proc/mounts").read_text(encoding="utf-8").splitlines()):
        mounted = Path(line.split()[1])
        if mounted.is_relative_to(base):
            unmount(mounted)
