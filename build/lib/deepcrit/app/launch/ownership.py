"""Who holds the working directory, and what runs that were killed left behind in it.

Snakemake's own lock names no process, so it outlives one that was killed. While ``deepcrit run`` works it therefore
holds a file lock that the kernel releases with the process; a plain ``snakemake`` in the same directory is found among
the running processes, and jobs that outlive theirs in the queue of SLURM. Only when none of them is alive are orphaned
jobs and half-written files cleared away, and is Snakemake's lock removed.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import psutil

from deepcrit.core.locks import lock_file

SLURM_LOGS = Path(".snakemake/slurm_logs")  # where Snakemake's executor for SLURM says it keeps its logs
RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")  # how jobs of a run of Snakemake are called
QUEUE_ANSWERS = 60.0  # seconds that squeue is given
GRACE = 3.0  # seconds an orphaned job is given to end by itself
# calls of Snakemake that only look, and hold nothing
QUERIES = {
    "--dag", "--detailed-summary", "--dry-run", "--dryrun", "--filegraph", "--help", "--lint", "--list",
    "--list-rules", "--report", "--rulegraph", "--summary", "--unlock", "--version", "-D", "-S", "-h", "-l", "-v",
}  # fmt: skip
# a table or figure written aside, .name.xxxxxxxx, or a download, .name.xxxx.part
LEFTOVER = re.compile(r"\.[^/]+\.([a-z0-9_]{8}(\.[a-z]+)?|part)")


class HeldError(RuntimeError):
    """Another run is at work in this directory."""


@contextmanager
def held(root: Path) -> Iterator[list[str]]:
    """Hold the directory while the block runs, after clearing away what dead runs left.

    Yields:
        one sentence for each thing that was cleared away.

    Raises:
        HeldError: if a live run holds the directory, with its process id, or jobs of a dead one are still in a queue.
    """
    path = root / ".snakemake" / "deepcrit.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        try:
            # on a file system without locks live processes are still looked for
            lock_file(stream, wait=False)
        except BlockingIOError:
            stream.seek(0)
            raise HeldError(_refusal(*_recorded(stream.read()))) from None
        elsewhere = _other_host(stream)
        if elsewhere:
            raise HeldError(
                f"this directory was last held by a run on {elsewhere} that did not say goodbye, and whether it lives "
                f"cannot be seen from {socket.gethostname()}. Start again there or, if it is gone, delete {path}."
            )
        owners = live_owners(root)
        if owners:
            raise HeldError(_refusal(owners[0].pid, owners[0].create_time()))
        queued = queued_jobs(root)
        if queued:
            raise HeldError(
                f"jobs of an earlier run are still in the queue of SLURM: {', '.join(queued)}. "
                "Wait for them to end, or scancel them, and start again."
            )
        stream.truncate(0)
        stream.write(json.dumps({"pid": os.getpid(), "started": time.time(), "host": socket.gethostname()}))
        stream.flush()
        try:
            yield [*end_orphans(root), *remove_leftovers(root)]
        finally:
            stream.truncate(0)


def live_owners(root: Path) -> list[psutil.Process]:
    """Running Snakemake processes that work in a directory; neither this process, its parents nor mere queries."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [
        process
        for process, command in _processes()
        if process.pid not in own and _is_snakemake(command) and not is_query(command) and _works_in(process, root)
    ]


def queued_jobs(root: Path) -> list[str]:
    """Jobs of SLURM that make results of this directory and whose Snakemake is gone, by their numbers.

    Snakemake gives them this directory, and the identifier of its run for a name.

    Raises:
        HeldError: if there may be some and SLURM does not answer.
    """
    asked = ["squeue", "--noheader", "--me", "--format=%A %j %Z"]
    try:
        done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True, timeout=QUEUE_ANSWERS)
    except FileNotFoundError:
        return []  # no cluster
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        if not (root / SLURM_LOGS).is_dir():
            return []  # nothing was ever sent to it from here
        said = str(error.stderr or error).strip()
        raise HeldError(f"squeue cannot say whether jobs of an earlier run still run: {said}") from None
    found = re.findall(r"^(\d+) (\S+) (.+)$", done.stdout, re.MULTILINE)
    return [number for number, name, where in found if RUN.search(name) and Path(where).resolve() == root.resolve()]


def end_orphans(root: Path) -> list[str]:
    """End jobs of this directory whose Snakemake is gone. To be called only when no owner is alive."""
    scripts = f"{root.resolve()}{os.sep}.snakemake{os.sep}scripts{os.sep}"
    orphans: dict[int, psutil.Process] = {}
    for process, command in _processes():
        if any(scripts in part for part in command) and _works_in(process, root) and not _supervised(process):
            orphans[process.pid] = process
            for child in _children(process):
                orphans[child.pid] = child
    for process in orphans.values():
        _signal(process, "terminate")
        # a stopped process takes no signal before it is resumed
        _signal(process, "resume")
    _, stubborn = psutil.wait_procs(list(orphans.values()), timeout=GRACE)
    for process in stubborn:
        _signal(process, "kill")
    psutil.wait_procs(stubborn, timeout=GRACE)
    if not orphans:
        return []
    return [f"ended the jobs of a run that was killed (process {', '.join(str(pid) for pid in sorted(orphans))})"]


def remove_leftovers(root: Path) -> list[str]:
    """Remove hidden files of interrupted writes below results/. To be called only when no owner is alive."""
    removed = 0
    for directory, _, names in os.walk(root / "results"):
        for name in names:
            if LEFTOVER.fullmatch(name):
                Path(directory, name).unlink(missing_ok=True)
                removed += 1
    files = "file" if removed == 1 else "files"
    return [f"removed {removed} half-written {files}"] if removed else []


def _recorded(text: str) -> tuple[int | None, float | None]:
    """Process id and start that an owner wrote into the lock."""
    try:
        record = json.loads(text)
        return int(record["pid"]), float(record["started"])
    except (ValueError, KeyError, TypeError):
        # it has taken the lock and not yet written
        return None, None


def _other_host(stream: TextIO) -> str:
    """Host of the last run, if it was another one and did not end well; a shared directory knows many hosts."""
    stream.seek(0)
    try:
        host = str(json.loads(stream.read())["host"])
    except (ValueError, KeyError, TypeError):
        return ""
    return "" if host == socket.gethostname() else host


def _refusal(pid: int | None, started: float | None) -> str:
    since = "" if started is None else f", at work since {time.strftime('%d %B %H:%M:%S', time.localtime(started))}"
    who = "another run" if pid is None else f"another run, process {pid}"
    return f"this directory is held by {who}{since}. Wait for it to end, or end it and start again."


def _processes() -> Iterator[tuple[psutil.Process, Sequence[str]]]:
    for process in psutil.process_iter():
        try:
            yield process, process.cmdline()
        except psutil.Error:
            continue


def _is_snakemake(command: Sequence[str]) -> bool:
    """Is this a command line of Snakemake, or of ``deepcrit run``?"""
    names = [os.path.basename(part) for part in command[:4]]  # noqa: PTH119
    if "snakemake" in names[:3]:
        return True
    # an interpreter may stand before the module or the script
    return any(names[at : at + 2] in (["-m", "snakemake"], ["deepcrit", "run"]) for at in range(3))


def is_query(arguments: Sequence[str]) -> bool:
    """Do these arguments make Snakemake only look?"""
    return any(part in QUERIES or re.fullmatch("-[FRkpqr]*n[FRkpqr]*", part) for part in arguments)


def _works_in(process: psutil.Process, root: Path) -> bool:
    """Is this the process's directory, by where it stands or by --directory?"""
    try:
        directory = Path(process.cwd())
        command = process.cmdline()
    except psutil.Error:
        return False
    for option in ("--directory", "-d"):
        if option in command[:-1]:
            directory /= command[command.index(option) + 1]
    return directory.resolve() == root.resolve()


def _supervised(process: psutil.Process) -> bool:
    """Does a Snakemake still stand above this process?"""
    try:
        return any(_is_snakemake(parent.cmdline()) for parent in process.parents())
    except psutil.Error:
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _signal(process: psutil.Process, how: str) -> None:
    try:
        getattr(process, how)()
    except psutil.Error:
        # it ended by itself
        return
