"""Snakemake in this process, its messages handed on as events instead of text.

Snakemake offers events (a job starts, finishes, fails) to logger plugins. The one defined here passes every record to
whoever listens; everything that is printed without it, such as the tracebacks of failing jobs, goes to a file.
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from logging import ERROR, LogRecord
from pathlib import Path
from typing import Any

import snakemake.cli
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

PLUGIN = "deepcrit"
# one thread a job: results do not depend on how many cores there are, and cores are shared by Snakemake alone
SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

Listener = Callable[[LogRecord], None]
_listener: Listener | None = None


@dataclass(frozen=True)
class Job:
    """A job as Snakemake announces it.

    Attributes:
        rule: name of its rule.
        wildcards: values of its wildcards.
        benchmark: path of its benchmark, if it has one.
        outputs: paths of what it makes.
        inputs: paths of what it is made from.
    """

    rule: str
    wildcards: Mapping[str, str]
    benchmark: str | None = None
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: LogRecord) -> Job:
        """The job that a record of the event JOB_INFO announces."""
        fields: dict[str, Any] = record.__dict__
        outputs, inputs = (tuple(map(str, fields.get(key) or ())) for key in ("output", "input"))
        return cls(fields["rule_name"], dict(fields["wildcards"] or {}), fields.get("benchmark"), outputs, inputs)

    @property
    def title(self) -> str:
        """Rule and wildcards, as they are printed."""
        names = {"width": "N", "shard": "shard "}
        values = [names.get(key, "") + str(value) for key, value in self.wildcards.items()]
        return " ".join([self.rule, *(value for value in values if value != "gaussian_avalanches")])


class LogHandler(LogHandlerBase):
    """Passes every record to the listener of the present call."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def emit(self, record: LogRecord) -> None:
        """Hand the record on."""
        if _listener is not None:
            _listener(record)


def event_of(record: LogRecord) -> str:
    """Name of a record's event, in lower case; empty for mere text."""
    return str(getattr(record, "event", None) or "")


def planned_jobs(arguments: Sequence[str], aside: Path) -> tuple[int, list[Job], list[str]]:
    """Exit status of a dry run, the jobs that a run would do, in order, and what Snakemake complained about."""
    jobs: list[Job] = []
    messages: list[str] = []

    def listen(record: LogRecord) -> None:
        if event_of(record) == "job_info":
            jobs.append(Job.of(record))
        elif record.levelno >= ERROR:
            messages.append(record.getMessage())

    return call([*arguments, "--dry-run"], aside, listen), jobs, messages


def call(arguments: Sequence[str], aside: Path, listener: Listener) -> int:
    """Run Snakemake and return its exit status.

    Args:
        arguments: of its command line.
        aside: file that takes whatever it and its jobs print.
        listener: called with every log record, from Snakemake's logging thread.
    """
    global _listener
    module = types.ModuleType(f"snakemake_logger_plugin_{PLUGIN}")
    module.LogHandler = LogHandler  # type: ignore[attr-defined]
    LoggerPluginRegistry().register_plugin(module.__name__, module)
    _listener = listener
    try:
        with _printed_aside(aside):
            snakemake.cli.main([*arguments, "--logger", PLUGIN])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        _listener = None
    return 0


def prepare_environment() -> None:
    """Environment of the jobs: one thread each, the tools beside this interpreter first, caches that can be written."""
    for name in SINGLE_THREAD:
        os.environ[name] = "1"
    os.environ.setdefault("PYTHONHASHSEED", "0")
    tools = str(Path(sys.executable).parent)
    if tools not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    os.environ["XDG_CACHE_HOME"] = str(cache_home())


def cache_home() -> Path:
    """Where caches are kept: in the home or, without one that can be written, which Snakemake would not bear, here."""
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
        home.mkdir(parents=True, exist_ok=True)
        if os.access(home, os.W_OK):
            return home
    except (OSError, RuntimeError):
        pass  # what follows is for this
    return Path.cwd() / ".snakemake" / "cache"


@contextmanager
def _printed_aside(path: Path) -> Iterator[None]:
    """Send the standard streams of this process and its children to the end of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    with path.open("ab") as stream:
        try:
            for descriptor in (1, 2):
                os.dup2(stream.fileno(), descriptor)
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, original in zip((1, 2), kept, strict=True):
                os.dup2(original, descriptor)
                os.close(original)
